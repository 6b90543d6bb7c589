import { expect, test } from 'vitest';
import { stepIndex } from './step';

test('the cursor of a list moves by keys and stays inside', () => {
  expect(stepIndex('ArrowDown', -1, 5, 3)).toBe(0);
  expect(stepIndex('ArrowUp', 0, 5, 3)).toBe(0);
  expect(stepIndex('PageDown', 3, 5, 3)).toBe(4);
  expect(stepIndex('End', 0, 5, 3)).toBe(4);
  expect(stepIndex('x', 0, 5, 3)).toBeNull();
  expect(stepIndex('ArrowDown', 0, 0, 3)).toBeNull();
});
