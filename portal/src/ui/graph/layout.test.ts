import { describe, expect, it } from 'vitest';
import type { IncidentGraph } from '@api/investigate';
import { layout, neighbour, type Expansion } from './layout';

const graph = {
  alerts: [{ properties: { systemAlertId: 'a1', alertDisplayName: 'LSASS read' } }],
  entities: [
    { name: 'e1', kind: 'Host', properties: { hostName: 'ws5' } },
    { name: 'e2', kind: 'Ip', properties: { address: '10.1.2.3' } },
  ],
  edges: [
    { alert: 'a1', entity: 'e1', rows: [0, 2] },
    { alert: 'a1', entity: 'e2', rows: [] },
  ],
} as unknown as IncidentGraph;

const found = (from: string, entity: string): Expansion =>
  ({
    from,
    question: 'q',
    result: { title: 'Peers', query: '', columns: [], rows: [], partial: false, entities: [{ name: entity, kind: 'Host', properties: { hostName: entity } }], edges: [{ entity, row: 0 }] },
  }) as Expansion;

describe('an investigation as columns', () => {
  it('stands alerts before what they name, each once', () => {
    const drawn = layout(graph, []);
    expect(drawn.nodes.map((n) => n.id)).toEqual(['a1', 'e1', 'e2']);
    expect(drawn.lines).toHaveLength(2);
    expect(new Set(drawn.nodes.map((n) => `${n.x} ${n.y}`)).size).toBe(3);
    expect(drawn.rowsOf('e1')).toEqual([{ alert: 'LSASS read', rows: [0, 2] }]);
    expect(drawn.rowsOf('e2')).toEqual([]);
  });

  it('puts what was found one column further, and what is there already stays where it is', () => {
    const drawn = layout(graph, [found('e1', 'e3'), found('e1', 'e2'), found('e3', 'e4')]);
    const x = Object.fromEntries(drawn.nodes.map((n) => [n.id, n.x]));
    expect(x['e3']).toBeGreaterThan(x['e1'] ?? 0);
    expect(x['e4']).toBeGreaterThan(x['e3'] ?? 0);
    expect(drawn.nodes).toHaveLength(5);
    expect(drawn.lines).toHaveLength(5);
  });

  it('is walked by arrows: along lines to the sides, up and down a column', () => {
    const drawn = layout(graph, [found('e1', 'e3')]);
    expect(neighbour(drawn, null, 'ArrowDown')).toBe('a1');
    expect(neighbour(drawn, 'a1', 'ArrowRight')).toBe('e1');
    expect(neighbour(drawn, 'e1', 'ArrowDown')).toBe('e2');
    expect(neighbour(drawn, 'e1', 'ArrowRight')).toBe('e3');
    expect(neighbour(drawn, 'e2', 'ArrowRight')).toBeNull();
  });
});
