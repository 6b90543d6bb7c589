import { useCallback, useMemo } from 'react';
import { Button, Tab, TabList, ToggleButton, makeStyles } from '@fluentui/react-components';
import { ArrowSyncRegular, CodeRegular } from '@fluentui/react-icons';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { TALLY_KQL } from '@api/assessments';
import { SEVERITIES } from '@api/types';
import { useTitle } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { useRecommendations, type Recommendation } from '@app/usePosture';
import { t, type MessageKey } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { FindBox } from '@ui/FindBox';
import { PageHead } from '@ui/PageHead';
import { severityWord } from '@ui/Severity';
import { Table } from '@ui/Table';
import { useMinute } from '@ui/Time';
import { tokens } from '@ui/theme';
import { recommendationColumns } from './parts/columns';
import { Pane } from './parts/Pane';
import { VIEWS, inView, listState, select, type RecommendationsSearch, type View } from './search';

const useStyles = makeStyles({
  split: { flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', position: 'relative' },
  list: { display: 'flex', flexDirection: 'column', minWidth: 0, minHeight: 0, backgroundColor: tokens.colorNeutralBackground1 },
  tabs: { padding: '0 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflowX: 'auto', overflowY: 'hidden', flexShrink: 0 },
  filters: { display: 'flex', flexWrap: 'wrap', gap: '6px', padding: '8px 24px', alignItems: 'center' },
});

const route = getRouteApi('/shell/recommendations');

export default function RecommendationsPage() {
  const styles = useStyles();
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

  const patch = useCallback(
    (change: RecommendationsSearch) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...change }), replace: true }),
    [navigate],
  );
  const open = useCallback((one: Recommendation) => void navigate({ to: '/recommendations/$id', params: { id: one.advice.id } }), [navigate]);
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
        <div className={styles.tabs}>
          <TabList selectedValue={state.view} onTabSelect={(_, data) => patch({ view: data.value === 'open' ? undefined : (data.value as View), sel: undefined })} aria-label={t('view.label')}>
            {VIEWS.map((view) => (
              <Tab key={view} value={view}>
                {t(`advice.view.${view}` as MessageKey)} {inView(view, all.list).length}
              </Tab>
            ))}
          </TabList>
        </div>
        <div className={styles.filters}>
          <FindBox label={t('advice.find')} value={state.words} onFind={(q) => patch({ q: q || undefined })} />
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
      {current && <Pane one={current} onOpen={() => open(current)} onDismiss={() => patch({ sel: undefined })} />}
    </div>
  );
}
