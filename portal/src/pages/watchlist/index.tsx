import { useCallback, useMemo, useState } from 'react';
import { Breadcrumb, BreadcrumbDivider, BreadcrumbItem, Button, Skeleton, SkeletonItem, Tab, TabList, makeStyles } from '@fluentui/react-components';
import { AddRegular, ArrowUploadRegular, CopyRegular, DeleteRegular, DocumentSearchRegular } from '@fluentui/react-icons';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { deleteWatchlist, itemsQuery, refreshWatchlists, restoreVersion, watchlistQuery, type Watchlist, type WatchlistItem } from '@api/watchlists';
import { useTitle, useWorkspace } from '@app/hooks';
import { useKeys } from '@app/keys';
import { useNotify } from '@app/Notify';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { t } from '@i18n/t';
import { Empty, Failure, failureText } from '@ui/Empty';
import { PageHead } from '@ui/PageHead';
import { SearchWords } from '@ui/SearchWords';
import { Table, type TableColumn } from '@ui/Table';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { when } from '@ui/time';
import { getWatchlist } from '@ui/watchlist/csv';
import { UploadDialog } from '@ui/watchlist/UploadDialog';
import { ItemPane } from './parts/ItemPane';
import { Versions } from './parts/Versions';
import type { WatchlistSearch } from './search';

const useStyles = makeStyles({
  split: { flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', position: 'relative' },
  list: { display: 'flex', flexDirection: 'column', minWidth: 0, minHeight: 0, backgroundColor: tokens.colorNeutralBackground1 },
  crumbs: { padding: '8px 18px 0' },
  facts: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '6px 14px', padding: '0 24px 6px', color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  code: { fontFamily: tokens.fontMono, color: tokens.colorNeutralForeground1, padding: '2px 8px', border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground2 },
  tabs: { padding: '0 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  filters: { padding: '8px 24px' },
  mono: { fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200 },
});

const route = getRouteApi('/shell/watchlists/$alias');

/** The line that a query writes, to copy or to run; and who reads the list. */
function Facts({ list }: { list: Watchlist }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { notify } = useNotify();
  const line = getWatchlist(list.name);
  const p = list.properties;
  return (
    <div className={styles.facts}>
      <code className={styles.code}>{line}</code>
      <Button size="small" appearance="subtle" icon={<CopyRegular />} onClick={() => void navigator.clipboard.writeText(line).then(() => notify({ text: t('watchlist.copied') }))}>
        {t('action.copy')}
      </Button>
      <Button size="small" appearance="subtle" icon={<DocumentSearchRegular />} onClick={() => void navigate({ to: '/logs', search: { text: line, run: '1', t: 'all' } })}>
        {t('rows.openLogs')}
      </Button>
      <span>{t('watchlist.about', { key: p.itemsSearchKey, n: p.itemsCount, version: p.version, who: p.updatedBy?.name || t('someone'), when: when(p.updated) })}</span>
      <span>{p.usedBy.length === 0 ? t('watchlist.unused') : t('watchlist.readBy', { names: p.usedBy.map((one) => one.name).join(', ') })}</span>
    </div>
  );
}

function useItems(list: Watchlist, words: string) {
  const query = useInfiniteQuery(itemsQuery(useWorkspace(), list.name, words));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  return { query, rows: useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]), more: () => void (hasNextPage && !isFetchingNextPage && fetchNextPage()) };
}

function Inside({ list }: { list: Watchlist }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const search = route.useSearch();
  const { notify } = useNotify();
  const { density } = usePrefs();
  const [uploading, setUploading] = useState(false);
  const { query, rows, more } = useItems(list, search.q ?? '');
  const p = list.properties;
  useTitle(p.displayName);
  const patch = useCallback((change: WatchlistSearch) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...change }), replace: true }), [navigate]);
  const columns = useMemo(
    () => p.columns.map((column): TableColumn<WatchlistItem> => ({ id: column, header: column, label: column, width: 'minmax(120px, 1fr)', title: (one) => one.properties.itemsKeyValue[column], cell: (one) => <span className={styles.mono}>{one.properties.itemsKeyValue[column]}</span> })),
    [p.columns, styles],
  );
  const current = rows.find((one) => one.name === search.row) ?? null;
  const step = (by: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, (current ? rows.indexOf(current) : -1) + by))];
    if (next) patch({ row: next.name });
  };
  const changed = () => refreshWatchlists(client, ws);
  const remove = async () => {
    const failed = (error: unknown) => notify({ text: failureText(error), intent: 'error' });
    try {
      await deleteWatchlist(ws, list.name);
      notify({ text: t('watchlist.deleted', { name: p.displayName }), undo: () => restoreVersion(ws, list.name, p.version).then(changed) });
      await navigate({ to: '/watchlists' });
      changed();
    } catch (error) {
      failed(error);
    }
  };
  useKeys([
    { key: 'j', label: 'keys.next', group: 'list', run: () => step(1) },
    { key: 'k', label: 'keys.previous', group: 'list', run: () => step(-1) },
    { key: '/', label: 'keys.filter', group: 'list', run: () => document.getElementById('item-search')?.focus() },
    { key: 'Escape', label: 'keys.closePane', group: 'list', run: () => patch({ row: undefined }) },
  ]);
  return (
    <div className={styles.split}>
      <div className={styles.list}>
        <Breadcrumb size="small" className={styles.crumbs} aria-label={t('breadcrumb')}>
          <BreadcrumbItem>
            <TextLink to="/watchlists">{t('nav.watchlists')}</TextLink>
          </BreadcrumbItem>
          <BreadcrumbDivider />
          <BreadcrumbItem>{list.name}</BreadcrumbItem>
        </Breadcrumb>
        <PageHead title={p.displayName}>
          <Button size="small" icon={<AddRegular />} onClick={() => patch({ row: 'new', tab: undefined })}>
            {t('watchlist.addRow')}
          </Button>
          <Button size="small" icon={<ArrowUploadRegular />} onClick={() => setUploading(true)}>
            {t('watchlist.upload')}
          </Button>
          <Button size="small" appearance="subtle" icon={<DeleteRegular />} onClick={() => void remove()}>
            {t('watchlist.delete')}
          </Button>
        </PageHead>
        <Facts list={list} />
        <div className={styles.tabs}>
          <TabList selectedValue={search.tab ?? 'items'} onTabSelect={(_, data) => patch({ tab: data.value === 'versions' ? 'versions' : undefined, row: undefined })}>
            <Tab value="items">{t('watchlist.items')}</Tab>
            <Tab value="versions">{t('watchlist.versions')}</Tab>
          </TabList>
        </div>
        {search.tab === 'versions' ? (
          <Versions list={list} open={search.v ?? null} onOpen={(v) => patch({ v })} />
        ) : (
          <>
            <div className={styles.filters} role="search">
              <SearchWords id="item-search" words={search.q ?? ''} label={t('watchlist.findItem')} placeholder={t('incidents.search')} onChange={(q) => patch({ q: q || undefined })} />
            </div>
            {query.error && <Failure title={t('failure.load')} error={query.error} onRetry={() => void query.refetch()} />}
            <Table label={t('watchlist.items')} columns={columns} rows={rows} rowKey={(one) => one.name} rowHeight={ROW_HEIGHT[density]} total={search.q ? undefined : p.itemsCount} selected={current?.name ?? null} onSelect={(one) => patch({ row: one.name })} busy={query.isPending} onEnd={more} empty={query.isPending || query.error ? null : <Empty text={search.q ? t('watchlist.noItem') : t('watchlist.emptyList')} />} />
          </>
        )}
      </div>
      {!search.tab && (current || search.row === 'new') && <ItemPane key={`${search.row} ${current?.etag}`} list={list} item={current} onDone={() => patch({ row: undefined })} onChanged={changed} />}
      {uploading && <UploadDialog list={list} onCancel={() => setUploading(false)} onDone={() => setUploading(false)} />}
    </div>
  );
}

export default function WatchlistPage() {
  const { alias } = route.useParams();
  const { data, error, refetch } = useQuery(watchlistQuery(useWorkspace(), alias));
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <Skeleton aria-label={t('waiting')} style={{ padding: 24, display: 'grid', gap: 16 }}>
        <SkeletonItem style={{ height: 28, width: 320 }} />
        <SkeletonItem style={{ height: 320 }} />
      </Skeleton>
    );
  }
  return <Inside key={data.name} list={data} />;
}
