import { describe, expect, test } from 'vitest';
import type { Control } from '@api/posture';
import { gains, planned } from './plan';

const control = (name: string, max: number, healthy: number, unhealthy: number): Control => ({
  name,
  title: name.toUpperCase(),
  score: { max, current: 0, percentage: 0 },
  healthy,
  unhealthy,
  notApplicable: 0,
  potential: 0,
});
const CONTROLS = [control('a', 10, 1, 3), control('b', 4, 0, 0), control('c', 6, 1, 1)];
const FINDINGS = [
  { name: 'one', resource: 'x' },
  { name: 'one', resource: 'y' },
  { name: 'two', resource: 'y' },
  { name: 'two', resource: 'z' },
  { name: 'three', resource: 'x' },
  { name: 'preview', resource: 'w' },
];
const OF: Record<string, string> = { one: 'A', two: 'A', three: 'C' };
const controlOf = (name: string) => OF[name] ?? null;

describe('what if', () => {
  test('without a fix it is the score of now; controls without resources do not count', () => {
    const now = planned(CONTROLS, FINDINGS, controlOf, new Set());
    expect(now.current).toBeCloseTo(10 / 4 + 6 / 2);
    expect(now.max).toBe(16);
    expect(now.percentage).toBeCloseTo(5.5 / 16);
  });
  test('a resource is healthy only when all of its findings in the control are fixed', () => {
    expect(planned(CONTROLS, FINDINGS, controlOf, new Set(['one'])).byControl.get('a')).toBeCloseTo(5);
    expect(planned(CONTROLS, FINDINGS, controlOf, new Set(['one', 'two'])).byControl.get('a')).toBeCloseTo(10);
  });
  test('what each fix would bring by itself', () => {
    const all = gains(CONTROLS, FINDINGS, controlOf);
    expect(all.get('one')).toBeCloseTo(2.5);
    expect(all.get('three')).toBeCloseTo(3);
    expect(all.get('preview')).toBe(0);
  });
});
