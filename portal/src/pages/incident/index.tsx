import { useEffect, useState } from 'react';
import { Skeleton, SkeletonItem, makeStyles } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { alertsQuery, incidentByNumberQuery, incidentQuery } from '@api/incidents';
import type { Incident } from '@api/types';
import { useTitle, useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { addRecent } from '@app/palette/recent';
import { useIncidentActions } from '@app/useIncidentActions';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { CloseDialog } from '@ui/incident/CloseDialog';
import { ConflictDialog } from '@ui/incident/ConflictDialog';
import { MergeDialog } from '@ui/incident/MergeDialog';
import { byTime } from '@ui/incident/Story';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { Details } from './parts/Details';
import { Head } from './parts/Head';
import { SplitDialog } from './parts/SplitDialog';
import { Tabs } from './parts/Tabs';
import type { IncidentSearch, IncidentTab } from './search';
import { AlertsTab } from './tabs/Alerts';
import { BookmarksTab } from './tabs/Bookmarks';
import { CommentsTab } from './tabs/Comments';
import { EntitiesTab } from './tabs/Entities';
import { GraphTab } from './tabs/Graph';
import { HistoryTab } from './tabs/History';
import { OverviewTab } from './tabs/Overview';
import { TasksTab } from './tabs/Tasks';
import { TimelineTab } from './tabs/Timeline';
import { siblingNumber } from './siblings';
import { useIncidentKeys } from './useIncidentKeys';

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground1 },
  tabs: { padding: '0 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflowX: 'auto', overflowY: 'hidden', flexShrink: 0 },
  body: { flexGrow: 1, minHeight: 0, display: 'flex' },
  content: { flexGrow: 1, minWidth: 0, overflowY: 'auto' },
});

const route = getRouteApi('/shell/incidents/$number');

function TabBody({ incident, search }: { incident: Incident; search: IncidentSearch }) {
  switch (search.tab ?? 'overview') {
    case 'alerts':
      return <AlertsTab incident={incident} alert={search.alert} />;
    case 'entities':
      return <EntitiesTab incident={incident} />;
    case 'timeline':
      return <TimelineTab incident={incident} />;
    case 'graph':
      return <GraphTab incident={incident} />;
    case 'tasks':
      return <TasksTab incident={incident} />;
    case 'comments':
      return <CommentsTab incident={incident} />;
    case 'bookmarks':
      return <BookmarksTab incident={incident} />;
    case 'history':
      return <HistoryTab incident={incident} />;
    default:
      return <OverviewTab incident={incident} />;
  }
}

function CaseFile({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { notify } = useNotify();
  const actions = useIncidentActions();
  const [closing, setClosing] = useState(false);
  const [moving, setMoving] = useState<'merge' | 'split' | null>(null);
  const p = incident.properties;
  const tab = search.tab ?? 'overview';
  useTitle(`${p.incidentNumber} ${p.title}`);
  useEffect(() => addRecent({ number: p.incidentNumber, title: p.title }), [p.incidentNumber, p.title]);

  const setTab = (next: IncidentTab) =>
    void navigate({ to: '.', search: (old: object) => ({ ...old, tab: next === 'overview' ? undefined : next, alert: undefined }) });
  const rows = async () => {
    const alerts = byTime(await client.ensureQueryData(alertsQuery(ws, incident.name)));
    const open = alerts.find((one) => one.properties.systemAlertId === search.alert);
    const id = open && tab === 'alerts' ? undefined : (alerts[0]?.properties.systemAlertId ?? undefined);
    void navigate({ to: '.', search: (old: object) => ({ ...old, tab: 'alerts' as const, alert: id }) });
  };
  useIncidentKeys({
    take: () => void actions.take(incident),
    close: () => setClosing(true),
    rows: () => void rows(),
    graph: () => void navigate({ to: '/incidents/$number/graph', params: { number: String(p.incidentNumber) } }),
    copyLink: () => void navigator.clipboard.writeText(location.href).then(() => notify({ text: t('copied.link') })),
    tab: setTab,
    sibling: (by) => {
      const number = siblingNumber(client, ws, incident, by);
      if (number) void navigate({ to: '/incidents/$number', params: { number: String(number) } });
    },
  });
  return (
    <div className={styles.page}>
      <Head incident={incident} actions={actions} onMove={setMoving} onClose={() => setClosing(true)} />
      <div className={styles.tabs}>
        <Tabs incident={incident} tab={tab} onChange={setTab} />
      </div>
      <div className={styles.body}>
        <Details incident={incident} actions={actions} onClose={() => setClosing(true)} />
        <div className={styles.content} tabIndex={0} role="region" aria-label={t(`tab.${tab}`)}>
          <TabBody incident={incident} search={search} />
        </div>
      </div>
      {closing && (
        <CloseDialog
          title={t('close.title', { n: p.incidentNumber })}
          onCancel={() => setClosing(false)}
          onClose={(change) => actions.change(incident, change, t('incident.closed', { n: p.incidentNumber }))}
        />
      )}
      {moving === 'split' && <SplitDialog incident={incident} onDone={() => setMoving(null)} />}
      {moving === 'merge' && (
        <MergeDialog
          incident={incident}
          onCancel={() => setMoving(null)}
          onDone={(into) => void navigate({ to: '/incidents/$number', params: { number: String(into.properties.incidentNumber) } })}
        />
      )}
      <ConflictDialog actions={actions} />
    </div>
  );
}

export default function IncidentPage() {
  const ws = useWorkspace();
  const { number } = route.useParams();
  const name = useQuery(incidentByNumberQuery(ws, Number(number)));
  const incident = useQuery({ ...incidentQuery(ws, name.data ?? ''), enabled: Boolean(name.data) });
  const error = name.error ?? incident.error;
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void (name.error ? name : incident).refetch()} />;
  if (name.data === null) {
    return (
      <Empty text={t('incident.unknown', { n: number })}>
        <TextLink to="/incidents">{t('incident.toQueue')}</TextLink>
      </Empty>
    );
  }
  if (!incident.data) {
    return (
      <Skeleton aria-label={t('waiting')} style={{ padding: 24, display: 'grid', gap: 16 }}>
        <SkeletonItem style={{ height: 28, width: 420 }} />
        <SkeletonItem style={{ height: 320 }} />
      </Skeleton>
    );
  }
  return <CaseFile key={incident.data.name} incident={incident.data} />;
}
