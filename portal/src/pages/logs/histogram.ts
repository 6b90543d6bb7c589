/** Rows over time, from the rows shown: how many fall into each of at most 60 even steps. */
import type { RowSet } from '@api/types';

export interface Histogram {
  from: number;
  step: number;
  counts: number[];
}

const MOST_STEPS = 60;

export function timeColumn(set: RowSet): number {
  const named = set.columns.findIndex((column) => column.name === 'TimeGenerated' && column.type === 'datetime');
  return named >= 0 ? named : set.columns.findIndex((column) => column.type === 'datetime');
}

export function histogram(set: RowSet): Histogram | null {
  const column = timeColumn(set);
  if (column < 0) return null;
  const times = set.rows.map((row) => Date.parse(String(row[column]))).filter((time) => !Number.isNaN(time));
  if (times.length < 2) return null;
  const from = times.reduce((a, b) => Math.min(a, b));
  const to = times.reduce((a, b) => Math.max(a, b));
  if (from === to) return null;
  const step = Math.max(1, Math.ceil((to - from + 1) / MOST_STEPS));
  const counts = new Array<number>(Math.ceil((to - from + 1) / step)).fill(0);
  for (const time of times) {
    const at = Math.floor((time - from) / step);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { from, step, counts };
}
