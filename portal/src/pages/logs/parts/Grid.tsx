import { useMemo, useState } from 'react';
import { Button, makeStyles } from '@fluentui/react-components';
import { BookmarkAddRegular, ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import type { Cell, RowSet } from '@api/types';
import { usePrefs } from '@app/prefs';
import { t } from '@i18n/t';
import { BookmarkDialog } from '@ui/BookmarkDialog';
import { cellText, isNumber } from '@ui/cells';
import { FieldList } from '@ui/FieldList';
import { Table, type TableColumn, type TableSort } from '@ui/Table';
import { tokens } from '@ui/theme';
import { columnWidths, sortRows } from '../grid';
import { CellMenu, type CellAt } from './CellMenu';

const useStyles = makeStyles({
  mono: { fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200 },
  detail: { position: 'relative' },
  keep: { position: 'absolute', top: '8px', right: '16px' },
  caret: { minWidth: '24px', width: '24px', height: '24px' },
});

const HEIGHT = { compact: 26, normal: 30, comfortable: 38 };
interface GridRow {
  id: string;
  cells: Cell[];
}

/** Results: virtual rows, sorted here, opened as fields; a cell can become a filter. */
export function Grid({ set, query, onFilter }: { set: RowSet; query: string; onFilter: (line: string) => void }) {
  const styles = useStyles();
  const { density } = usePrefs();
  const [sort, setSort] = useState<TableSort | null>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [kept, setKept] = useState<Cell[] | null>(null);
  const [cell, setCell] = useState<CellAt | null>(null);
  const rows = useMemo(() => {
    const list = set.rows.map((cells, index): GridRow => ({ id: String(index), cells }));
    return sort ? sortRows(list, set.columns, sort) : list;
  }, [set, sort]);
  const widths = useMemo(() => columnWidths(set), [set]);
  const toggle = (id: string) =>
    setOpen((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const columns = useMemo((): TableColumn<GridRow>[] => {
    const data = set.columns.map((column, index): TableColumn<GridRow> => ({
      id: String(index),
      header: column.name,
      label: `${column.name}: ${column.type}`,
      width: index === set.columns.length - 1 ? `minmax(${widths[index] ?? 100}px, 1fr)` : `${widths[index] ?? 100}px`,
      align: isNumber(column.type) ? 'right' : undefined,
      sortable: true,
      title: (row) => cellText(row.cells[index], column.type),
      cell: (row) => <span className={styles.mono}>{cellText(row.cells[index], column.type)}</span>,
    }));
    const caret: TableColumn<GridRow> = {
      id: 'open',
      header: '',
      label: t('rows.fields'),
      width: '40px',
      cell: (row) => (
        <Button
          size="small"
          appearance="transparent"
          className={styles.caret}
          tabIndex={-1}
          icon={open.has(row.id) ? <ChevronDownRegular /> : <ChevronRightRegular />}
          aria-expanded={open.has(row.id)}
          aria-label={t('rows.fields')}
          onClick={() => toggle(row.id)}
        />
      ),
    };
    return [caret, ...data];
  }, [set, widths, open, styles]);
  const onSort = (id: string) => setSort((old) => (old?.id !== id ? { id, desc: false } : old.desc ? null : { id, desc: true }));
  return (
    <>
      <Table
        label={t('logs.results')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        rowHeight={HEIGHT[density]}
        padding={12}
        minWidth={64 + widths.reduce((sum, width) => sum + width, 0)}
        sort={sort}
        onSort={onSort}
        onOpen={(row) => toggle(row.id)}
        onCellMenu={(row, id, at) => {
          const column = set.columns[Number(id)];
          if (id !== 'open' && column) setCell({ column, value: row.cells[Number(id)] ?? null, ...at });
        }}
        detail={(row) =>
          open.has(row.id) ? (
            <div className={styles.detail}>
              <Button size="small" className={styles.keep} icon={<BookmarkAddRegular />} onClick={() => setKept(row.cells)}>
                {t('bookmark.row')}
              </Button>
              <FieldList set={set} row={row.cells} />
            </div>
          ) : null
        }
      />
      {kept && <BookmarkDialog set={set} row={kept} query={query} onDone={() => setKept(null)} />}
      {cell && (
        <CellMenu
          cell={cell}
          onClose={() => setCell(null)}
          onFilter={(line) => {
            setCell(null);
            onFilter(line);
          }}
        />
      )}
    </>
  );
}
