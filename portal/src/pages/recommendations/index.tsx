import { useCallback, useMemo } from 'react';
import { Button, ToggleButton } from '@fluentui/react-components';
import { ArrowSyncRegular, CodeRegular } from '@fluentui/react-icons';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { TALLY_KQL } from '@api/assessments';
import { SEVERITIES } from '@api/types';
import { useTitle } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { stepFrom, useListKeys, usePatch } from '@app/useList';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { useRecommendations, type Recommendation } from '@app/usePosture';
import { t, type MessageKey } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { FindBox } from '@ui/FindBox';
import { ViewTabs, useListStyles } from '@ui/ListPage';
import { PageHead } from '@ui/PageHead';
import { severityWord } from '@ui/Severity';
import { Table } from '@ui/Table';
import { useMinute } from '@ui/Time';
import { recommendationColumns } from './parts/columns';
import { Pane } from './parts/Pane';
import { VIEWS, inView, listState, select, type RecommendationsSearch } from './search';

const route = getRouteApi('/shell/recommendations');

export default function RecommendationsPage() {
  const styles = useListStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { notify } = useNotify();
  const { density } = usePrefs();
  const now = useMinute();
  const state = useMemo(() => listState(search), [search]);
  const all = useRecommendations();
  const rows = useMemo(() => select(all.list, state), [all.list, state]);
  const current = rows.find((one) => one.advice.id === search.sel) ?? null;
  const columns = useMemo(() => recommendationColumns(current !== null, now), [current !== null, now]);
  useTitle(t('nav.recommendations'));

  const write = usePatch<RecommendationsSearch>();
  const patch = (change: RecommendationsSearch) => write(change, true);
  const open = useCallback((one: Recommendation) => void navigate({ to: '/recommendations/$id', params: { id: one.advice.id } }), [navigate]);
  const step = (by: number) => {
    const next = stepFrom(rows, current ? rows.indexOf(current) : -1, by);
    if (next) patch({ sel: next.advice.id });
  };
  useListKeys({ step, search: 'advice-search', open: () => current && open(current), escape: () => patch({ sel: undefined }) });
  const onSort = (id: string) => {
    const next = state.sort.id === id && state.sort.desc ? id : `-${id}`;
    patch({ sort: next === '-severity' ? undefined : next });
  };
  const toggle = (severity: string) => {
    const on = new Set(state.severity.map((one) => one.toLowerCase()));
    if (!on.delete(severity.toLowerCase())) on.add(severity.toLowerCase());
    patch({ sev: [...on].join(',') || undefined });
  };
  const clear = () => {
    patch({ sev: undefined, q: undefined });
  };
  const copyKql = () => void navigator.clipboard.writeText(TALLY_KQL).then(() => notify({ text: t('copied.kql') }));
  const filtered = state.severity.length > 0 || state.words !== '';
  return (
    <div className={styles.split}>
      <div className={styles.list}>
        <PageHead title={t('nav.recommendations')}>
          <Button size="small" appearance="subtle" icon={<ArrowSyncRegular />} onClick={all.refetch}>
            {t('action.refresh')}
          </Button>
          <Button size="small" appearance="subtle" icon={<CodeRegular />} onClick={copyKql}>
            {t('action.copyKql')}
          </Button>
        </PageHead>
        <ViewTabs
          views={VIEWS}
          view={state.view}
          word={(view) => t(`advice.view.${view}` as MessageKey)}
          count={(view) => (all.pending ? undefined : inView(view, all.list).length)}
          onChange={(view) => patch({ view: view === 'open' ? undefined : view, sel: undefined })}
        />
        <div className={styles.filters}>
          <FindBox id="advice-search" label={t('advice.find')} value={state.words} onFind={(q) => patch({ q: q || undefined })} />
          {SEVERITIES.filter((one) => one !== 'Informational').map((severity) => (
            <ToggleButton key={severity} size="small" checked={state.severity.includes(severity)} onClick={() => toggle(severity)}>
              {severityWord(severity)}
            </ToggleButton>
          ))}
          {filtered && (
            <Button size="small" appearance="subtle" onClick={clear}>
              {t('filter.clear')}
            </Button>
          )}
        </div>
        {all.error && <Failure title={t('failure.load')} error={all.error} onRetry={all.refetch} />}
        <Table
          label={t('nav.recommendations')}
          columns={columns}
          rows={rows}
          rowKey={(one) => one.advice.id}
          rowHeight={ROW_HEIGHT[density]}
          selected={current?.advice.id ?? null}
          onSelect={(one) => patch({ sel: one.advice.id })}
          onOpen={open}
          sort={state.sort}
          onSort={onSort}
          busy={all.busy && all.pending}
          empty={all.pending || all.error ? null : <Empty text={filtered ? t('advice.noMatch') : t('advice.nothing', { n: all.list.length })} />}
        />
      </div>
      {current && <Pane one={current} onStep={step} onOpen={() => open(current)} onDismiss={() => patch({ sel: undefined })} />}
    </div>
  );
}
