import { makeStyles } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import type { Finding } from '@api/alerts';
import { t } from '@i18n/t';
import { AlertStatus } from '@ui/AlertStatus';
import { Severity } from '@ui/Severity';
import type { TableColumn } from '@ui/Table';
import { TextLink } from '@ui/TextLink';
import { tacticWord } from '@ui/tactics';
import { tokens } from '@ui/theme';
import { age, exact, grouped, percent } from '@ui/time';
import { isHeap, ruleName, type Grouping, type Heap, type Line } from '../groups';

const useStyles = makeStyles({
  fresh: { fontWeight: tokens.fontWeightSemibold },
  heap: { fontWeight: tokens.fontWeightSemibold, display: 'inline-flex', alignItems: 'center', gap: '6px' },
  note: { color: tokens.colorNeutralForeground3 },
});

function Title({ one }: { one: Finding }) {
  const styles = useStyles();
  return <span className={one.properties.status === 'Active' ? styles.fresh : undefined}>{one.properties.alertDisplayName}</span>;
}

function Rule({ one, precision }: { one: Finding; precision: number | null | undefined }) {
  const styles = useStyles();
  return (
    <>
      {ruleName(one)} {precision != null && <span className={styles.note}>{percent(precision)}</span>}
    </>
  );
}

function Case({ one }: { one: Finding }) {
  const number = one.properties.incidentNumber;
  if (!number) return <>–</>;
  return (
    <TextLink to="/incidents/$number" params={{ number: String(number) }} search={{ tab: 'alerts', alert: one.name }} aria-label={t('incident.number', { n: number })}>
      {number}
    </TextLink>
  );
}

function HeapTitle({ one }: { one: Heap }) {
  const styles = useStyles();
  const Chevron = one.open ? ChevronDownRegular : ChevronRightRegular;
  return (
    <span className={styles.heap}>
      <Chevron aria-hidden="true" /> {one.title} <span className={styles.note}>×{grouped(one.count)}</span>
      <span className="visually-hidden">{t(one.open ? 'alertList.opened' : 'alertList.closed')}</span>
    </span>
  );
}

/** What a line of a group says in a column of alerts; most columns say nothing. */
function heapCell(id: string, one: Heap, by: Grouping, narrow: boolean, now: number) {
  switch (id) {
    case 'severity':
      return <Severity value={one.severity} word={!narrow} />;
    case 'title':
      return <HeapTitle one={one} />;
    case 'entity':
      return by === 'rule' ? t('alertList.things', { n: one.others }) : '';
    case 'rule':
      return by === 'entity' ? t('alertList.rules', { n: one.others }) : '';
    case 'age':
      return age(one.newest, now);
    default:
      return '';
  }
}

/** The columns of alerts for a list in which groups stand as well. */
export function lineColumns(columns: TableColumn<Finding>[], by: Grouping, narrow: boolean, now: number): TableColumn<Line>[] {
  return columns.map((column) => ({
    ...column,
    cell: (line) => (isHeap(line) ? heapCell(column.id, line, by, narrow, now) : column.cell(line)),
    title: (line) => (isHeap(line) ? (column.id === 'title' ? line.title : undefined) : column.title?.(line)),
  }));
}

/** Wide: everything. Narrow (the pane is open): what the pane does not show is enough. */
export function alertColumns(narrow: boolean, now: number, precision: ReadonlyMap<string, number | null>): TableColumn<Finding>[] {
  const p = (one: Finding) => one.properties;
  const columns: (TableColumn<Finding> | null)[] = [
    { id: 'severity', header: narrow ? '' : t('column.severity'), label: t('column.severity'), width: narrow ? '30px' : '110px', cell: (one) => <Severity value={p(one).severity} word={!narrow} /> },
    { id: 'title', header: t('column.alert'), label: t('column.alert'), width: 'minmax(200px, 2fr)', title: (one) => p(one).alertDisplayName, cell: (one) => <Title one={one} /> },
    narrow ? null : { id: 'entity', header: t('column.entity'), label: t('column.entity'), width: 'minmax(0, 150px)', title: (one) => p(one).compromisedEntity ?? undefined, cell: (one) => p(one).compromisedEntity || '–' },
    narrow
      ? null
      : { id: 'tactic', header: t('column.tactic'), label: t('column.tactic'), width: 'minmax(0, 150px)', title: (one) => p(one).tactics?.map(tacticWord).join(', '), cell: (one) => p(one).tactics?.map(tacticWord).join(', ') || '–' },
    narrow
      ? null
      : { id: 'rule', header: t('column.rule'), label: t('column.ruleHint'), width: 'minmax(0, 1fr)', title: ruleName, cell: (one) => <Rule one={one} precision={precision.get(p(one).alertType)} /> },
    { id: 'status', header: t('column.status'), label: t('column.status'), width: '118px', cell: (one) => <AlertStatus value={p(one).status} /> },
    { id: 'incident', header: narrow ? t('column.number') : t('column.incident'), label: t('column.incident'), width: narrow ? '48px' : '76px', align: 'right', cell: (one) => <Case one={one} /> },
    { id: 'age', header: t('column.age'), label: t('column.age'), width: '72px', align: 'right', title: (one) => exact(p(one).timeGeneratedUtc), cell: (one) => age(p(one).timeGeneratedUtc, now) },
  ];
  return columns.filter((column): column is TableColumn<Finding> => column !== null);
}
