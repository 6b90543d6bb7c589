/** Where the nodes of an investigation stand: alerts, what they name, and what was found from there, in columns; many alike as one. */
import type { Exploration, IncidentGraph } from '@api/investigate';
import type { Alert, Entity } from '@api/types';
import { t } from '@i18n/t';
import { entityName } from '@ui/entities';
import { kindWord } from '../Entity';
import { groupsOf, type Link } from './groups';

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
  /** What stands together here, and of which kind it is. */
  group?: { members: { id: string; label: string }[]; kind: string };
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
  /** The node that shows a thing: itself, or the group in which it stands; null when it is hidden. */
  holder: (id: string) => string | null;
  /** The group that a thing belongs to, opened or not. */
  groupOf: (id: string) => string | null;
  /** What is hidden, as far as it would be there. */
  hidden: { id: string; label: string }[];
}

/** How somebody arranged it: groups that are opened, nodes that are hidden. */
export interface Arranged {
  open: ReadonlySet<string>;
  hide: ReadonlySet<string>;
}
const PLAIN: Arranged = { open: new Set(), hide: new Set() };

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

interface Thing {
  label: string;
  kind: string;
  column: number;
  what: Pick<GraphNode, 'entity' | 'alert'>;
}

/** All that there is, each in its column, and what leads where. */
function gather(graph: IncidentGraph, expansions: readonly Expansion[]) {
  const things = new Map<string, Thing>();
  const links: (Link & { dotted: boolean; verb: string })[] = [];
  const add = (id: string, thing: Thing) => {
    if (!things.has(id)) things.set(id, thing);
  };
  const kindOf = (id: string) => things.get(id)?.kind ?? 'SecurityAlert';
  for (const alert of graph.alerts) add(alert.properties.systemAlertId, { label: alert.properties.alertDisplayName, kind: 'SecurityAlert', column: 0, what: { alert } });
  for (const entity of graph.entities) add(entity.name ?? '', { label: entityName(entity), kind: entity.kind, column: 1, what: { entity } });
  for (const edge of graph.edges) links.push({ from: edge.alert, to: edge.entity, question: '', kind: kindOf(edge.entity), dotted: false, verb: '' });
  for (const { from, question, result } of expansions) {
    const column = (things.get(from)?.column ?? 1) + 1;
    for (const { alert, row } of result.edges) if (alert !== undefined) add(alert, { label: titleIn(result, row) ?? alert, kind: 'SecurityAlert', column, what: {} });
    for (const entity of result.entities) add(entity.name ?? '', { label: entityName(entity), kind: entity.kind, column, what: { entity } });
    for (const edge of result.edges) {
      const to = edge.entity ?? edge.alert ?? '';
      links.push({ from, to, question, kind: kindOf(to), dotted: edge.alert !== undefined, verb: result.title });
    }
  }
  return { things, links };
}

export function layout(graph: IncidentGraph, expansions: readonly Expansion[], { open, hide }: Arranged = PLAIN): Drawing {
  const { things, links } = gather(graph, expansions);
  const groups = groupsOf(links);
  const groupOf = new Map([...groups].flatMap(([id, members]) => members.map((member): [string, string] => [member, id])));
  const labelOf = (id: string) => ({ id, label: things.get(id)?.label ?? id });
  const holder = (id: string): string | null => {
    const group = groupOf.get(id);
    if (hide.has(id) || (group !== undefined && hide.has(group))) return null;
    return group !== undefined && !open.has(group) ? group : id;
  };
  const nodes = new Map<string, GraphNode>();
  const filled: number[] = [];
  for (const [id, { label, kind, column, what }] of things) {
    const at = holder(id);
    if (at === null || nodes.has(at)) continue;
    const row = filled[column] ?? 0;
    filled[column] = row + 1;
    const place = { x: MARGIN + column * COLUMN, y: MARGIN + row * ROW };
    if (at === id) nodes.set(id, { id, label, ...what, ...place });
    else {
      const members = (groups.get(at) ?? []).filter((member) => !hide.has(member)).map(labelOf);
      nodes.set(at, { id: at, label: t('graph.group', { n: members.length, kind: kindWord(kind) }), group: { members, kind }, ...place });
    }
  }
  const lines = new Map<string, GraphLine>();
  for (const { from, to, dotted, verb } of links) {
    const a = nodes.get(holder(from) ?? '');
    const b = nodes.get(holder(to) ?? '');
    const id = `${a?.id} ${b?.id}`;
    if (!a || !b || a === b || lines.has(id)) continue;
    const [left, right] = a.x <= b.x ? [a, b] : [b, a];
    lines.set(id, {
      id,
      from: a.id,
      to: b.id,
      dotted,
      verb,
      x1: left.x + NODE.width,
      y1: left.y + NODE.height / 2,
      x2: left.x === right.x ? right.x + NODE.width : right.x,
      y2: right.y + NODE.height / 2,
    });
  }
  const named = [...things.keys()].filter((id) => hide.has(id)).map(labelOf);
  const heaps = [...groups].filter(([id]) => hide.has(id)).map(([id, members]) => ({ id, label: t('graph.group', { n: members.length, kind: kindWord(things.get(members[0] ?? '')?.kind ?? '') }) }));
  return {
    nodes: [...nodes.values()],
    lines: [...lines.values()],
    width: MARGIN * 2 + filled.length * COLUMN,
    height: MARGIN * 2 + Math.max(0, ...filled.map((n) => n ?? 0)) * ROW,
    rowsOf: (entity) =>
      graph.edges
        .filter((edge) => edge.entity === entity && edge.rows.length > 0)
        .map((edge) => ({ alert: things.get(edge.alert)?.label ?? edge.alert, rows: edge.rows })),
    holder,
    groupOf: (id) => (groups.has(id) ? id : (groupOf.get(id) ?? null)),
    hidden: [...named, ...heaps],
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
