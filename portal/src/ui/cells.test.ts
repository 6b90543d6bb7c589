import { describe, expect, test } from 'vitest';
import { cellFilter, cellText, filledColumns, toCsv } from './cells';

describe('cells', () => {
  test('null is nothing, dynamic is text, datetime has milliseconds', () => {
    expect(cellText(null, 'string')).toBe('');
    expect(cellText('{"a":1}', 'dynamic')).toBe('{"a":1}');
    expect(cellText(false, 'bool')).toBe('false');
    expect(cellText('2026-11-24T08:41:07.1234567Z', 'datetime')).toMatch(/^2026-11-24 \d\d:41:07\.123$/);
  });
  test('columns that hold nothing are left out, time stands first', () => {
    const columns = ['A', 'TimeGenerated', 'B'].map((name) => ({ name, type: 'string' }));
    expect(filledColumns({ columns, rows: [['x', 't', null], ['y', 't', '']] })).toEqual([1, 0]);
  });
  test('a cell becomes a filter of its type', () => {
    expect(cellFilter({ name: 'Account', type: 'string' }, 'CORP\\a"b', true)).toBe('| where Account == "CORP\\\\a\\"b"');
    expect(cellFilter({ name: 'EventID', type: 'int' }, 4624, false)).toBe('| where EventID != 4624');
    expect(cellFilter({ name: 'T', type: 'datetime' }, '2026-01-01T00:00:00Z', true)).toBe('| where T == datetime(2026-01-01T00:00:00Z)');
    expect(cellFilter({ name: 'x y', type: 'string' }, '', true)).toBe("| where isempty(['x y'])");
    expect(cellFilter({ name: 'D', type: 'dynamic' }, '{"a":1}', true)).toBe('| where tostring(D) == "{\\"a\\":1}"');
  });
  test('CSV quotes what must be quoted and disarms formulas', () => {
    const columns = [{ name: 'a', type: 'string' }, { name: 'n', type: 'long' }];
    expect(toCsv({ columns, rows: [['x,"y"', -5], ['=cmd()', null]] })).toBe('a,n\r\n"x,""y""",-5\r\n\'=cmd(),\r\n');
  });
});
