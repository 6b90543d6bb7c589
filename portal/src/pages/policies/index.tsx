import { useMemo } from 'react';
import { Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { KINDS, policiesQuery } from '@api/policies';
import { adviceQuery } from '@api/posture';
import { useTitle } from '@app/hooks';
import { stepFrom, useListKeys, usePatch } from '@app/useList';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { useSubscription } from '@app/usePosture';
import { t, type MessageKey } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { FindBox } from '@ui/FindBox';
import { ViewTabs, useListStyles } from '@ui/ListPage';
import { PageHead } from '@ui/PageHead';
import { Table } from '@ui/Table';
import { policyColumns } from './parts/columns';
import { Pane } from './parts/Pane';
import { Workshop } from './parts/Workshop';
import { kindOf, select, type PoliciesSearch } from './search';

const route = getRouteApi('/shell/policies');

export default function PoliciesPage() {
  const styles = useListStyles();
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
  const write = usePatch<PoliciesSearch>();
  const patch = (change: PoliciesSearch) => write(change, true);
  const step = (by: number) => {
    const next = stepFrom(rows, current ? rows.indexOf(current) : -1, by);
    if (next && search.edit === undefined) patch({ sel: next.id });
  };
  useListKeys({ step, search: 'policy-search', escape: () => patch({ sel: undefined }) });
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
        <ViewTabs
          views={KINDS}
          view={kind}
          label={t('nav.policies')}
          word={(one) => t(`policies.${one}` as MessageKey)}
          count={(one) => (one === kind ? data?.length : undefined)}
          onChange={(one) => patch({ kind: one === 'definitions' ? undefined : one, sel: undefined })}
        />
        <div className={styles.filters}>
          <FindBox id="policy-search" label={t('policies.find')} value={search.q ?? ''} onFind={(q) => patch({ q: q || undefined })} />
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
      {current && <Pane key={current.id} one={current} kind={kind} onStep={step} onDismiss={() => patch({ sel: undefined })} />}
    </div>
  );
}
