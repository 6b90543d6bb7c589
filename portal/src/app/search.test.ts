import { describe, expect, test } from 'vitest';
import { oneWord, parseSearch, stringifySearch, wholeNumber, wordList } from './search';

describe('the address', () => {
  test('values go out and come back as they were', () => {
    const search = { q: 'a b&c=d#1%', t: '2026-11-22T08:00Z..2026-11-22T10:00Z', sort: '-priority', status: 'new,active' };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });
  test('marks that people type stay readable', () => {
    expect(stringifySearch({ status: 'new,active', t: '2026-11-22T08:00Z..2026-11-22T10:00Z' })).toBe('?status=new,active&t=2026-11-22T08:00Z..2026-11-22T10:00Z');
  });
  test('defaults and empty values are left out', () => {
    expect(stringifySearch({ a: undefined, b: '' })).toBe('');
  });
  test('unknown words fall out and are named', () => {
    const broken: string[] = [];
    expect(wordList('new,nonsense,active', ['new', 'active', 'closed'], broken)).toEqual(['new', 'active']);
    expect(broken).toEqual(['nonsense']);
  });
  test('one word of a list, or the fallback', () => {
    expect(oneWord('b', ['a', 'b'], 'a')).toBe('b');
    expect(oneWord('x', ['a', 'b'], 'a')).toBe('a');
    expect(oneWord(undefined, ['a', 'b'], 'a')).toBe('a');
  });
  test('only whole numbers above zero are numbers', () => {
    expect(wholeNumber('1284')).toBe(1284);
    for (const text of ['0', '-1', '1.5', '1e3', '99999999999', 'x', '']) expect(wholeNumber(text)).toBeUndefined();
  });
});
