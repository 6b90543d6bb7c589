import { useEffect, useRef } from 'react';
import { Button, makeStyles, mergeClasses } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { alertsQuery } from '@api/incidents';
import type { Alert, Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useKeys } from '@app/keys';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { RawRows } from '@ui/incident/RawRows';
import { alertTime, byTime } from '@ui/incident/Story';
import { Severity } from '@ui/Severity';
import { When } from '@ui/Time';
import { tacticWord } from '@ui/tactics';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  head: {
    display: 'grid',
    gridTemplateColumns: '32px 110px minmax(0, 3fr) minmax(0, 1fr) minmax(0, 1.3fr) 136px',
    alignItems: 'center',
    columnGap: '8px',
    padding: '0 24px',
  },
  titles: {
    height: '32px',
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  row: { minHeight: '40px', borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, ':hover': { backgroundColor: tokens.rowHoverBg } },
  open: { borderBottom: 'none' },
  cut: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  strong: { fontWeight: tokens.fontWeightSemibold },
  right: { textAlign: 'right', whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' },
  detail: { padding: '4px 24px 18px 64px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  about: { maxWidth: '900px', marginBottom: '10px', color: tokens.colorNeutralForeground2 },
  steps: { maxWidth: '900px', margin: '0 0 10px 18px', listStyleType: 'disc' },
});

interface RowProps {
  incident: Incident;
  alert: Alert;
  open: boolean;
  onToggle: () => void;
}

function AlertRow({ incident, alert, open, onToggle }: RowProps) {
  const styles = useStyles();
  const p = alert.properties;
  return (
    <div role="listitem" data-alert={p.systemAlertId}>
      <div className={mergeClasses(styles.head, styles.row, open && styles.open)}>
        <Button
          size="small"
          appearance="transparent"
          icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
          aria-expanded={open}
          aria-label={t('alerts.rowsOf', { title: p.alertDisplayName })}
          title={`${t('keys.rows')} (r)`}
          onClick={onToggle}
        />
        <Severity value={p.severity} />
        <span className={mergeClasses(styles.cut, styles.strong)} title={p.alertDisplayName}>
          {p.alertDisplayName}
        </span>
        <span className={styles.cut} title={p.compromisedEntity ?? undefined}>
          {p.compromisedEntity || '–'}
        </span>
        <span className={styles.cut}>{p.tactics?.map(tacticWord).join(', ') || '–'}</span>
        <span className={styles.right}>
          <When iso={alertTime(alert)} />
        </span>
      </div>
      {open && (
        <div className={styles.detail}>
          {p.description && <p className={styles.about}>{p.description}</p>}
          {p.remediationSteps && p.remediationSteps.length > 0 && (
            <ul className={styles.steps}>
              {p.remediationSteps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ul>
          )}
          <RawRows incident={incident.name} alert={p.systemAlertId} />
        </div>
      )}
    </div>
  );
}

/** Every alert with the rows that fired it, opened below it; the address names the open one. */
export function AlertsTab({ incident, alert }: { incident: Incident; alert: string | undefined }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const root = useRef<HTMLDivElement>(null);
  const { data, error, refetch } = useQuery(alertsQuery(useWorkspace(), incident.name));
  const sorted = byTime(data ?? []);
  const open = (id: string | undefined) =>
    void navigate({ to: '.', search: (old: object) => ({ ...old, tab: 'alerts' as const, alert: id }), replace: true });
  const at = sorted.findIndex((one) => one.properties.systemAlertId === alert);
  const step = (by: number) => open(sorted[Math.min(sorted.length - 1, Math.max(0, at + by))]?.properties.systemAlertId);
  useKeys([
    { key: 'j', label: 'keys.next', group: 'list', run: () => step(1) },
    { key: 'k', label: 'keys.previous', group: 'list', run: () => step(-1) },
  ]);
  useEffect(() => {
    if (alert) root.current?.querySelector(`[data-alert="${CSS.escape(alert)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [alert, data]);
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (data && sorted.length === 0) return <Empty text={t('incident.noAlerts')} />;
  return (
    <div ref={root}>
      <div className={mergeClasses(styles.head, styles.titles)} aria-hidden="true">
        <span />
        <span>{t('column.severity')}</span>
        <span>{t('column.alert')}</span>
        <span>{t('column.entity')}</span>
        <span>{t('column.tactic')}</span>
        <span className={styles.right}>{t('column.time')}</span>
      </div>
      <div role="list" aria-label={t('tab.alerts')}>
        {sorted.map((one) => {
          const id = one.properties.systemAlertId;
          return <AlertRow key={id} incident={incident} alert={one} open={id === alert} onToggle={() => open(id === alert ? undefined : id)} />;
        })}
      </div>
    </div>
  );
}
