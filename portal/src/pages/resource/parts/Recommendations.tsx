import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { resourceAssessmentsQuery, type Assessment } from '@api/assessments';
import { adviceQuery, type Advice } from '@api/posture';
import { SEVERITIES } from '@api/types';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { useSubscription } from '@app/usePosture';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { evidenceLine } from '@ui/posture/Evidence';
import { Standing } from '@ui/posture/Standing';
import { Severity } from '@ui/Severity';
import { Table, type TableColumn } from '@ui/Table';
import { TextLink } from '@ui/TextLink';

interface Row {
  one: Assessment;
  advice: Advice;
}

const ORDER = ['unhealthy', 'awaits', 'notMeasured', 'exempt', 'healthy', 'notApplicable'];
const byWorst = (a: Row, b: Row) =>
  ORDER.indexOf(a.one.standing) - ORDER.indexOf(b.one.standing) ||
  SEVERITIES.indexOf(a.advice.severity) - SEVERITIES.indexOf(b.advice.severity) ||
  a.advice.title.localeCompare(b.advice.title);

const COLUMNS = (): TableColumn<Row>[] => [
  { id: 'standing', header: t('column.status'), label: t('column.status'), width: '160px', cell: (row) => <Standing value={row.one.standing} /> },
  { id: 'severity', header: t('column.severity'), label: t('column.severity'), width: '110px', cell: (row) => <Severity value={row.advice.severity} /> },
  {
    id: 'title',
    header: t('advice.title'),
    label: t('advice.title'),
    width: 'minmax(220px, 2fr)',
    cell: (row) => (
      <TextLink to="/recommendations/$id" params={{ id: row.advice.id }} search={{ res: row.one.resource, tab: row.one.standing }}>
        {row.advice.title}
      </TextLink>
    ),
    title: (row) => row.advice.title,
  },
  { id: 'found', header: t('posture.found'), label: t('posture.found'), width: 'minmax(160px, 2fr)', cell: (row) => evidenceLine(row.one), title: (row) => evidenceLine(row.one) },
];

/** Everything that this resource is held against, the worst first. */
export function Recommendations({ resource }: { resource: string }) {
  const navigate = useNavigate();
  const { density } = usePrefs();
  const list = useQuery(resourceAssessmentsQuery(useSubscription(), resource));
  const advice = useQuery(adviceQuery);
  const columns = useMemo(COLUMNS, []);
  const rows = useMemo(
    () =>
      (list.data ?? [])
        .flatMap((one): Row[] => {
          const known = advice.data?.get(one.name);
          return known ? [{ one, advice: known }] : [];
        })
        .sort(byWorst),
    [list.data, advice.data],
  );
  const error = list.error ?? advice.error;
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void Promise.all([list.refetch(), advice.refetch()])} />;
  return (
    <Table
      label={t('nav.recommendations')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.one.name}
      rowHeight={ROW_HEIGHT[density]}
      onOpen={(row) => void navigate({ to: '/recommendations/$id', params: { id: row.advice.id }, search: { res: row.one.resource, tab: row.one.standing } })}
      busy={list.isPending}
      empty={list.isPending ? null : <Empty text={t('resource.noPolicy')} />}
    />
  );
}
