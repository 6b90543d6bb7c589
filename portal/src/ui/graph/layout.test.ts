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

describe('many alike', () => {
  const files = Array.from({ length: 8 }, (_, index) => ({ name: `f${index}`, kind: 'File', properties: { fileName: `${index}.txt` } }));
  const wrote = (from: string, of = files): Expansion =>
    ({ from, question: 'files', result: { title: 'Files written', query: '', columns: [], rows: [], partial: false, entities: of, edges: of.map((one, row) => ({ entity: one.name, row })) } }) as unknown as Expansion;
  const group = 'group:e1~files~File';

  it('stand as one node with one line to it', () => {
    const drawn = layout(graph, [wrote('e1')]);
    expect(drawn.nodes.find((one) => one.id === group)?.group?.members).toHaveLength(8);
    expect(drawn.lines.filter((line) => line.to === group)).toHaveLength(1);
    expect(drawn.nodes).toHaveLength(4);
    expect([drawn.holder('f3'), drawn.groupOf('f3'), drawn.groupOf('e1')]).toEqual([group, group, null]);
  });
  it('stand by themselves when the group is opened, when they are few, or when more leads to them', () => {
    expect(layout(graph, [wrote('e1')], { open: new Set([group]), hide: new Set() }).nodes).toHaveLength(11);
    expect(layout(graph, [wrote('e1', files.slice(0, 5))]).nodes).toHaveLength(8);
    const two = layout(graph, [wrote('e1'), wrote('e2', files.slice(0, 1))]);
    expect(two.nodes.find((one) => one.id === group)?.group?.members.map((one) => one.id)).not.toContain('f0');
    expect(two.holder('f0')).toBe('f0');
  });
  it('are hidden one by one or as a whole, and are named so that they can be shown again', () => {
    const one = layout(graph, [wrote('e1')], { open: new Set(), hide: new Set(['e2', 'f1']) });
    expect(one.hidden.map((each) => each.id)).toEqual(['e2', 'f1']);
    expect(one.nodes.find((each) => each.id === group)?.group?.members).toHaveLength(7);
    expect(one.lines.some((line) => line.to === 'e2')).toBe(false);
    const whole = layout(graph, [wrote('e1')], { open: new Set(), hide: new Set([group]) });
    expect(whole.nodes).toHaveLength(3);
    expect(whole.hidden).toEqual([{ id: group, label: 'File ×8' }]);
  });
});
