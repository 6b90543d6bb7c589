import { describe, expect, test } from 'vitest';
import { readPrefs } from './prefs';

describe('preferences', () => {
  test('what is kept is read, what is broken falls back one by one', () => {
    expect(readPrefs('{"theme":"dark","density":"huge","rail":true,"paneWidth":9000}')).toMatchObject({ theme: 'dark', density: 'normal', rail: true, paneWidth: 640 });
  });
  test('nonsense gives the defaults', () => {
    for (const text of [null, '', 'null', '[', '7']) expect(readPrefs(text)).toMatchObject({ theme: 'system', language: 'en', singleKeys: true });
  });
});
