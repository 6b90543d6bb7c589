import { describe, expect, test } from 'vitest';
import { makeIncidents } from '../../../test/fixtures/incidents';
import { incidentWords } from '@api/odata';
import { found, matches } from '../../../test/fixtures/odata';
import { queueFilter, queueKql } from './filter';
import { filterCount, queueState, validateIncidentsSearch } from './search';
import { sortIncidents } from './sort';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const context = { me: 'ME', now: NOW, from: null, to: null };
const list = makeIncidents().map((one) => one.incident);

describe('the queue', () => {
  test('an empty address is the open ones by priority', () => {
    const state = queueState(validateIncidentsSearch({}));
    expect(state).toMatchObject({ view: 'open', status: [], severity: [], owner: 'any', words: '', sort: { id: 'priority', desc: true }, selected: null, broken: [] });
    expect(queueFilter(state, context)).toBe("(properties/status eq 'New' or properties/status eq 'Active')");
  });
  test('broken values fall back and are named', () => {
    const state = queueState(validateIncidentsSearch({ view: 'x', status: 'new,y', sort: '-z', owner: 'w', sel: 'abc' }));
    expect(state).toMatchObject({ view: 'open', status: ['New'], owner: 'any', sort: { id: 'priority', desc: true }, selected: null });
    expect(state.broken.sort()).toEqual(['-z', 'w', 'x', 'y']);
  });
  test('a number alone or with # is an incident, all other words are searched for by the server', () => {
    const of = (q: string) => [queueFilter(queueState({ q, view: 'all' }), context), incidentWords(q).search];
    expect(of('1284')).toEqual(['properties/incidentNumber eq 1284', undefined]);
    expect(of("o'neil #1284")).toEqual(['properties/incidentNumber eq 1284', "o'neil"]);
    expect(of('event 4688')).toEqual([undefined, 'event 4688']);
  });
  test('the views ask for what their names say', () => {
    const filter = (view: string) => queueFilter(queueState(validateIncidentsSearch({ view })), context);
    expect(filter('mine')).toContain("properties/owner/objectId eq 'ME'");
    expect(filter('unassigned')).toContain('properties/owner/objectId eq null');
    expect(filter('high')).toContain("properties/severity eq 'High' and properties/createdTimeUtc ge 2026-11-24T09:00:00.000Z");
    expect(filter('closed')).toContain("properties/status eq 'Closed' and properties/closedTimeUtc ge ");
    expect(filter('all')).toBeUndefined();
  });
  test('every filter it makes is one that the fixture understands', () => {
    const state = queueState({ view: 'open', sev: 'high', owner: 'none', q: 'lsass' });
    const filter = queueFilter(state, { ...context, from: NOW - 86_400_000, to: NOW }) ?? '';
    expect(list.filter((one) => matches(one, filter) && found(one, incidentWords(state.words).search)).map((one) => one.properties.incidentNumber)).toEqual([1284]);
    expect(filterCount(state)).toBe(3);
  });
  test('KQL says the same and quotes text', () => {
    expect(queueKql(queueState({ q: 'a"b', view: 'all' }), 'me')).toContain('| where * contains "a\\"b"');
    expect(queueKql(queueState({ view: 'mine' }), 'me')).toContain('| where tostring(Owner.assignedTo) == "me"');
  });
  test('sorting: priority puts the gravest first, ties the newest', () => {
    const open = list.filter((one) => one.properties.status !== 'Closed');
    const sorted = sortIncidents(open, { id: 'priority', desc: true }, NOW).map((one) => one.properties.incidentNumber);
    expect(sorted.slice(0, 3)).toEqual([1284, 1283, 1279]);
    const byAlerts = sortIncidents(open, { id: 'alerts', desc: false }, NOW).map((one) => one.properties.additionalData?.alertsCount ?? 0);
    expect(byAlerts).toEqual([...byAlerts].sort((a, b) => a - b));
  });
});
