import { describe, expect, test } from 'vitest';
import type { Incident } from '@api/types';
import { collides } from './useIncidentActions';

const incident = (properties: object) => ({ name: 'x', etag: '"1"', properties }) as unknown as Incident;

describe('a change that meets a newer incident', () => {
  test('a comment or a new alert in between is no conflict', () => {
    const before = incident({ severity: 'High', status: 'New', additionalData: { commentsCount: 0 } });
    const theirs = incident({ severity: 'High', status: 'New', additionalData: { commentsCount: 1 } });
    expect(collides(before, theirs, { status: 'Closed' })).toBe(false);
  });

  test('the same field set by somebody else is one', () => {
    expect(collides(incident({ severity: 'High' }), incident({ severity: 'Low' }), { severity: 'Medium' })).toBe(true);
  });

  test('a field that neither has yet is none', () => {
    expect(collides(incident({}), incident({ classification: null }), { classification: 'TruePositive' })).toBe(false);
  });
});
