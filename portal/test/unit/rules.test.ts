/** The house rules of the sources: sizes, colours, words, any. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import de from '@i18n/de.json';
import en from '@i18n/en.json';
import { IntlMessageFormat } from 'intl-messageformat';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
  .map((name) => ({ name: name.replaceAll('\\', '/'), text: readFileSync(join(SRC, name), 'utf8') }));
const all = files.map((file) => file.text).join('\n');
const lines = (text: string) => text.split('\n').length;

describe('sources', () => {
  test('a page has at most 200 lines, any file 250', () => {
    const long = files.filter(({ name, text }) => lines(text) > (/^pages\/[^/]+\/index\.tsx$/.test(name) ? 200 : 250));
    expect(long.map((file) => file.name).filter((name) => name !== 'api/types.ts')).toEqual([]);
  });
  test('colours stand only in the theme', () => {
    expect(files.filter(({ name, text }) => name !== 'ui/theme.ts' && /#[0-9a-fA-F]{3,8}['"; ]/.test(text)).map((file) => file.name)).toEqual([]);
  });
  test('no any', () => {
    expect(files.filter(({ text }) => /(:|as|<)\s*any\b/.test(text)).map((file) => file.name)).toEqual([]);
  });
  test('pages import ui, api and app, never each other; ui never pages', () => {
    const bad = files.filter(({ name, text }) => {
      const page = /^pages\/([^/]+)\//.exec(name)?.[1];
      const imported = [...text.matchAll(/@pages\/([\w-]+)/g)].map((match) => match[1]);
      return page ? imported.length > 0 : name.startsWith('ui/') && imported.length > 0;
    });
    expect(bad.map((file) => file.name)).toEqual([]);
  });
});

describe('words', () => {
  const families = [...all.matchAll(/t\(`([\w.]+)\.\$\{/g)].map((match) => `${match[1]}.`).concat(['theme.', 'density.', 'language.']);
  test('every message is used', () => {
    const unused = Object.keys(en).filter((key) => !all.includes(`'${key}'`) && !all.includes(`"${key}"`) && !families.some((family) => key.startsWith(family)));
    expect(unused).toEqual([]);
  });
  test('every message parses, in every language, with the same values', () => {
    const values = (text: string) => [...text.matchAll(/\{(\w+)/g)].map((match) => match[1]).filter((word) => !/^\d/.test(word ?? ''));
    for (const [key, text] of Object.entries(en)) {
      expect(() => new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }), key).not.toThrow();
      const other = (de as Record<string, string>)[key];
      if (other === undefined) continue;
      expect(() => new IntlMessageFormat(other, 'de', undefined, { ignoreTag: true }), key).not.toThrow();
      expect(new Set(values(other).filter((one) => en[key as keyof typeof en].includes(`{${one}`))), key).toEqual(
        new Set(values(text).filter((one) => other.includes(`{${one}`))),
      );
    }
  });
  test('other languages have all messages and no other', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  });
  test('no exclamation marks, no please, no successfully', () => {
    const wordy = Object.entries(en).filter(([, text]) => /!|\bplease\b|successfully|—/i.test(text));
    expect(wordy).toEqual([]);
  });
  test('text between tags comes from the messages', () => {
    const hard = files.flatMap(({ name, text }) =>
      name.endsWith('.tsx') ? [...text.matchAll(/>\s*([A-Z][a-z]+(?: [a-z]+)+)\s*</g)].map((match) => `${name}: ${match[1]}`) : [],
    );
    expect(hard).toEqual([]);
  });
});
