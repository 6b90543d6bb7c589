import { describe, expect, test } from 'vitest';
import type { ResourceRow } from '@api/inventory';
import { select, types } from './search';

const row = (name: string, type: string, unhealthy: number, tags: Record<string, string> | null = null): ResourceRow => ({
  id: `/${name}`, name, type, location: 'local', resourceGroup: 'soc', tags, unhealthy, healthy: 1, notMeasured: name === 'c' ? 3 : 0, high: 0, risk: 0, exposed: false,
});
const LIST = [row('a', 'vm', 2, { env: 'prod' }), row('b', 'vm', 0), row('c', 'pod', 1, { env: 'prod', team: 'web' })];

describe('the inventory', () => {
  test('shows all, healthy ones too', () => expect(select(LIST, {})).toHaveLength(3));
  test('finds by two tags at once', () => expect(select(LIST, { q: 'env=prod team=web' }).map((one) => one.name)).toEqual(['c']));
  test('has views', () => {
    expect(select(LIST, { view: 'unhealthy' })).toHaveLength(2);
    expect(select(LIST, { view: 'notmeasured' }).map((one) => one.name)).toEqual(['c']);
  });
  test('counts of types follow the other filters', () => {
    expect(types(LIST, { type: 'vm' })).toEqual([['vm', 2], ['pod', 1]]);
    expect(types(LIST, { view: 'unhealthy' })).toEqual([['pod', 1], ['vm', 1]]);
  });
});
