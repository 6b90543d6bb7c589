import { useMemo } from 'react';
import { Button, Dropdown, Option } from '@fluentui/react-components';
import { ArrowSyncRegular, CodeRegular, GlobeRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { INVENTORY_KQL, inventoryQuery, type ResourceRow } from '@api/inventory';
import { useTitle } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { usePatch } from '@app/useList';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { useSubscription } from '@app/usePosture';
import { t, type MessageKey } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { FindBox } from '@ui/FindBox';
import { ViewTabs, useListStyles } from '@ui/ListPage';
import { PageHead } from '@ui/PageHead';
import { Risk, riskAt } from '@ui/posture/Risk';
import { StateBar } from '@ui/posture/StateBar';
import { Table, type TableColumn } from '@ui/Table';
import { TextLink } from '@ui/TextLink';
import { VIEWS, inView, select, types, viewOf, type InventorySearch } from './search';

const route = getRouteApi('/shell/inventory');

function Exposed() {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6 }}>
      <GlobeRegular aria-hidden="true" />
      {t('inventory.internet')}
    </span>
  );
}

const COLUMNS = (): TableColumn<ResourceRow>[] => [
  {
    id: 'name',
    header: t('posture.resource'),
    label: t('posture.resource'),
    width: 'minmax(180px, 1fr)',
    cell: (one) => (
      <TextLink to="/resources/$" params={{ _splat: one.id.slice(1) }}>
        {one.name}
      </TextLink>
    ),
    title: (one) => one.id,
  },
  { id: 'type', header: t('posture.type'), label: t('posture.type'), width: 'minmax(160px, 1fr)', cell: (one) => one.type, title: (one) => one.type },
  { id: 'group', header: t('posture.group'), label: t('posture.group'), width: '140px', cell: (one) => one.resourceGroup || '–' },
  {
    id: 'tags',
    header: t('posture.tags'),
    label: t('posture.tags'),
    width: 'minmax(100px, 240px)',
    cell: (one) => Object.entries(one.tags ?? {}).map(([name, value]) => `${name}=${value}`).join(', ') || '–',
  },
  {
    id: 'exposed',
    header: t('inventory.exposed'),
    label: t('inventory.exposedLabel'),
    width: '110px',
    cell: (one) => (one.exposed ? <Exposed /> : '–'),
  },
  { id: 'risk', header: t('risk.level'), label: t('inventory.riskLabel'), width: '130px', cell: (one) => (one.unhealthy > 0 ? <Risk level={riskAt(one.risk)} /> : '–') },
  { id: 'bar', header: t('nav.recommendations'), label: t('nav.recommendations'), width: '150px', cell: (one) => <StateBar states={one} /> },
  { id: 'open', header: t('standing.unhealthy'), label: t('standing.unhealthy'), width: '110px', align: 'right', cell: (one) => one.unhealthy },
  { id: 'high', header: t('severity.High'), label: t('severity.High'), width: '70px', align: 'right', cell: (one) => one.high },
];

export default function InventoryPage() {
  const styles = useListStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { notify } = useNotify();
  const { density } = usePrefs();
  const { data, error, isPending, isFetching, refetch } = useQuery(inventoryQuery(useSubscription()));
  const list = data ?? [];
  const rows = useMemo(() => select(list, search), [list, search]);
  const columns = useMemo(COLUMNS, []);
  useTitle(t('nav.inventory'));
  const write = usePatch<InventorySearch>();
  const patch = (change: InventorySearch) => write(change, true);
  const open = (one: ResourceRow) => void navigate({ to: '/resources/$', params: { _splat: one.id.slice(1) } });
  return (
    <div className={styles.list}>
      <PageHead title={t('nav.inventory')}>
        <Button size="small" appearance="subtle" icon={<ArrowSyncRegular />} onClick={() => void refetch()}>
          {t('action.refresh')}
        </Button>
        <Button size="small" appearance="subtle" icon={<CodeRegular />} onClick={() => void navigator.clipboard.writeText(INVENTORY_KQL).then(() => notify({ text: t('copied.kql') }))}>
          {t('action.copyKql')}
        </Button>
      </PageHead>
      <ViewTabs
        views={VIEWS}
        view={viewOf(search)}
        word={(view) => t(`inventory.view.${view}` as MessageKey)}
        count={(view) => (data ? inView(view, list).length : undefined)}
        onChange={(view) => patch({ view: view === 'all' ? undefined : view })}
      />
      <div className={styles.filters}>
        <FindBox label={t('inventory.find')} value={search.q ?? ''} onFind={(q) => patch({ q: q || undefined })} />
        <Dropdown
          size="small"
          aria-label={t('posture.type')}
          value={search.type ?? t('inventory.anyType')}
          selectedOptions={[search.type ?? '']}
          onOptionSelect={(_, chosen) => patch({ type: chosen.optionValue || undefined })}
        >
          <Option value="">{t('inventory.anyType')}</Option>
          {types(list, search).map(([type, n]) => (
            <Option key={type} value={type} text={type}>
              {`${type} ${n}`}
            </Option>
          ))}
        </Dropdown>
      </div>
      {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
      <Table
        label={t('nav.inventory')}
        columns={columns}
        rows={rows}
        rowKey={(one) => one.id}
        rowHeight={ROW_HEIGHT[density]}
        onOpen={open}
        busy={isFetching && isPending}
        empty={isPending || error ? null : <Empty text={list.length === 0 ? t('inventory.none') : t('inventory.noMatch')} />}
      />
    </div>
  );
}
