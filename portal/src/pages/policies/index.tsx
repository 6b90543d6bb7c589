import { useMemo } from 'react';
import { Button, Tab, TabList, makeStyles } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { KINDS, policiesQuery, type PolicyKind } from '@api/policies';
import { adviceQuery } from '@api/posture';
import { useTitle } from '@app/hooks';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { useSubscription } from '@app/usePosture';
import { t, type MessageKey } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { FindBox } from '@ui/FindBox';
import { PageHead } from '@ui/PageHead';
import { Table } from '@ui/Table';
import { tokens } from '@ui/theme';
import { policyColumns } from './parts/columns';
import { Pane } from './parts/Pane';
import { Workshop } from './parts/Workshop';
import { kindOf, select, type PoliciesSearch } from './search';

const useStyles = makeStyles({
  split: { flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', position: 'relative' },
  list: { display: 'flex', flexDirection: 'column', minWidth: 0, minHeight: 0, backgroundColor: tokens.colorNeutralBackground1 },
  tabs: { padding: '0 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflowX: 'auto', overflowY: 'hidden', flexShrink: 0 },
  filters: { display: 'flex', gap: '8px', padding: '8px 24px' },
});

const route = getRouteApi('/shell/policies');

export default function PoliciesPage() {
  const styles = useStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { density } = usePrefs();
  const kind = kindOf(search);
  const { data, error, isPending, refetch } = useQuery(policiesQuery(useSubscription(), kind));
  const rows = useMemo(() => select(data ?? [], search.q ?? ''), [data, search.q]);
  const advice = useQuery(adviceQuery).data;
  const columns = useMemo(() => policyColumns(kind, advice), [kind, advice]);
  const current = rows.find((one) => one.id === search.sel) ?? null;
  useTitle(t('nav.policies'));
  const patch = (change: PoliciesSearch) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...change }), replace: true });
  const edited = search.edit === undefined || search.edit === 'new' ? undefined : data?.find((one) => one.id === search.edit);
  if (search.edit !== undefined && (edited || search.edit === 'new')) {
    return <Workshop key={search.edit} one={edited} onSaved={(id) => void navigate({ to: '/policies', search: { sel: id } })} />;
  }
  return (
    <div className={styles.split}>
      <div className={styles.list}>
        <PageHead title={t('nav.policies')}>
          <Button size="small" icon={<AddRegular />} onClick={() => void navigate({ to: '/policies', search: { edit: 'new' } })}>
            {t('definition.newDots')}
          </Button>
        </PageHead>
        <div className={styles.tabs}>
          <TabList selectedValue={kind} onTabSelect={(_, chosen) => patch({ kind: chosen.value === 'definitions' ? undefined : (chosen.value as PolicyKind), sel: undefined })} aria-label={t('nav.policies')}>
            {KINDS.map((one) => (
              <Tab key={one} value={one}>
                {t(`policies.${one}` as MessageKey)}
                {one === kind && data ? ` ${data.length}` : ''}
              </Tab>
            ))}
          </TabList>
        </div>
        <div className={styles.filters}>
          <FindBox label={t('policies.find')} value={search.q ?? ''} onFind={(q) => patch({ q: q || undefined })} />
        </div>
        {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
        <Table
          label={t(`policies.${kind}` as MessageKey)}
          columns={columns}
          rows={rows}
          rowKey={(one) => one.id}
          rowHeight={ROW_HEIGHT[density]}
          selected={current?.id ?? null}
          onSelect={(one) => patch({ sel: one.id })}
          busy={isPending}
          empty={isPending || error ? null : <Empty text={search.q ? t('policies.noMatch') : t('policies.none')} />}
        />
      </div>
      {current && <Pane key={current.id} one={current} kind={kind} onDismiss={() => patch({ sel: undefined })} />}
    </div>
  );
}
