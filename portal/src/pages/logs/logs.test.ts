import { describe, expect, test } from 'vitest';
import { chartData } from '@ui/Chart/chart';
import { answer } from '../../../test/fixtures/rows';
import { decodeQuery, encodeQuery } from './codec';
import { compareCells, sortRows } from './grid';
import { histogram } from './histogram';
import { readStatistics } from './statistics';
import { FIRST_TABS, reduceTabs, tabName } from './tabs';

describe('the query in the address', () => {
  test('comes back as it was, whatever it holds', async () => {
    for (const text of ['', 'T | take 1', 'T\n| where a == "ü€😀"\n', 'x'.repeat(20_000)]) expect(await decodeQuery(await encodeQuery(text))).toBe(text);
  });
  test('is short and safe in a URL', async () => {
    const encoded = await encodeQuery('SecurityEvent\n| where EventID == 4624\n'.repeat(50));
    expect(encoded).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(encoded.length).toBeLessThan(120);
  });
  test('damage and bombs give null', async () => {
    expect(await decodeQuery('###')).toBeNull();
    expect(await decodeQuery('AAAA')).toBeNull();
    expect(await decodeQuery(await encodeQuery('0'.repeat(200_000)))).toBeNull();
  });
});

describe('results', () => {
  test('nulls stand last both ways', () => {
    const rows = [{ cells: [null] }, { cells: [2] }, { cells: [10] }];
    const columns = [{ name: 'n', type: 'long' }];
    expect(sortRows(rows, columns, { id: '0', desc: false }).map((row) => row.cells[0])).toEqual([2, 10, null]);
    expect(sortRows(rows, columns, { id: '0', desc: true }).map((row) => row.cells[0])).toEqual([10, 2, null]);
    expect(compareCells('10', '9', 'string')).toBeLessThan(0);
  });
  test('the histogram counts every row once', () => {
    const set = answer('DeviceProcessEvents').tables[0];
    const bars = set && histogram(set);
    expect(bars?.counts.length).toBeLessThanOrEqual(60);
    expect(bars?.counts.reduce((a, b) => a + b, 0)).toBe(set?.rows.length);
  });
  test('no time, no histogram', () => {
    expect(histogram({ columns: [{ name: 'n', type: 'long' }], rows: [[1], [2]] })).toBeNull();
  });
  test('a timechart has one series a host, in order of time', () => {
    const data = chartData(answer('x | render timechart'));
    expect(data?.series.map((one) => one.name)).toEqual(['SRV-EX01', 'DC02', 'FIN-WS14']);
    const times = data?.series[0]?.points.map(([x]) => String(x)) ?? [];
    expect(times).toEqual([...times].sort());
    expect(chartData({ tables: [{ name: 'P', columns: [{ name: 's', type: 'string' }], rows: [['a']] }] })).toBeNull();
  });
  test('statistics are found wherever they stand', () => {
    expect(readStatistics({ query: { readRows: 5, readBytes: 7 } })).toEqual({ readRows: 5, readBytes: 7 });
    expect(readStatistics(undefined)).toEqual({ readRows: null, readBytes: null });
  });
});

describe('tabs', () => {
  test('a query opens in a blank tab if there is one', () => {
    const opened = reduceTabs(FIRST_TABS, { type: 'open', id: 'b', text: 'T' });
    expect(opened.tabs).toEqual([{ id: 'first', text: 'T' }]);
    const second = reduceTabs(opened, { type: 'open', id: 'b', text: 'U' });
    expect(second).toMatchObject({ active: 'b', tabs: [{ text: 'T' }, { text: 'U' }] });
  });
  test('closing the last leaves a blank one; closing the active one goes left', () => {
    expect(reduceTabs(FIRST_TABS, { type: 'close', id: 'first' }).tabs).toHaveLength(1);
    const two = { tabs: [{ id: 'a', text: '1' }, { id: 'b', text: '2' }], active: 'b' };
    expect(reduceTabs(two, { type: 'close', id: 'b' })).toEqual({ tabs: [{ id: 'a', text: '1' }], active: 'a' });
  });
  test('names come from the first words', () => {
    expect(tabName('\n// Failures per hour\nT')).toBe('Failures per hour');
    expect(tabName('  ')).toBeNull();
  });
});
