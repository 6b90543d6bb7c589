import { expect, test } from 'vitest';
import { makeIncidents } from '../../../test/fixtures/incidents';
import { unseen } from './news';

const list = makeIncidents().slice(0, 3).map((one) => one.incident);

test('what came after the last look is unseen, and all of it for who never looked', () => {
  expect(unseen(list, null).size).toBe(3);
  const newest = list.map((one) => one.properties.createdTimeUtc).sort().at(-1) ?? '';
  expect(unseen(list, newest).size).toBe(0);
  const oldest = list.map((one) => one.properties.createdTimeUtc).sort()[0] ?? '';
  expect(unseen(list, oldest).size).toBe(2);
});
