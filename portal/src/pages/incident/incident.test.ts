import { describe, expect, test } from 'vitest';
import { validateIncidentSearch } from './search';
import { changeText } from './tabs/changes';
import { timeline, withGaps } from './tabs/timeline';

describe('the case file', () => {
  test('an unknown tab is the overview', () => {
    expect(validateIncidentSearch({ tab: 'x', alert: 'a' })).toEqual({ tab: undefined, alert: 'a' });
    expect(validateIncidentSearch({ tab: 'alerts' }).tab).toBe('alerts');
  });
  test('a change is a sentence', () => {
    expect(changeText({ time: '', who: 'Mira', what: 'severity', from: 'Low', to: 'High' })).toBe('Mira changed severity from Low to High');
    expect(changeText({ time: '', who: 'Mira', what: 'owner', from: null, to: 'Jonas' })).toBe('Mira set owner to Jonas');
  });
  test('the timeline is in order and names gaps over an hour', () => {
    const change = (time: string) => ({ time, who: 'a', what: 'b' });
    const comment = { name: 'c', properties: { message: 'm', createdTimeUtc: '2026-11-24T08:30:00Z' } };
    const items = timeline([], [comment], [change('2026-11-24T11:00:00Z'), change('2026-11-24T08:00:00Z')]);
    expect(items.map((item) => item.kind)).toEqual(['change', 'comment', 'change']);
    expect(withGaps(items).map((entry) => entry.kind)).toEqual(['change', 'comment', 'gap', 'change']);
  });
});
