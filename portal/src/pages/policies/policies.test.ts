import { describe, expect, test } from 'vitest';
import type { PolicyObject } from '@api/policies';
import { overridden, withEffect } from '@api/decisions';
import { definitionText, parsed, problemIn } from './parts/definition';

describe('a definition that is written', () => {
  const text = definitionText({ id: '/x', name: 'x', properties: { displayName: 'One', policyType: 'Custom', policyRule: { if: { allOf: [{ field: 'type', equals: 'x' }, { field: 'name', equls: 'y' }] }, then: { effect: 'audt' } } } } as PolicyObject);
  const lineOf = (word: string) => text.split('\n').findIndex((line) => line.includes(word)) + 1;
  test('holds what people write, not what the server adds', () => {
    expect(text).toContain('policyRule');
    expect(text).not.toContain('Custom');
    expect(parsed('{')).toBeNull();
  });
  test('has the complaint of the server at its place', () => {
    const wrong = problemIn(text, "policy definition 'brk': if: 'equls' is no operator of conditions");
    expect(wrong.line).toBe(lineOf('equls'));
    expect(text.split('\n')[wrong.line - 1]?.slice(wrong.column - 1)).toMatch(/^equls/);
    expect(problemIn(text, "'audt' is no effect of policies").line).toBe(lineOf('audt'));
    expect(problemIn(text, 'if: a condition has one operator, not equals and like').line).toBe(lineOf('equals'));
    expect(problemIn(text, 'nothing that stands there')).toMatchObject({ line: 1, column: 1 });
  });
});

describe('the effect of a policy at work', () => {
  const others = [
    { kind: 'definitionVersion', value: '1.*.*' },
    { kind: 'policyEffect', value: 'disabled', selectors: [{ kind: 'policyDefinitionReferenceId', in: ['a', 'b'] }] },
  ];
  test('is overridden for one policy of an initiative, and for no other', () => {
    const denying = withEffect(others, 'a', 'deny');
    expect(overridden(denying, 'A')).toBe('deny');
    expect(overridden(denying, 'b')).toBe('disabled');
    expect(overridden(denying, 'c')).toBeNull();
    expect(denying.slice(1)).toEqual(others);
  });
  test('is put back without heaping up', () => {
    const back = withEffect(withEffect(others, 'a', 'deny'), 'a', 'audit');
    expect(overridden(back, 'a')).toBe('audit');
    expect(back).toHaveLength(3);
    expect(withEffect(withEffect([], '', 'deny'), '', 'audit')).toEqual([{ kind: 'policyEffect', value: 'audit', selectors: undefined }]);
  });
});
