import { describe, expect, test } from 'vitest';
import type { IncidentGraph } from '@api/investigate';
import type { Expansion } from '@ui/graph/layout';
import { askedOf, askedText, namesOf, validateGraphSearch, withName } from './search';
import { inWindow, marksOf, outside, spanOf } from './times';

const graph = {
  alerts: [
    { properties: { systemAlertId: 'a1', alertDisplayName: 'First', severity: 'High', startTimeUtc: '2026-11-24T08:00:00Z' } },
    { properties: { systemAlertId: 'a2', alertDisplayName: 'Second', severity: 'Low', startTimeUtc: '2026-11-24T09:00:00Z' } },
  ],
  entities: [],
  edges: [{ alert: 'a1', entity: 'e1', rows: [0] }, { alert: 'a2', entity: 'e1', rows: [0] }, { alert: 'a2', entity: 'e2', rows: [0] }],
} as unknown as IncidentGraph;
const asked = {
  from: 'e1',
  question: 'q',
  result: { title: 'Processes', query: '', partial: false, entities: [], columns: [{ name: 'TimeGenerated', type: 'datetime' }], rows: [['2026-11-24T10:00:00Z'], [null]], edges: [{ entity: 'e3', row: 0 }, { entity: 'e4', row: 1 }] },
} as unknown as Expansion;

describe('the time line of a graph', () => {
  const marks = marksOf(graph, [asked]);
  test('stands alerts and dated rows in order, with what they are about', () => {
    expect(marks.map((mark) => mark.title)).toEqual(['First', 'Second', 'Processes']);
    expect(marks[2]?.nodes).toEqual(['e1', 'e3']);
  });
  test('a window makes faint what only happened outside of it', () => {
    const window = { from: null, to: Date.parse('2026-11-24T08:30:00Z') };
    expect(marks.filter((mark) => inWindow(mark, window))).toHaveLength(1);
    expect([...outside(marks, window)].sort()).toEqual(['a2', 'e2', 'e3']);
    expect(outside(marks, { from: null, to: null }).size).toBe(0);
  });
  test('its ends are wider than what stands on it, also for one mark', () => {
    const { min, max } = spanOf(marks.slice(0, 1));
    expect(max - min).toBeGreaterThan(0);
  });
});

describe('the address of a graph', () => {
  test('keeps the questions in order and drops what is none', () => {
    expect(askedOf('e1~q1,broken,e3~q2')).toEqual([{ from: 'e1', question: 'q1' }, { from: 'e3', question: 'q2' }]);
    expect(askedText([])).toBeUndefined();
    expect(askedText(askedOf('e1~q1,e3~q2'))).toBe('e1~q1,e3~q2');
  });
  test('a time that is none falls out', () => {
    expect(validateGraphSearch({ from: 'yesterday', to: '2026-11-24T10:00:00Z', view: 'x' })).toMatchObject({ from: undefined, to: '2026-11-24T10:00:00Z', view: undefined });
  });
  test('keeps what is hidden and opened, each once', () => {
    expect(withName(undefined, 'a', true)).toBe('a');
    expect(withName('a,b', 'a', true)).toBe('b,a');
    expect(withName('a', 'a', false)).toBeUndefined();
    expect([...namesOf('a,,b')]).toEqual(['a', 'b']);
  });
});
