import { useMemo, useState } from 'react';
import { Button, ToggleButton, makeStyles, mergeClasses } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { huntingQueriesQuery, type HuntingQuery } from '@api/hunting';
import { useWorkspace } from '@app/hooks';
import { useKeys } from '@app/keys';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { useNarrow } from '@app/shell/useNarrow';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { SearchWords } from '@ui/SearchWords';
import { Table, type TableColumn } from '@ui/Table';
import { useMinute } from '@ui/Time';
import { TACTICS, tacticWord } from '@ui/tactics';
import { tokens } from '@ui/theme';
import { age, exact, grouped } from '@ui/time';
import { ofTactic, select, sortOf, type HuntingSearch } from '../search';
import { LiveDialog } from './LiveDialog';
import { QueryPane } from './QueryPane';

const useStyles = makeStyles({
  split: { flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', position: 'relative' },
  list: { display: 'flex', flexDirection: 'column', minWidth: 0, minHeight: 0 },
  // One line whatever the width, so that opening the pane moves no row.
  filters: { display: 'flex', gap: '6px', padding: '8px 24px', alignItems: 'center', overflowX: 'auto', scrollbarWidth: 'thin', flexShrink: 0, '& > *': { flexShrink: 0 } },
  chip: { minWidth: 0, fontWeight: tokens.fontWeightRegular },
  none: { color: tokens.colorNeutralForeground3 },
  more: { fontWeight: tokens.fontWeightSemibold },
  bad: { color: tokens.sevHigh },
});

function Results({ one }: { one: HuntingQuery }) {
  const styles = useStyles();
  if (one.latest === null) return <span className={styles.none}>–</span>;
  if (one.latest.error !== '') return <span className={styles.bad}>{t('hunt.failed')}</span>;
  return <span className={one.latest.count === 0 ? styles.none : undefined}>{grouped(one.latest.count)}</span>;
}

function Delta({ one }: { one: HuntingQuery }) {
  const styles = useStyles();
  const delta = one.latest?.delta ?? null;
  if (delta === null) return <span className={styles.none}>–</span>;
  return <span className={mergeClasses(delta === 0 ? styles.none : styles.more)}>{delta > 0 ? `+${grouped(delta)} ▲` : delta < 0 ? `−${grouped(-delta)} ▼` : '0'}</span>;
}

function columnsOf(narrow: boolean, now: number): TableColumn<HuntingQuery>[] {
  const columns: (TableColumn<HuntingQuery> | null)[] = [
    { id: 'title', header: t('hunt.query'), label: t('hunt.query'), width: 'minmax(220px, 2fr)', sortable: true, title: (one) => one.description, cell: (one) => one.title },
    narrow ? null : { id: 'tactics', header: t('column.tactic'), label: t('column.tactic'), width: 'minmax(0, 1fr)', title: (one) => one.tactics.map(tacticWord).join(', '), cell: (one) => one.tactics.map(tacticWord).join(', ') || '–' },
    narrow ? null : { id: 'techniques', header: t('hunt.techniques'), label: t('hunt.techniques'), width: '130px', title: (one) => one.techniques.join(', '), cell: (one) => one.techniques.join(', ') || '–' },
    { id: 'results', header: t('hunt.results'), label: t('hunt.results'), width: '86px', align: 'right', sortable: true, title: (one) => one.latest?.error || undefined, cell: (one) => <Results one={one} /> },
    { id: 'new', header: t('hunt.delta'), label: t('hunt.deltaHint'), width: '92px', align: 'right', sortable: true, cell: (one) => <Delta one={one} /> },
    { id: 'run', header: t('hunt.lastRun'), label: t('hunt.lastRun'), width: '92px', align: 'right', sortable: true, title: (one) => exact(one.latest?.time), cell: (one) => age(one.latest?.time, now) },
  ];
  return columns.filter((column): column is TableColumn<HuntingQuery> => column !== null);
}

export function Queries({ search, onChange }: { search: HuntingSearch; onChange: (patch: HuntingSearch, replace?: boolean) => void }) {
  const styles = useStyles();
  const { density } = usePrefs();
  const now = useMinute();
  const [live, setLive] = useState<HuntingQuery | null>(null);
  const { data, error, isPending, refetch } = useQuery(huntingQueriesQuery(useWorkspace()));
  const all = data ?? [];
  const rows = useMemo(() => select(data ?? [], search), [data, search]);
  const current = all.find((one) => one.id === search.sel) ?? null;
  const narrow = useNarrow(1700) && current !== null;
  const columns = useMemo(() => columnsOf(narrow, now), [narrow, now]);
  const sort = sortOf(search.sort);
  const step = (by: number) => {
    const at = current ? rows.indexOf(current) : -1;
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) onChange({ sel: next.id }, true);
  };
  const find = () => document.getElementById('hunt-search')?.focus();
  useKeys([
    { key: 'j', label: 'keys.next', group: 'list', run: () => step(1) },
    { key: 'k', label: 'keys.previous', group: 'list', run: () => step(-1) },
    { key: '/', label: 'keys.filter', group: 'list', run: find },
    { key: 'f', label: 'keys.filter', group: 'list', run: find },
    { key: 'Escape', label: 'keys.closePane', group: 'list', run: () => onChange({ sel: undefined }, true) },
  ]);
  const filtered = search.q !== undefined || search.tactic !== undefined || search.found !== undefined;
  return (
    <div className={styles.split}>
      <div className={styles.list}>
        <div className={styles.filters} role="search">
          <SearchWords id="hunt-search" words={search.q ?? ''} label={t('hunt.find')} placeholder={t('incidents.search')} onChange={(q) => onChange({ q: q || undefined }, true)} />
          <ToggleButton size="small" className={styles.chip} checked={search.found === '1'} onClick={() => onChange({ found: search.found ? undefined : '1' })}>
            {t('hunt.foundOnly', { n: all.filter((one) => (one.latest?.count ?? 0) > 0).length })}
          </ToggleButton>
          {TACTICS.map((tactic) => {
            const n = ofTactic(all, tactic.toLowerCase()).length;
            const on = search.tactic === tactic.toLowerCase();
            return n > 0 || on ? (
              <ToggleButton key={tactic} size="small" className={styles.chip} checked={on} onClick={() => onChange({ tactic: on ? undefined : tactic.toLowerCase() })}>
                {tacticWord(tactic)} {n}
              </ToggleButton>
            ) : null;
          })}
        </div>
        {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
        <Table
          label={t('hunt.queries')}
          columns={columns}
          rows={rows}
          rowKey={(one) => one.id}
          rowHeight={ROW_HEIGHT[density]}
          selected={current?.id ?? null}
          onSelect={(one) => onChange({ sel: one.id }, true)}
          sort={sort}
          onSort={(id) => onChange({ sort: sort.id === id && sort.desc ? id : `-${id}` }, true)}
          busy={isPending}
          empty={
            isPending || error ? null : (
              <Empty text={filtered ? t('hunt.noMatch') : t('hunt.none')}>{filtered && <Button onClick={() => onChange({ q: undefined, tactic: undefined, found: undefined })}>{t('filter.clear')}</Button>}</Empty>
            )
          }
        />
      </div>
      {current && <QueryPane key={current.id} one={current} onStep={step} onLive={() => setLive(current)} onDismiss={() => onChange({ sel: undefined }, true)} />}
      {live && <LiveDialog begin={{ title: live.title, query: live.query }} onCancel={() => setLive(null)} onDone={(id) => onChange({ tab: 'livestream', sel: id })} />}
    </div>
  );
}
