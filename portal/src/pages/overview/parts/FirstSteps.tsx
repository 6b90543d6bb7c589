import { makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { Overview } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { Card } from '@ui/Card';
import { tokens } from '@ui/theme';
import { rulesQuery } from '../queries';

const useStyles = makeStyles({
  body: { padding: '6px 16px 18px', display: 'flex', flexDirection: 'column', gap: '14px' },
  step: { display: 'grid', gridTemplateColumns: 'minmax(180px, 1fr) 2fr', gap: '12px', alignItems: 'baseline' },
  code: {
    fontFamily: tokens.fontMono,
    fontSize: tokens.fontSizeBase200,
    padding: '6px 10px',
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowWrap: 'anywhere',
  },
});

const STEPS = [
  ['first.attack', 'vedette simulate'],
  ['first.import', 'vedette import FILE…'],
  ['first.connect', 'POST /dataCollectionRules/{id}/streams/{stream}'],
] as const;

/** Nothing has ever come in: what to do about it. */
export function FirstSteps({ data }: { data: Overview }) {
  const styles = useStyles();
  const rules = useQuery(rulesQuery(useWorkspace())).data;
  const sources = data.sources.filter((source) => source.lastSeen !== null).length;
  return (
    <Card title={t('first.title')}>
      <div className={styles.body}>
        <p>{t('first.state', { rules: rules?.filter((rule) => rule.enabled).length ?? 0, sources })}</p>
        {STEPS.map(([key, command]) => (
          <div key={key} className={styles.step}>
            <span>{t(key)}</span>
            <code className={styles.code}>{command}</code>
          </div>
        ))}
      </div>
    </Card>
  );
}
