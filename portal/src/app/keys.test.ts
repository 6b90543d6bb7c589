import { describe, expect, test } from 'vitest';
import { keyHint, keyName } from './keys';

const press = (key: string, more: Partial<{ ctrlKey: boolean; metaKey: boolean; altKey: boolean; shiftKey: boolean }> = {}) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe('keys', () => {
  test('names: a sign is itself, Shift counts only for named keys', () => {
    expect(press('j')).toBe('j');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('Enter', { shiftKey: true })).toBe('shift+Enter');
    expect(press('K', { ctrlKey: true })).toBe('ctrl+k');
    expect(press('k', { metaKey: true })).toBe('ctrl+k');
    expect(press('ArrowLeft', { altKey: true })).toBe('alt+ArrowLeft');
  });
  test('hints read as people say them', () => {
    expect(keyHint('ctrl+k')).toBe('Ctrl K');
    expect(keyHint('g i')).toBe('g i');
    expect(keyHint('shift+Enter')).toBe('Shift Enter');
    expect(keyHint(' ')).toBe('Space');
  });
});
