import { useCallback, useMemo, useState } from 'react';
import { Button, MessageBar, MessageBarBody, Tab, TabList, makeStyles } from '@fluentui/react-components';
import { ArrowSyncRegular, CodeRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { verdictsQuery, type Finding } from '@api/alerts';
import { useTitle, useWorkspace } from '@app/hooks';
import { useKeys } from '@app/keys';
import { useNotify } from '@app/Notify';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { useNarrow } from '@app/shell/useNarrow';
import { t, type MessageKey } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { KqlDialog } from '@ui/KqlDialog';
import { ListFooter } from '@ui/ListFooter';
import { LiveMark } from '@ui/LiveMark';
import { PageHead } from '@ui/PageHead';
import { Table } from '@ui/Table';
import { useMinute } from '@ui/Time';
import { tokens } from '@ui/theme';
import { AddDialog } from './parts/AddDialog';
import { alertColumns } from './parts/columns';
import { Filters } from './parts/Filters';
import { Pane } from './parts/Pane';
import { SuppressDialog } from './parts/SuppressDialog';
import { NO_FILTERS, VIEWS, alertsKql, alertsState, filterCount, type AlertsSearch, type View } from './search';
import { useAlerts } from './useAlerts';
import { useFindingActions } from './useFindingActions';

const useStyles = makeStyles({
  split: { flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', position: 'relative' },
  list: { display: 'flex', flexDirection: 'column', minWidth: 0, minHeight: 0, backgroundColor: tokens.colorNeutralBackground1 },
  tabs: { padding: '0 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflowX: 'auto', overflowY: 'hidden', flexShrink: 0 },
});

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
  const styles = useStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { notify } = useNotify();
  const { density } = usePrefs();
  const now = useMinute();
  const state = useMemo(() => alertsState(search), [search]);
  const alerts = useAlerts(state);
  const actions = useFindingActions();
  const verdicts = useQuery(verdictsQuery(useWorkspace())).data;
  const [dialog, setDialog] = useState<Dialogs>(null);
  const { rows, current } = alerts;
  const narrow = useNarrow(1700) && current !== null;
  const columns = useMemo(() => alertColumns(narrow, now, new Map(verdicts?.map((one) => [one.rule, one.precision]))), [narrow, now, verdicts]);
  useTitle(t('nav.alerts'));

  const patch = useCallback((change: AlertsSearch, replace = false) => void navigate({ to: '/alerts', search: (old: object) => ({ ...old, ...change }), replace }), [navigate]);
  const select = (one: Finding | undefined) => patch({ sel: one?.name }, true);
  const step = (by: number) => {
    const at = rows.findIndex((one) => one.name === state.selected);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 && by < 0 ? rows.length - 1 : at + by))];
    if (next) select(next);
  };
  const open = (one: Finding) => {
    const number = one.properties.incidentNumber;
    if (number) void navigate({ to: '/incidents/$number', params: { number: String(number) }, search: { tab: 'alerts', alert: one.name } });
    else select(one);
  };
  const find = () => document.getElementById('alert-search')?.focus();
  useKeys([
    { key: 'j', label: 'keys.next', group: 'list', run: () => step(1) },
    { key: 'k', label: 'keys.previous', group: 'list', run: () => step(-1) },
    { key: 'Enter', label: 'keys.open', group: 'list', run: () => current && open(current) },
    { key: '/', label: 'keys.filter', group: 'list', run: find },
    { key: 'f', label: 'keys.filter', group: 'list', run: find },
    { key: 's', label: 'keys.status', group: 'list', run: () => document.getElementById('field-status')?.click() },
    { key: 'q', label: 'keys.kql', group: 'list', run: () => setDialog('kql') },
    { key: 'y', label: 'keys.copyLink', group: 'list', run: () => void navigator.clipboard.writeText(location.href).then(() => notify({ text: t('copied.link') })) },
    { key: 'Escape', label: 'keys.closePane', group: 'list', run: () => select(undefined) },
  ]);

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
        <div className={styles.tabs}>
          <TabList selectedValue={state.view} onTabSelect={(_, data) => patch({ ...NO_FILTERS, view: data.value === 'open' ? undefined : (data.value as View), sel: undefined })} aria-label={t('view.label')}>
            {VIEWS.map((view) => (
              <Tab key={view} value={view}>
                {t(`alertList.view.${view}` as MessageKey)}
              </Tab>
            ))}
          </TabList>
        </div>
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
          rows={rows}
          rowKey={(one) => one.name}
          rowHeight={ROW_HEIGHT[density]}
          selected={current?.name ?? null}
          onSelect={select}
          onOpen={open}
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
