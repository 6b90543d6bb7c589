import { useMemo, useState } from 'react';
import { Button, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { ArrowSyncRegular, CodeRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { verdictsQuery, type Finding } from '@api/alerts';
import { useTitle, useWorkspace } from '@app/hooks';
import { useKeys } from '@app/keys';
import { stepFrom, useListKeys, usePatch } from '@app/useList';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { useNarrow } from '@app/shell/useNarrow';
import { t, type MessageKey } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { KqlDialog } from '@ui/KqlDialog';
import { ListFooter } from '@ui/ListFooter';
import { ViewTabs, useListStyles } from '@ui/ListPage';
import { LiveMark } from '@ui/LiveMark';
import { PageHead } from '@ui/PageHead';
import { Table } from '@ui/Table';
import { useMinute } from '@ui/Time';
import { AddDialog } from './parts/AddDialog';
import { isHeap, keyOf, linesOf, type Heap } from './groups';
import { alertColumns, lineColumns } from './parts/columns';
import { Filters } from './parts/Filters';
import { Pane } from './parts/Pane';
import { SuppressDialog } from './parts/SuppressDialog';
import { NO_FILTERS, VIEWS, alertsKql, alertsState, filterCount, type AlertsSearch, type View } from './search';
import { useAlerts } from './useAlerts';
import { useFindingActions } from './useFindingActions';

const route = getRouteApi('/shell/alerts');
type Dialogs = 'add' | 'suppress' | 'kql' | null;

function EmptyList({ filters, view, onClear }: { filters: number; view: View; onClear: () => void }) {
  if (filters === 0) return <Empty text={t(`alertList.empty.${view}` as MessageKey)} />;
  return (
    <Empty text={t('alertList.noMatch', { n: filters })}>
      <Button onClick={onClear}>{t('filter.clear')}</Button>
    </Empty>
  );
}

/** Signals, in incidents or not: what each says, the rows that fired it, and what is to be done about it. */
export default function AlertsPage() {
  const styles = useListStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { density } = usePrefs();
  const now = useMinute();
  const state = useMemo(() => alertsState(search), [search]);
  const alerts = useAlerts(state);
  const actions = useFindingActions();
  const verdicts = useQuery(verdictsQuery(useWorkspace())).data;
  const [dialog, setDialog] = useState<Dialogs>(null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const { rows, current } = alerts;
  const narrow = useNarrow(1700) && current !== null;
  const columns = useMemo(() => lineColumns(alertColumns(narrow, now, new Map(verdicts?.map((one) => [one.rule, one.precision]))), state.group, narrow, now), [narrow, now, verdicts, state.group]);
  useTitle(t('nav.alerts'));

  const patch = usePatch<AlertsSearch>();
  const select = (one: Finding | undefined) => patch({ sel: one?.name }, true);
  const lines = useMemo(() => linesOf(rows, state.group, opened), [rows, state.group, opened]);
  const shown = useMemo(() => lines.filter((line): line is Finding => !isHeap(line)), [lines]);
  const step = (by: number) => select(stepFrom(shown, shown.findIndex((one) => one.name === state.selected), by) ?? current ?? undefined);
  const toggle = ({ heap, open: isOpen }: Heap) => setOpened(isOpen ? new Set([...opened].filter((one) => one !== heap)) : new Set([...opened, heap]));
  const open = (one: Finding) => {
    const number = one.properties.incidentNumber;
    if (number) void navigate({ to: '/incidents/$number', params: { number: String(number) }, search: { tab: 'alerts', alert: one.name } });
    else select(one);
  };
  useListKeys({ step, search: 'alert-search', open: () => current && open(current), showKql: () => setDialog('kql'), escape: () => select(undefined) });
  useKeys([{ key: 's', label: 'keys.status', group: 'list', run: () => document.getElementById('field-status')?.click() }]);

  return (
    <div className={styles.split}>
      <div className={styles.list}>
        <PageHead title={t('nav.alerts')} beside={<LiveMark />}>
          {alerts.fresh > 0 && (
            <Button size="small" appearance="primary" icon={<ArrowSyncRegular />} onClick={alerts.showFresh}>
              {t('queue.fresh', { n: alerts.fresh })}
            </Button>
          )}
          <Button size="small" appearance="subtle" icon={<CodeRegular />} onClick={() => setDialog('kql')}>
            {t('action.showKql')}
          </Button>
        </PageHead>
        <ViewTabs
          views={VIEWS}
          view={state.view}
          word={(view) => t(`alertList.view.${view}` as MessageKey)}
          count={(view) => alerts.counts?.[view]}
          onChange={(view) => patch({ ...NO_FILTERS, view: view === 'open' ? undefined : view, sel: undefined })}
        />
        <Filters state={state} rows={rows} onChange={patch} />
        {(state.broken.length > 0 || alerts.missing) && (
          <MessageBar intent="warning">
            <MessageBarBody>{alerts.missing ? t('alertList.unknown', { id: state.selected }) : t('address.broken', { words: state.broken.join(', ') })}</MessageBarBody>
          </MessageBar>
        )}
        {alerts.error && <Failure title={t('failure.load')} error={alerts.error} onRetry={alerts.retry} />}
        <Table
          label={t('nav.alerts')}
          columns={columns}
          rows={lines}
          rowKey={keyOf}
          rowHeight={ROW_HEIGHT[density]}
          selected={current?.name ?? null}
          onSelect={(line) => (isHeap(line) ? toggle(line) : select(line))}
          onOpen={(line) => !isHeap(line) && open(line)}
          busy={alerts.busy && (alerts.pending || alerts.stale)}
          stale={alerts.stale}
          onEnd={alerts.more}
          empty={alerts.pending || alerts.error ? null : <EmptyList filters={filterCount(state)} view={state.view} onClear={() => patch(NO_FILTERS)} />}
        />
        <ListFooter count={t(alerts.whole ? 'alertList.count' : 'alertList.countLoaded', { n: rows.length })} took={alerts.milliseconds} keys={t('alertList.keys')} />
      </div>
      {current && <Pane one={current} actions={actions} onStep={step} onAdd={() => setDialog('add')} onSuppress={() => setDialog('suppress')} onDismiss={() => select(undefined)} />}
      {dialog === 'add' && current && <AddDialog one={current} actions={actions} onDone={() => setDialog(null)} />}
      {dialog === 'suppress' && current && <SuppressDialog one={current} actions={actions} onDone={() => setDialog(null)} />}
      {dialog === 'kql' && <KqlDialog kql={alertsKql(state)} onClose={() => setDialog(null)} />}
    </div>
  );
}
