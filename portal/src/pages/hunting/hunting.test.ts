import { expect, test } from 'vitest';
import type { HuntingQuery } from '@api/hunting';
import { select, sortOf, validateHuntingSearch } from './search';

const query = (title: string, tactics: string[], count: number | null): HuntingQuery => ({
  id: title, title, description: '', query: `${title} | take 1`, source: 'content', tactics, techniques: [],
  latest: count === null ? null : { round: 1, time: '2026-11-24T10:00:00Z', count, new: 0, previous: null, delta: null, tookMs: 1, error: '' },
});
const list = [query('Rare parents', ['Execution'], 3), query('Mail rules', ['Collection'], 0), query('Never run', ['Execution'], null)];

test('an address that means nothing is all queries, most results first', () => {
  expect(validateHuntingSearch({ tab: 'x', tactic: 'nonsense', found: 'yes' })).toEqual({ tab: undefined, tactic: undefined, q: undefined, sel: undefined, found: undefined, sort: undefined });
  expect(sortOf('-nonsense')).toEqual({ id: 'results', desc: true });
  expect(select(list, {}).map((one) => one.title)).toEqual(['Rare parents', 'Mail rules', 'Never run']);
});
test('a tactic, words of the KQL, and what found something narrow it', () => {
  expect(select(list, { tactic: 'execution' }).map((one) => one.title)).toEqual(['Rare parents', 'Never run']);
  expect(select(list, { q: 'MAIL take' }).map((one) => one.title)).toEqual(['Mail rules']);
  expect(select(list, { found: '1' }).map((one) => one.title)).toEqual(['Rare parents']);
});
