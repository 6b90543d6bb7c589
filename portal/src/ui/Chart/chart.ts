/** A query's answer as ECharts wants it: which column is x, which split the series, which are measured. */
import type { Cell, QueryAnswer, RowSet } from '@api/types';
import { isNumber } from '../cells';

export type ChartKind = 'line' | 'area' | 'bar' | 'column' | 'pie' | 'scatter';

export interface Series {
  name: string;
  points: [string | number, number | null][];
}
export interface ChartData {
  kind: ChartKind;
  title: string | null;
  time: boolean;
  categories: string[];
  series: Series[];
}

const KINDS: Record<string, ChartKind> = {
  timechart: 'line',
  linechart: 'line',
  areachart: 'area',
  stackedareachart: 'area',
  barchart: 'bar',
  columnchart: 'column',
  piechart: 'pie',
  scatterchart: 'scatter',
};

export function chartKind(visualization: string | undefined): ChartKind | null {
  return KINDS[visualization ?? ''] ?? null;
}

function numberOf(cell: Cell | undefined): number | null {
  const value = typeof cell === 'string' ? Number(cell) : cell;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

interface Roles {
  x: number;
  split: number | null;
  measures: number[];
}

/** First datetime (else first column) is x, the first text column beside it splits, numbers are measured. */
export function roles(set: RowSet, kind: ChartKind): Roles | null {
  const columns = set.columns.map((column, index) => ({ ...column, index }));
  const time = columns.find((column) => column.type === 'datetime');
  const timed = time !== undefined && (kind === 'line' || kind === 'area' || kind === 'scatter' || kind === 'column');
  const x = timed ? time : (columns.find((column) => !isNumber(column.type)) ?? columns[0]);
  if (!x) return null;
  const measures = columns.filter((column) => isNumber(column.type) && column.index !== x.index).map((column) => column.index);
  const split = columns.find((column) => column.index !== x.index && !isNumber(column.type) && column.type !== 'datetime');
  return measures.length === 0 ? null : { x: x.index, split: split?.index ?? null, measures };
}

export function chartData(answer: QueryAnswer, fallback: ChartKind = 'column'): ChartData | null {
  const set = answer.tables[0];
  if (!set || set.rows.length === 0) return null;
  const kind = chartKind(answer.render?.visualization) ?? fallback;
  const role = roles(set, kind);
  if (!role) return null;
  const series = new Map<string, Series>();
  const categories = new Set<string>();
  for (const row of set.rows) {
    const x = String(row[role.x] ?? '');
    categories.add(x);
    for (const measure of role.measures) {
      const name = set.columns[measure]?.name ?? '';
      const group = role.split === null ? name : String(row[role.split] ?? '');
      const key = role.split !== null && role.measures.length > 1 ? `${group} ${name}` : group;
      const one = series.get(key) ?? { name: key, points: [] };
      one.points.push([x, numberOf(row[measure])]);
      series.set(key, one);
    }
  }
  const time = set.columns[role.x]?.type === 'datetime';
  if (time) for (const one of series.values()) one.points.sort((a, b) => String(a[0]).localeCompare(String(b[0])));
  return { kind, title: typeof answer.render?.title === 'string' ? answer.render.title : null, time, categories: [...categories], series: [...series.values()] };
}
