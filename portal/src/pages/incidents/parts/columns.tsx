import { AlertRegular } from '@fluentui/react-icons';
import { makeStyles } from '@fluentui/react-components';
import type { Incident } from '@api/types';
import { t } from '@i18n/t';
import { priority } from '@ui/incident/priority';
import { OwnerMark, ownerName } from '@ui/Owner';
import { Severity } from '@ui/Severity';
import { Status } from '@ui/Status';
import type { TableColumn } from '@ui/Table';
import { EntityChip } from '@ui/Entity';
import { tokens } from '@ui/theme';
import { age, exact } from '@ui/time';

const useStyles = makeStyles({
  fresh: { fontWeight: tokens.fontWeightSemibold },
  chips: { display: 'flex', gap: '4px', overflow: 'hidden', '& > span': { maxWidth: '130px' } },
});

function Title({ incident }: { incident: Incident }) {
  const styles = useStyles();
  return <span className={incident.properties.status === 'New' ? styles.fresh : undefined}>{incident.properties.title}</span>;
}

function Entities({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const list = incident.properties.additionalData?.entities ?? [];
  return (
    <span className={styles.chips}>
      {list.slice(0, 2).map((one) => (
        <EntityChip key={`${one.kind} ${one.name}`} entity={{ kind: one.kind, properties: { friendlyName: one.name } }} />
      ))}
    </span>
  );
}

function priorityHint(incident: Incident, now: number): string {
  return t('priority.sum', { ...priority(incident, now) });
}

/** Wide: everything. Narrow (the pane is open): what the pane does not show is enough. */
export function queueColumns(narrow: boolean, now: number): TableColumn<Incident>[] {
  const p = (incident: Incident) => incident.properties;
  const columns: (TableColumn<Incident> | null)[] = [
    {
      id: 'severity',
      header: narrow ? '' : t('column.severity'),
      label: t('column.severity'),
      width: narrow ? '30px' : '110px',
      sortable: !narrow,
      cell: (one) => <Severity value={p(one).severity} word={!narrow} hint={priorityHint(one, now)} />,
    },
    {
      id: 'number',
      header: t('column.number'),
      label: t('column.number'),
      width: narrow ? '52px' : '60px',
      sortable: true,
      cell: (one) => p(one).incidentNumber,
    },
    {
      id: 'title',
      header: t('column.incident'),
      label: t('column.incident'),
      width: 'minmax(200px, 1fr)',
      sortable: true,
      title: (one) => p(one).title,
      cell: (one) => <Title incident={one} />,
    },
    { id: 'status', header: t('column.status'), label: t('column.status'), width: '118px', sortable: true, cell: (one) => <Status value={p(one).status} /> },
    narrow
      ? null
      : { id: 'entities', header: t('column.entities'), label: t('column.entities'), width: 'minmax(0, 216px)', cell: (one) => <Entities incident={one} /> },
    {
      id: 'owner',
      header: narrow ? '' : t('column.owner'),
      label: t('column.owner'),
      width: narrow ? '40px' : '136px',
      sortable: !narrow,
      title: (one) => ownerName(p(one).owner) ?? undefined,
      cell: (one) => <OwnerMark owner={p(one).owner} word={!narrow} />,
    },
    {
      id: 'alerts',
      header: <AlertRegular fontSize={14} style={{ display: 'block' }} aria-label={t('column.alerts')} />,
      label: t('column.alerts'),
      width: narrow ? '44px' : '56px',
      align: 'right',
      sortable: true,
      cell: (one) => p(one).additionalData?.alertsCount ?? '–',
    },
    {
      id: 'created',
      header: t('column.age'),
      label: t('column.age'),
      width: '72px',
      align: 'right',
      sortable: true,
      title: (one) => exact(p(one).createdTimeUtc),
      cell: (one) => age(p(one).createdTimeUtc, now),
    },
  ];
  return columns.filter((column): column is TableColumn<Incident> => column !== null);
}
