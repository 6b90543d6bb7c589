import { expect, test } from 'vitest';
import { aliasOf, getWatchlist, headerOf } from './csv';

test('column names are those of the first line, quotes taken off', () => {
  expect(headerOf('\uFEFFAccount,"Full name, with comma","a ""b"""\r\nx,y,z')).toEqual(['Account', 'Full name, with comma', 'a "b"']);
  expect(headerOf('')).toEqual([]);
});
test('a file gives its list a name that may stand in an address', () => {
  expect(aliasOf('Service accounts (old).csv')).toBe('Service-accounts-old');
});
test('the line to copy quotes what must be quoted', () => {
  expect(getWatchlist("it's")).toBe("_GetWatchlist('it\\'s')");
});
