import { describe, expect, test } from 'vitest';
import { age, bytes, exact, figure, milliseconds, when } from './time';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const before = (ms: number) => new Date(NOW - ms).toISOString();

describe('times and figures', () => {
  test('ages have one unit', () => {
    expect(age(before(5_000), NOW)).toBe('now');
    expect(age(before(8 * 60_000), NOW)).toBe('8 min');
    expect(age(before(3 * 3_600_000), NOW)).toBe('3 h');
    expect(age(before(47 * 3_600_000), NOW)).toBe('47 h');
    expect(age(before(72 * 3_600_000), NOW)).toBe('3 d');
    expect(age(null, NOW)).toBe('–');
    expect(age('nonsense', NOW)).toBe('–');
  });
  test('a time of today is a clock, another day has its date, another year says so', () => {
    expect(when(before(60_000), NOW)).toMatch(/^\d\d:\d\d$/);
    expect(when('2026-10-01T12:00:00Z', NOW)).toMatch(/^1 Oct \d\d:\d\d$/);
    expect(when('2021-03-01T12:00:00Z', NOW)).toMatch(/^1 Mar 2021 \d\d:\d\d$/);
  });
  test('the exact time is UTC', () => {
    expect(exact('2026-11-24T08:41:07.123Z')).toBe('2026-11-24 08:41:07.123 UTC');
  });
  test('counts are exact to 9,999', () => {
    expect([0, 9_999, 12_430, 3_200_000].map((n) => figure(n))).toEqual(['0', '9,999', '12.4 k', '3.2 M']);
    expect(figure(null)).toBe('–');
  });
  test('sizes and durations', () => {
    expect([512, 2048, 1.5 * 1024 ** 3].map(bytes)).toEqual(['512 B', '2.0 KB', '1.5 GB']);
    expect([18.4, 2300].map(milliseconds)).toEqual(['18 ms', '2.3 s']);
  });
});
