/** Where the nodes of an investigation stand: alerts, what they name, and what was found from there, in columns. */
import type { Exploration, IncidentGraph } from '@api/investigate';
import type { Alert, Entity } from '@api/types';
import { entityName } from '@ui/entities';

export interface Expansion {
  from: string;
  question: string;
  result: Exploration;
}
export interface GraphNode {
  id: string;
  label: string;
  entity?: Entity;
  alert?: Alert;
  x: number;
  y: number;
}
export interface GraphLine {
  id: string;
  from: string;
  to: string;
  dotted: boolean;
  /** What one did to or names in the other. */
  verb: string;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}
export interface Drawing {
  nodes: GraphNode[];
  lines: GraphLine[];
  width: number;
  height: number;
  rowsOf: (entity: string) => { alert: string; rows: number[] }[];
}

const COLUMN = 340;
const ROW = 42;
const MARGIN = 20;
export const NODE = { width: 260, height: 32 };

/** An alert of another incident is known by what the answer says of it. */
function titleIn(result: Exploration, row: number): string | null {
  const at = result.columns.findIndex((column) => /^(DisplayName|AlertName|Title)$/.test(column.name));
  const value = at < 0 ? null : result.rows[row]?.[at];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function layout(graph: IncidentGraph, expansions: Expansion[]): Drawing {
  const nodes = new Map<string, GraphNode>();
  const depth = new Map<string, number>();
  const filled: number[] = [];
  const add = (id: string, label: string, column: number, what: { entity?: Entity; alert?: Alert }) => {
    if (nodes.has(id)) return;
    const row = filled[column] ?? 0;
    filled[column] = row + 1;
    depth.set(id, column);
    nodes.set(id, { id, label, ...what, x: MARGIN + column * COLUMN, y: MARGIN + row * ROW });
  };
  for (const alert of graph.alerts) add(alert.properties.systemAlertId, alert.properties.alertDisplayName, 0, { alert });
  for (const entity of graph.entities) add(entity.name ?? '', entityName(entity), 1, { entity });
  for (const { from, result } of expansions) {
    const column = (depth.get(from) ?? 1) + 1;
    for (const { alert, row } of result.edges) if (alert !== undefined) add(alert, titleIn(result, row) ?? alert, column, {});
    for (const entity of result.entities) add(entity.name ?? '', entityName(entity), column, { entity });
  }
  const lines = new Map<string, GraphLine>();
  const draw = (from: string, to: string, dotted: boolean, verb: string) => {
    const a = nodes.get(from);
    const b = nodes.get(to);
    if (!a || !b || from === to || lines.has(`${from} ${to}`)) return;
    const [left, right] = a.x <= b.x ? [a, b] : [b, a];
    const same = left.x === right.x;
    lines.set(`${from} ${to}`, {
      id: `${from} ${to}`,
      from,
      to,
      dotted,
      verb,
      x1: left.x + NODE.width,
      y1: left.y + NODE.height / 2,
      x2: same ? right.x + NODE.width : right.x,
      y2: right.y + NODE.height / 2,
    });
  };
  for (const edge of graph.edges) draw(edge.alert, edge.entity, false, '');
  for (const { from, result } of expansions) for (const edge of result.edges) draw(from, edge.entity ?? edge.alert ?? '', edge.alert !== undefined, result.title);
  return {
    nodes: [...nodes.values()],
    lines: [...lines.values()],
    width: MARGIN * 2 + filled.length * COLUMN,
    height: MARGIN * 2 + Math.max(0, ...filled.map((n) => n ?? 0)) * ROW,
    rowsOf: (entity) =>
      graph.edges
        .filter((edge) => edge.entity === entity && edge.rows.length > 0)
        .map((edge) => ({ alert: nodes.get(edge.alert)?.label ?? edge.alert, rows: edge.rows })),
  };
}

/** The neighbour that an arrow key leads to: along a line to the side, or up and down a column. */
export function neighbour(drawn: Drawing, at: string | null, key: string): string | null {
  const here = drawn.nodes.find((one) => one.id === at);
  if (!here) return drawn.nodes[0]?.id ?? null;
  const near = (list: GraphNode[]) => list.sort((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0]?.id ?? null;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const down = key === 'ArrowDown';
    return near(drawn.nodes.filter((one) => one.x === here.x && (down ? one.y > here.y : one.y < here.y)));
  }
  const right = key === 'ArrowRight';
  const linked = new Set(drawn.lines.flatMap((line) => (line.from === at ? [line.to] : line.to === at ? [line.from] : [])));
  return near(drawn.nodes.filter((one) => linked.has(one.id) && (right ? one.x > here.x : one.x < here.x)));
}
