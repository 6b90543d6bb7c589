/** What happened when, in a graph: marks of a time line, and the nodes that each is about. */
import type { IncidentGraph } from '@api/investigate';
import type { Severity } from '@api/types';
import { type Expansion } from '@ui/graph/layout';

export interface Mark {
  id: string;
  time: number;
  title: string;
  nodes: string[];
  /** Set for alerts; rows that a question answered have none. */
  severity?: Severity;
}

function rowTime({ result }: Expansion, row: number): number {
  const own = result.columns.findIndex((column) => column.name === 'StartTime');
  const at = own >= 0 ? own : result.columns.findIndex((column) => column.type === 'datetime');
  const value = at < 0 ? null : result.rows[row]?.[at];
  return typeof value === 'string' ? Date.parse(value) : NaN;
}

export function marksOf(graph: IncidentGraph, expansions: readonly Expansion[]): Mark[] {
  const alerts = graph.alerts.map(({ properties: p }): Mark => ({
    id: p.systemAlertId,
    time: Date.parse(p.startTimeUtc ?? p.timeGenerated ?? ''),
    title: p.alertDisplayName,
    severity: p.severity,
    nodes: [p.systemAlertId, ...graph.edges.filter((edge) => edge.alert === p.systemAlertId).map((edge) => edge.entity)],
  }));
  const rows = expansions.flatMap((one) =>
    one.result.edges.map((edge, index): Mark => ({
      id: `${one.from} ${one.question} ${index}`,
      time: rowTime(one, edge.row),
      title: one.result.title,
      nodes: [one.from, edge.entity ?? edge.alert ?? ''],
    })),
  );
  const known = new Map([...alerts, ...rows].filter((one) => !Number.isNaN(one.time)).map((one) => [one.id, one]));
  return [...known.values()].sort((a, b) => a.time - b.time);
}

export interface Window {
  from: number | null;
  to: number | null;
}

export const inWindow = (mark: Mark, { from, to }: Window) => (from === null || mark.time >= from) && (to === null || mark.time <= to);

/** Nodes that only marks outside the window are about; what has no time is never faint. */
export function outside(marks: readonly Mark[], window: Window): Set<string> {
  const out = new Set(marks.flatMap((mark) => mark.nodes));
  for (const mark of marks) if (inWindow(mark, window)) for (const node of mark.nodes) out.delete(node);
  return out;
}

/** The ends of the line, a little wider than what stands on it. */
export function spanOf(marks: readonly Mark[]): { min: number; max: number } {
  const min = marks[0]?.time ?? 0;
  const max = marks[marks.length - 1]?.time ?? 0;
  const room = Math.max(1000, (max - min) * 0.04);
  return { min: min - room, max: max + room };
}
