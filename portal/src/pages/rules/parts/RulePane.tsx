import { Button, makeStyles } from '@fluentui/react-components';
import { DocumentSearchRegular } from '@fluentui/react-icons';
import { useNavigate } from '@tanstack/react-router';
import type { AnalyticRule, RuleTemplate } from '@api/rules';
import { t } from '@i18n/t';
import { PaneTop } from '@ui/PaneTop';
import { Section } from '@ui/Section';
import { Severity } from '@ui/Severity';
import { SidePane } from '@ui/SidePane';
import { TextLink } from '@ui/TextLink';
import { tacticWord } from '@ui/tactics';
import { tokens } from '@ui/theme';
import { percent } from '@ui/time';
import { spanWord } from './words';

const useStyles = makeStyles({
  note: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere', marginTop: '4px' },
  text: { marginTop: '8px', overflowWrap: 'anywhere' },
  kql: { margin: 0, padding: '10px 12px', maxHeight: '380px', overflow: 'auto', fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200, whiteSpace: 'pre-wrap', border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground2 },
  space: { flexGrow: 1 },
});

interface RulePaneProps {
  one: AnalyticRule | RuleTemplate;
  precision?: number | null;
  onStep: (by: number) => void;
  /** Of a rule: change it. Of a template: make a rule of it. */
  onEdit: () => void;
  onToggle?: () => void;
  onDelete?: () => void;
  onDismiss: () => void;
}

/** One rule or template: what it looks for, how often, how often it was right, and its KQL. */
export function RulePane({ one, precision, onStep, onEdit, onToggle, onDelete, onDismiss }: RulePaneProps) {
  const styles = useStyles();
  const navigate = useNavigate();
  const p = one.properties;
  const isRule = onToggle !== undefined;
  const footer = (
    <>
      <Button appearance="primary" onClick={onEdit}>
        {isRule ? t('rules.edit') : t('rules.fromTemplate')}
      </Button>
      {onToggle && <Button onClick={onToggle}>{p.enabled === true ? t('rules.disable') : t('rules.enable')}</Button>}
      <span className={styles.space} />
      {onDelete && <Button onClick={onDelete}>{t('watchlist.delete')}</Button>}
    </>
  );
  return (
    <SidePane label={isRule ? t('column.rule') : t('rules.template')} footer={footer}>
      <PaneTop kind={isRule ? t('column.rule') : t('rules.template')} title={p.displayName} onStep={onStep} onDismiss={onDismiss} />
      <Severity value={p.severity} />
      <p className={styles.text}>{p.description}</p>
      <p className={styles.note}>{[...(p.tactics ?? []).map(tacticWord), ...(p.techniques ?? [])].join(' · ')}</p>
      <p className={styles.note}>{one.kind === 'NRT' ? t('rules.nrt') : t('rules.schedule', { every: spanWord(p.queryFrequency), over: spanWord(p.queryPeriod) })}</p>
      {isRule && <p className={styles.note}>{precision == null ? t('rules.noPrecision') : t('rules.precision', { share: percent(precision) })}</p>}
      {isRule && (
        <p className={styles.note}>
          <TextLink to="/alerts" search={{ view: 'all', rule: one.name }}>
            {t('rules.alerts')}
          </TextLink>
        </p>
      )}
      <Section
        title="KQL"
        aside={
          <Button size="small" appearance="subtle" icon={<DocumentSearchRegular />} onClick={() => void navigate({ to: '/logs', search: { text: p.query, run: '1', t: '7d' } })}>
            {t('rows.openLogs')}
          </Button>
        }
      >
        <pre className={styles.kql} tabIndex={0} aria-label="KQL">{p.query}</pre>
      </Section>
    </SidePane>
  );
}
