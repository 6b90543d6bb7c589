import { Button, Menu, MenuItemRadio, MenuList, MenuPopover, MenuTrigger, makeStyles } from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ALERT_STATUSES, type Finding } from '@api/alerts';
import { graphQuery } from '@api/investigate';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { AlertStatus, alertStatusWord } from '@ui/AlertStatus';
import { EntityChip } from '@ui/Entity';
import { RawRows } from '@ui/incident/RawRows';
import { PaneTop } from '@ui/PaneTop';
import { Section } from '@ui/Section';
import { Severity } from '@ui/Severity';
import { SidePane } from '@ui/SidePane';
import { TextLink } from '@ui/TextLink';
import { When } from '@ui/Time';
import { tacticWord } from '@ui/tactics';
import { tokens } from '@ui/theme';
import type { FindingActions } from '../useFindingActions';
import { ruleName } from '../groups';

const useStyles = makeStyles({
  bar: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '10px', paddingBottom: '14px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  status: { minWidth: 0, height: '28px', padding: '0 8px', gap: tokens.spacingHorizontalSNudge, fontWeight: tokens.fontWeightRegular },
  note: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  text: { overflowWrap: 'anywhere', marginTop: '6px' },
  chips: { display: 'flex', flexWrap: 'wrap', gap: '6px' },
  steps: { margin: '0 0 0 18px', listStyleType: 'disc' },
  kql: {
    margin: 0,
    padding: '10px 12px',
    maxHeight: '220px',
    overflow: 'auto',
    fontFamily: tokens.fontMono,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: 'pre-wrap',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  space: { flexGrow: 1 },
});

function StatusField({ one, actions }: { one: Finding; actions: FindingActions }) {
  const styles = useStyles();
  const { status } = one.properties;
  return (
    <Menu checkedValues={{ status: [status] }}>
      <MenuTrigger disableButtonEnhancement>
        <Button id="field-status" size="small" className={styles.status} aria-label={t('field.status', { value: alertStatusWord(status) })}>
          <AlertStatus value={status} />
          <ChevronDownRegular fontSize={12} aria-hidden="true" />
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {ALERT_STATUSES.map((value) => (
            <MenuItemRadio key={value} name="status" value={value} onClick={() => value !== status && void actions.setStatus(one, value)}>
              <AlertStatus value={value} />
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** What it names: with the incident's graph each leads to its page. */
function Entities({ one }: { one: Finding }) {
  const styles = useStyles();
  const incident = one.properties.correlationKey ?? '';
  const graph = useQuery({ ...graphQuery(useWorkspace(), incident), enabled: incident !== '' }).data;
  const named = new Set(graph?.edges.filter((edge) => edge.alert === one.name).map((edge) => edge.entity));
  const known = graph?.entities.filter((entity) => named.has(entity.name ?? '')) ?? [];
  if (known.length > 0) {
    return (
      <div className={styles.chips}>
        {known.map((entity) => (
          <TextLink key={entity.name} to="/entities/$id" params={{ id: entity.name ?? '' }}>
            <EntityChip entity={entity} />
          </TextLink>
        ))}
      </div>
    );
  }
  const own = one.properties.entities ?? [];
  return (
    <div className={styles.chips}>
      {own.map(({ type, $id: _, ...properties }, index) => (
        <EntityChip key={index} entity={{ kind: type.charAt(0).toUpperCase() + type.slice(1), properties }} />
      ))}
      {own.length === 0 && t('pane.noEntities')}
    </div>
  );
}

/** The rows that fired it, in place; outside an incident the query that finds them again. */
function Evidence({ one }: { one: Finding }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const p = one.properties;
  const query = p.extendedProperties?.['Query'];
  const open = () => void navigate({ to: '/logs', search: { text: query ?? '', run: '1', t: 'all' } });
  return (
    <>
      <Section title={t('rows.label')}>
        {p.correlationKey ? <RawRows incident={p.correlationKey} alert={one.name} /> : <p className={styles.note}>{t('alertList.rowsLoose')}</p>}
      </Section>
      {query && (
        <Section title={t('alertList.query')} aside={<Button size="small" appearance="subtle" onClick={open}>{t('rows.openLogs')}</Button>}>
          <pre className={styles.kql} tabIndex={0} aria-label={t('alertList.query')}>{query}</pre>
        </Section>
      )}
    </>
  );
}

export interface PaneProps {
  one: Finding;
  actions: FindingActions;
  onStep: (by: number) => void;
  onAdd: () => void;
  onSuppress: () => void;
  onDismiss: () => void;
}

export function Pane({ one, actions, onStep, onAdd, onSuppress, onDismiss }: PaneProps) {
  const styles = useStyles();
  const navigate = useNavigate();
  const p = one.properties;
  const number = p.incidentNumber;
  const openCase = () => number && void navigate({ to: '/incidents/$number', params: { number: String(number) }, search: { tab: 'alerts', alert: one.name } });
  const footer = (
    <>
      {number ? (
        <Button appearance="primary" onClick={openCase}>
          {t('alertList.openIncident', { n: number })}
        </Button>
      ) : (
        <Button appearance="primary" onClick={onAdd}>
          {t('alertList.addTo')}
        </Button>
      )}
      {number && <Button onClick={onAdd}>{t('alertList.moveTo')}</Button>}
      <span className={styles.space} />
      <Button onClick={onSuppress}>{t('alertList.suppress')}</Button>
    </>
  );
  return (
    <SidePane label={t('column.alert')} footer={footer}>
      <PaneTop kind={t('column.alert')} title={p.alertDisplayName} onStep={onStep} onOpen={number ? openCase : undefined} onDismiss={onDismiss} />
      <div className={styles.bar}>
        <Severity value={p.severity} />
        <StatusField one={one} actions={actions} />
        <span className={styles.note}>
          <When iso={p.startTimeUtc ?? p.timeGeneratedUtc} />
        </span>
      </div>
      <Section title={t('alertList.why')}>
        <p>{p.description}</p>
        <p className={`${styles.note} ${styles.text}`}>{p.severityReasons?.join('; ')}</p>
        <p className={`${styles.note} ${styles.text}`}>{t('alertList.from', { rule: ruleName(one), tactics: p.tactics?.map(tacticWord).join(', ') || '–', techniques: p.techniques?.join(', ') || '–' })}</p>
        {p.extendedProperties?.['Suppression Rule'] && <p className={styles.text}>{t('alertList.quietBy', { name: p.extendedProperties['Suppression Rule'] })}</p>}
      </Section>
      <Section title={t('pane.entities')}>
        <Entities one={one} />
      </Section>
      <Evidence one={one} />
      {p.remediationSteps && p.remediationSteps.length > 0 && (
        <Section title={t('alertList.steps')}>
          <ul className={styles.steps}>
            {p.remediationSteps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
        </Section>
      )}
    </SidePane>
  );
}
