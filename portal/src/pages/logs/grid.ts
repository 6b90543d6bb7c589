/** Sorting and sizing of results. */
import type { Cell, Column, RowSet } from '@api/types';
import { cellText, isNumber } from '@ui/cells';
import type { TableSort } from '@ui/Table';

/** Nulls stand last whichever way one sorts; numbers by value, all else as text. */
export function compareCells(a: Cell | undefined, b: Cell | undefined, type: string): number {
  const emptyA = a === null || a === undefined;
  const emptyB = b === null || b === undefined;
  if (emptyA || emptyB) return emptyA && emptyB ? 0 : emptyA ? Infinity : -Infinity;
  if (isNumber(type)) return Number(a) - Number(b);
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

export function sortRows<T extends { cells: Cell[] }>(rows: readonly T[], columns: readonly Column[], sort: TableSort): T[] {
  const index = Number(sort.id);
  const type = columns[index]?.type ?? 'string';
  return [...rows].sort((a, b) => {
    const order = compareCells(a.cells[index], b.cells[index], type);
    return Number.isFinite(order) && sort.desc ? -order : order;
  });
}

const CHARACTER = 7.3;
const SAMPLE = 60;

/** Wide enough for the header and most of what the first rows hold, 60 to 420 px. */
export function columnWidths(set: RowSet): number[] {
  return set.columns.map((column, index) => {
    const longest = set.rows.slice(0, SAMPLE).reduce((most, row) => Math.max(most, cellText(row[index], column.type).length), 0);
    return Math.round(Math.min(420, Math.max(64, Math.max(longest, column.name.length + 2) * CHARACTER + 18)));
  });
}
