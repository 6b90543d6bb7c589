import { describe, expect, test } from 'vitest';
import type { Recommendation } from '@app/usePosture';
import type { Severity } from '@api/types';
import { listState, select } from './search';

const one = (title: string, severity: Severity, unhealthy: number, more: Partial<{ hasFix: boolean; notMeasured: number; gain: number }> = {}): Recommendation => ({
  advice: { id: title, title, description: '', remediation: '', severity, control: 'Secure management ports', preview: false, hasFix: more.hasFix ?? false, category: 'Linux', policy: '', notMeasuredReason: null, judgedOn: 'host' },
  tally: { name: title, unhealthy, healthy: 1, exempt: 0, notMeasured: more.notMeasured ?? 0, notApplicable: 0, awaits: 0, risk: 0,
  factors: '',
  changed: '2026-11-24T10:00:00Z' },
  gain: more.gain ?? 0,
});
const LIST = [one('b', 'Low', 3), one('a', 'High', 1, { gain: 1 }), one('c', 'High', 2, { hasFix: true, gain: 2 }), one('d', 'Medium', 0, { notMeasured: 2 })];
const titles = (search: Parameters<typeof listState>[0]) => select(LIST, listState(search)).map((each) => each.advice.title);

describe('the list', () => {
  test('shows what is wrong, the worst first', () => expect(titles({})).toEqual(['c', 'a', 'b']));
  test('has views', () => {
    expect(titles({ view: 'fix' })).toEqual(['c']);
    expect(titles({ view: 'notmeasured' })).toEqual(['d']);
    expect(titles({ view: 'all' })).toHaveLength(4);
  });
  test('is narrowed by severity and words, and sorted', () => {
    expect(titles({ sev: 'low' })).toEqual(['b']);
    expect(titles({ q: 'PORTS linux' })).toHaveLength(3);
    expect(titles({ q: 'windows' })).toEqual([]);
    expect(titles({ sort: 'title' })).toEqual(['a', 'b', 'c']);
    expect(titles({ sort: '-resources' })).toEqual(['b', 'c', 'a']);
  });
  test('unknown words fall back', () => expect(titles({ view: 'nonsense' as 'open', sort: 'what' })).toHaveLength(3));
});
