import { useState } from 'react';
import { Button, makeStyles } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { alertsQuery, entitiesQuery } from '@api/incidents';
import type { Alert, Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { EntityChip } from '@ui/Entity';
import { RawRows } from '@ui/incident/RawRows';
import { alertTime, byTime } from '@ui/incident/Story';
import { Why } from '@ui/incident/Why';
import { SEVERITY_COLOR, Severity } from '@ui/Severity';
import { When } from '@ui/Time';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  page: { maxWidth: '1100px', padding: '18px 24px 32px' },
  heading: {
    margin: '0 0 8px',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  gap: { marginTop: '22px' },
  step: { display: 'grid', gridTemplateColumns: 'minmax(52px, auto) 18px minmax(0, 1fr)', columnGap: '10px' },
  time: { fontSize: tokens.fontSizeBase200, lineHeight: '24px', color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  rail: { position: 'relative' },
  line: { position: 'absolute', left: '8px', top: '20px', bottom: '-6px', width: '2px', backgroundColor: tokens.gridLine },
  dot: { position: 'absolute', left: '3px', top: '6px', width: '12px', height: '12px', borderRadius: tokens.borderRadiusCircular },
  body: { minWidth: 0, paddingBottom: '14px' },
  caret: {
    justifyContent: 'flex-start',
    maxWidth: '100%',
    padding: '0 6px 0 2px',
    marginLeft: '-4px',
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
    textAlign: 'left',
  },
  note: { paddingLeft: '24px', color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  rows: { padding: '6px 0 4px 24px' },
  chips: { display: 'flex', flexWrap: 'wrap', gap: '6px' },
});

function Step({ incident, alert, last }: { incident: Incident; alert: Alert; last: boolean }) {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const p = alert.properties;
  return (
    <li className={styles.step}>
      <span className={styles.time}>
        <When iso={alertTime(alert)} />
      </span>
      <span className={styles.rail} aria-hidden="true">
        {!last && <span className={styles.line} />}
        <span className={styles.dot} style={{ backgroundColor: SEVERITY_COLOR[p.severity] }} />
      </span>
      <div className={styles.body}>
        <Button
          appearance="subtle"
          size="small"
          className={styles.caret}
          icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {p.alertDisplayName}
        </Button>
        <div className={styles.note}>
          {open && <Severity value={p.severity} />} {open ? p.description : p.compromisedEntity}
        </div>
        {open && (
          <div className={styles.rows}>
            <RawRows incident={incident.name} alert={p.systemAlertId} />
          </div>
        )}
      </div>
    </li>
  );
}

export function OverviewTab({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const alerts = useQuery(alertsQuery(ws, incident.name));
  const entities = useQuery(entitiesQuery(ws, incident.name)).data?.entities ?? [];
  const sorted = byTime(alerts.data ?? []);
  return (
    <div className={styles.page}>
      <h2 className={styles.heading}>{t('pane.why')}</h2>
      <Why incident={incident} alerts={alerts.data} />
      <h2 className={`${styles.heading} ${styles.gap}`}>{t('pane.story')}</h2>
      {alerts.error && <Failure title={t('failure.load')} error={alerts.error} onRetry={() => void alerts.refetch()} />}
      {alerts.data && sorted.length === 0 && <Empty text={t('incident.noAlerts')} />}
      <ol>
        {sorted.map((alert, index) => (
          <Step key={alert.properties.systemAlertId} incident={incident} alert={alert} last={index === sorted.length - 1} />
        ))}
      </ol>
      {entities.length > 0 && (
        <>
          <h2 className={`${styles.heading} ${styles.gap}`}>{t('pane.entities')}</h2>
          <div className={styles.chips}>
            {entities.map((entity, index) => (
              <EntityChip key={entity.name ?? index} entity={entity} />
            ))}
          </div>
        </>
      )}
    </div>
  );
}
