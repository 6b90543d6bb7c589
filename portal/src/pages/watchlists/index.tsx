import { useMemo, useState } from 'react';
import { Button, makeStyles } from '@fluentui/react-components';
import { ArrowUploadRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { watchlistsQuery, type Watchlist } from '@api/watchlists';
import { useTitle, useWorkspace } from '@app/hooks';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { PageHead } from '@ui/PageHead';
import { SearchWords } from '@ui/SearchWords';
import { Table, type TableColumn } from '@ui/Table';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { exact, grouped, when } from '@ui/time';
import { UploadDialog, type Draft } from '@ui/watchlist/UploadDialog';

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground1 },
  filters: { padding: '8px 24px 10px' },
  mono: { fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200 },
});

const route = getRouteApi('/shell/watchlists');

/** Three to start from; each opens the upload with a few lines to write over. */
const EXAMPLES = (): Draft[] => [
  { alias: 'VIPs', displayName: t('watchlist.exampleVips'), key: 'Account', text: 'Account,Name,Reason\nalice@corp.example,Alice Lind,CFO\n' },
  { alias: 'ServiceAccounts', displayName: t('watchlist.exampleService'), key: 'Account', text: 'Account,Owner,Host\nCORP\\svc-backup,Storage team,SRV-BK01\n' },
  { alias: 'Scanners', displayName: t('watchlist.exampleScanners'), key: 'Address', text: 'Address,Name,Until\n10.4.9.12,Weekly port scan,2027-01-31\n' },
];

function useColumns(): TableColumn<Watchlist>[] {
  const styles = useStyles();
  return useMemo(() => {
    const p = (one: Watchlist) => one.properties;
    return [
      {
        id: 'name',
        header: t('column.name'),
        label: t('column.name'),
        width: 'minmax(180px, 1fr)',
        title: (one) => p(one).description,
        cell: (one) => (
          <TextLink to="/watchlists/$alias" params={{ alias: one.name }}>
            {p(one).displayName}
          </TextLink>
        ),
      },
      { id: 'alias', header: t('watchlist.alias'), label: t('watchlist.alias'), width: 'minmax(120px, 200px)', cell: (one) => <span className={styles.mono}>{p(one).watchlistAlias}</span> },
      { id: 'items', header: t('watchlist.items'), label: t('watchlist.items'), width: '80px', align: 'right', cell: (one) => grouped(p(one).itemsCount) },
      { id: 'key', header: t('watchlist.key'), label: t('watchlist.key'), width: 'minmax(100px, 160px)', cell: (one) => p(one).itemsSearchKey },
      { id: 'used', header: t('watchlist.usedBy'), label: t('watchlist.usedBy'), width: 'minmax(120px, 1fr)', title: (one) => p(one).usedBy.map((rule) => rule.name).join(', '), cell: (one) => p(one).usedBy.map((rule) => rule.name).join(', ') || '–' },
      { id: 'who', header: t('watchlist.changedBy'), label: t('watchlist.changedBy'), width: '140px', cell: (one) => p(one).updatedBy?.name || '–' },
      { id: 'when', header: t('column.time'), label: t('column.time'), width: '140px', align: 'right', title: (one) => exact(p(one).updated), cell: (one) => when(p(one).updated) },
    ];
  }, [styles]);
}

export default function WatchlistsPage() {
  const styles = useStyles();
  const navigate = useNavigate();
  const { q = '' } = route.useSearch();
  const { density } = usePrefs();
  const [begin, setBegin] = useState<Draft | 'new' | null>(null);
  const { data, error, isPending, isFetching, refetch } = useQuery(watchlistsQuery(useWorkspace()));
  const columns = useColumns();
  useTitle(t('nav.watchlists'));
  const words = q.toLowerCase();
  const rows = (data ?? []).filter(({ properties: p }) => `${p.watchlistAlias} ${p.displayName} ${p.description ?? ''}`.toLowerCase().includes(words));
  const open = (alias: string) => void navigate({ to: '/watchlists/$alias', params: { alias } });
  const empty =
    words !== '' ? (
      <Empty text={t('watchlist.noMatch')} />
    ) : (
      <Empty text={t('watchlist.none')}>
        {EXAMPLES().map((one) => (
          <Button key={one.alias} onClick={() => setBegin(one)}>
            {one.displayName}
          </Button>
        ))}
      </Empty>
    );
  return (
    <div className={styles.page}>
      <PageHead title={t('nav.watchlists')}>
        <Button size="small" appearance="primary" icon={<ArrowUploadRegular />} onClick={() => setBegin('new')}>
          {t('watchlist.upload')}
        </Button>
      </PageHead>
      <div className={styles.filters} role="search">
        <SearchWords id="watchlist-search" words={q} label={t('watchlist.find')} placeholder={t('incidents.search')} onChange={(next) => void navigate({ to: '/watchlists', search: { q: next || undefined }, replace: true })} />
      </div>
      {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
      <Table label={t('nav.watchlists')} columns={columns} rows={rows} rowKey={(one) => one.name} rowHeight={ROW_HEIGHT[density]} onOpen={(one) => open(one.name)} busy={isFetching && isPending} empty={isPending || error ? null : empty} />
      {begin && <UploadDialog begin={begin === 'new' ? undefined : begin} onCancel={() => setBegin(null)} onDone={open} />}
    </div>
  );
}
