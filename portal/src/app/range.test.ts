import { describe, expect, test } from 'vitest';
import { ends, formatRange, parseRange, rangeLabel, timespan } from './range';

const NOW = Date.parse('2026-11-24T10:00:00Z');

describe('the time range', () => {
  test('presets and two ends are read; all else is refused', () => {
    expect(parseRange('24h')).toEqual({ preset: '24h' });
    expect(parseRange('2026-11-22T08:00Z..2026-11-22T10:00Z')).toEqual({ from: '2026-11-22T08:00:00.000Z', to: '2026-11-22T10:00:00.000Z' });
    for (const text of ['', '5h', 'a..b', '2026-11-22T10:00Z..2026-11-22T08:00Z', '2026-11-22T10:00Z']) expect(parseRange(text)).toBeNull();
  });
  test('what is written is read again', () => {
    for (const text of ['1h', 'all', '2026-11-22T08:00Z..2026-11-22T10:00Z', '2026-11-22T08:00:01Z..2026-11-22T10:00Z']) {
      const range = parseRange(text);
      expect(range && formatRange(range)).toBe(text);
    }
  });
  test('ends: a preset counts back from now, all is open', () => {
    expect(ends({ preset: '4h' }, NOW)).toEqual({ from: NOW - 4 * 3_600_000, to: null });
    expect(ends({ preset: 'all' }, NOW)).toEqual({ from: null, to: null });
  });
  test('the query API gets a duration, two ends, or nothing', () => {
    expect(timespan({ preset: '7d' })).toBe('PT168H');
    expect(timespan({ preset: 'all' })).toBeUndefined();
    expect(timespan({ from: 'A', to: 'B' })).toBe('A/B');
  });
  test('a preset has its words', () => {
    expect(rangeLabel({ preset: '24h' })).toBe('Last 24 hours');
  });
});
