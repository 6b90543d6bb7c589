import { expect, test } from 'vitest';
import { findings } from '../../../test/fixtures/alerts';
import { makeIncidents } from '../../../test/fixtures/incidents';
import { isHeap, keyOf, linesOf, ruleName } from './groups';

const rows = findings(makeIncidents());
const heaps = (by: 'rule' | 'entity', open: string[] = []) => linesOf(rows, by, new Set(open)).filter(isHeap);

test('alerts stand as they are, or one line for each rule with how many there are', () => {
  expect(linesOf(rows, 'none', new Set())).toEqual(rows);
  const byRule = heaps('rule');
  expect(byRule.reduce((sum, one) => sum + one.count, 0) + linesOf(rows, 'rule', new Set()).filter((line) => !isHeap(line)).length).toBe(rows.length);
  expect(byRule[0]?.title).toBe(ruleName(rows.find((one) => one.properties.alertType === byRule[0]?.heap) ?? rows[0]!));
  expect(byRule.map((one) => one.severity)).toContain('High');
});

test('a group opens to all that is in it, right below; what is alone has no group', () => {
  const [first] = heaps('rule');
  const lines = linesOf(rows, 'rule', new Set([first?.heap ?? '']));
  const at = lines.findIndex((line) => isHeap(line) && line.open);
  const members = lines.slice(at + 1, at + 1 + (first?.count ?? 0));
  expect(members.every((line) => !isHeap(line) && line.properties.alertType === first?.heap)).toBe(true);
  expect(new Set(lines.map(keyOf)).size).toBe(lines.length);
  expect(heaps('entity').every((one) => one.count > 1)).toBe(true);
});
