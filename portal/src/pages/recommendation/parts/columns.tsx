import type { Assessment } from '@api/assessments';
import { t } from '@i18n/t';
import { evidenceLine } from '@ui/posture/Evidence';
import { Standing } from '@ui/posture/Standing';
import type { TableColumn } from '@ui/Table';
import { TextLink } from '@ui/TextLink';
import { age, exact } from '@ui/time';

export function assessmentColumns(now: number): TableColumn<Assessment>[] {
  return [
    {
      id: 'resource',
      header: t('posture.resource'),
      label: t('posture.resource'),
      width: 'minmax(160px, 1fr)',
      cell: (one) => (
        <TextLink to="/resources/$" params={{ _splat: one.resource.slice(1) }}>
          {one.resourceName}
        </TextLink>
      ),
      title: (one) => one.resource,
    },
    { id: 'type', header: t('posture.type'), label: t('posture.type'), width: 'minmax(120px, 260px)', cell: (one) => one.resourceType, title: (one) => one.resourceType },
    { id: 'standing', header: t('column.status'), label: t('column.status'), width: '150px', cell: (one) => <Standing value={one.standing} /> },
    { id: 'found', header: t('posture.found'), label: t('posture.found'), width: 'minmax(160px, 2fr)', cell: evidenceLine, title: evidenceLine },
    { id: 'since', header: t('posture.since'), label: t('posture.since'), width: '84px', align: 'right', cell: (one) => age(one.since, now), title: (one) => exact(one.since) },
  ];
}
