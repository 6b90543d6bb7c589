import { useCallback, useMemo, useState } from 'react';
import { Button, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { AddRegular, ArrowSyncRegular, CodeRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { countsQuery } from '@api/incidents';
import type { Incident } from '@api/types';
import { useSession, useTitle, useWorkspace } from '@app/hooks';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { useNarrow } from '@app/shell/useNarrow';
import { useIncidentActions } from '@app/useIncidentActions';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { CloseDialog } from '@ui/incident/CloseDialog';
import { ConflictDialog } from '@ui/incident/ConflictDialog';
import { KqlDialog } from '@ui/KqlDialog';
import { ListFooter } from '@ui/ListFooter';
import { LiveMark } from '@ui/LiveMark';
import { useListStyles } from '@ui/ListPage';
import { PageHead } from '@ui/PageHead';
import { Table } from '@ui/Table';
import { useMinute } from '@ui/Time';
import { grouped } from '@ui/time';
import { queueKql } from './filter';
import { BulkBar } from './parts/BulkBar';
import { queueColumns } from './parts/columns';
import { CreateDialog } from './parts/CreateDialog';
import { FilterBar, NO_FILTERS } from './parts/FilterBar';
import { Pane } from './parts/Pane';
import { SavedViews } from './parts/SavedViews';
import { Views } from './parts/Views';
import { filterCount, queueState, type IncidentsSearch, type SortColumn } from './search';
import { useQueue } from './useQueue';
import { useQueueKeys } from './useQueueKeys';
import { useSelection } from './useSelection';

const route = getRouteApi('/shell/incidents');
type Dialogs = 'close' | 'create' | 'kql' | null;

const countWords = (shown: number, total: number | undefined) =>
  total === undefined ? t('queue.count', { n: grouped(shown) }) : t('queue.countOf', { n: grouped(shown), of: grouped(total) });

function EmptyQueue({ state, onClear }: { state: ReturnType<typeof queueState>; onClear: () => void }) {
  const counts = useQuery(countsQuery(useWorkspace())).data;
  const filters = filterCount(state);
  if (filters > 0) {
    return (
      <Empty text={t('queue.noMatch', { n: filters, open: counts?.open ?? 0 })}>
        <Button onClick={onClear}>{t('filter.clear')}</Button>
      </Empty>
    );
  }
  return <Empty text={state.view === 'open' ? t('queue.allDone', { n: counts?.closedToday ?? 0 }) : t('queue.noneHere')} />;
}

export default function IncidentsPage() {
  const styles = useListStyles();
  const search = route.useSearch();
  const state = useMemo(() => queueState(search), [search]);
  const queue = useQueue(state);
  const selection = useSelection(queue.rows, state.selected);
  const actions = useIncidentActions();
  const navigate = useNavigate();
  const { user } = useSession();
  const { density } = usePrefs();
  const counts = useQuery(countsQuery(useWorkspace())).data;
  const [dialog, setDialog] = useState<Dialogs>(null);
  const now = useMinute();
  const { current } = selection;
  const narrow = useNarrow(1500) && current !== null;
  const columns = useMemo(() => queueColumns(narrow, now), [narrow, now]);
  useTitle(t('nav.incidents'));

  const open = useCallback(
    (incident: Incident, tab?: 'comments') =>
      void navigate({ to: '/incidents/$number', params: { number: String(incident.properties.incidentNumber) }, search: { tab } }),
    [navigate],
  );
  const take = async (incident: Incident) => (await actions.take(incident)) && open(incident);
  const onSort = (id: string) => {
    const next = state.sort.id === id && state.sort.desc ? id : `-${id}`;
    selection.patchSearch({ sort: next === '-priority' ? undefined : next });
  };
  const patch = useCallback((change: IncidentsSearch) => selection.patchSearch(change), [selection.patchSearch]);
  const openView = useCallback((view: IncidentsSearch, replace: boolean) => void navigate({ to: '/incidents', search: view, replace }), [navigate]);
  useQueueKeys({
    step: selection.step,
    open: () => current && open(current),
    pane: () => (current ? selection.select(null) : selection.step(1)),
    check: () => current && selection.onCheck([current.name], !selection.checked.has(current.name)),
    checkAll: () => selection.onCheck(queue.rows.map((one) => one.name), true),
    take: () => current && void take(current),
    closeIncident: () => current && setDialog('close'),
    note: () => current && open(current, 'comments'),
    showKql: () => setDialog('kql'),
    escape: () => (selection.chosen.length > 0 ? selection.clear() : selection.select(null)),
  });

  return (
    <div className={styles.split}>
      <div className={styles.list}>
        <PageHead title={t('nav.incidents')} beside={<LiveMark />}>
          {queue.fresh > 0 && (
            <Button size="small" appearance="primary" icon={<ArrowSyncRegular />} onClick={queue.showFresh}>
              {t('queue.fresh', { n: queue.fresh })}
            </Button>
          )}
          <SavedViews search={search} onOpen={openView} />
          <Button size="small" appearance="subtle" icon={<AddRegular />} onClick={() => setDialog('create')}>
            {t('action.create')}
          </Button>
          <Button size="small" appearance="subtle" icon={<CodeRegular />} onClick={() => setDialog('kql')}>
            {t('action.showKql')}
          </Button>
        </PageHead>
        <Views view={state.view} onChange={(view) => patch({ ...NO_FILTERS, view: view === 'open' ? undefined : view, sel: undefined })} />
        {selection.chosen.length > 0 ? (
          <BulkBar chosen={selection.chosen} actions={actions} onClear={selection.clear} />
        ) : (
          <FilterBar state={state} onChange={patch} />
        )}
        {state.broken.length > 0 && (
          <MessageBar intent="warning">
            <MessageBarBody>{t('address.broken', { words: state.broken.join(', ') })}</MessageBarBody>
          </MessageBar>
        )}
        {queue.error && <Failure title={t('failure.load')} error={queue.error} onRetry={queue.showFresh} />}
        <Table
          label={t('nav.incidents')}
          columns={columns}
          rows={queue.rows}
          rowKey={(one) => one.name}
          rowHeight={ROW_HEIGHT[density]}
          selected={current?.name ?? null}
          onSelect={(one) => selection.select(one, current !== null)}
          onOpen={open}
          checked={selection.checked}
          onCheck={selection.onCheck}
          sort={state.sort.id === 'priority' ? { id: 'title', desc: true } : state.sort}
          sortNote={state.sort.id === 'priority' ? t('queue.byPriority') : undefined}
          onSort={(id) => onSort(id as SortColumn)}
          busy={queue.busy && (queue.pending || queue.stale)}
          stale={queue.stale}
          onEnd={queue.more}
          empty={queue.pending || queue.error ? null : <EmptyQueue state={state} onClear={() => patch(NO_FILTERS)} />}
        />
        <ListFooter count={countWords(queue.rows.length, counts?.total)} took={queue.milliseconds} keys={t('queue.keys')} />
      </div>
      {current && (
        <Pane
          incident={current}
          actions={actions}
          onStep={selection.step}
          onOpen={() => open(current)}
          onTake={() => void take(current)}
          onCloseIncident={() => setDialog('close')}
          onDismiss={() => selection.select(null)}
        />
      )}
      {dialog === 'close' && current && (
        <CloseDialog
          title={t('close.title', { n: current.properties.incidentNumber })}
          onCancel={() => setDialog(null)}
          onClose={(change) => actions.change(current, change, t('incident.closed', { n: current.properties.incidentNumber }))}
        />
      )}
      {dialog === 'create' && <CreateDialog onCancel={() => setDialog(null)} onDone={(made) => open(made)} />}
      {dialog === 'kql' && <KqlDialog kql={queueKql(state, user.name)} onClose={() => setDialog(null)} />}
      <ConflictDialog actions={actions} />
    </div>
  );
}
