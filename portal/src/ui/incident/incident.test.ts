import { describe, expect, test } from 'vitest';
import type { Incident } from '@api/types';
import { inverse } from '@app/useIncidentActions';
import { priority } from './priority';
import { VERDICTS, verdictOf } from './verdicts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const incident = (more: Partial<Incident['properties']> = {}): Incident => ({
  id: 'i',
  name: 'n',
  etag: '"1"',
  properties: {
    title: 't', severity: 'High', status: 'New', incidentNumber: 1, createdTimeUtc: '2026-11-24T08:00:00Z',
    additionalData: { alertsCount: 7, tactics: ['Execution', 'Impact'] },
    ...more,
  },
});

describe('incidents', () => {
  test('priority is the sum of its published parts', () => {
    expect(priority(incident(), NOW)).toEqual({ severity: 300, alerts: 14, tactics: 10, fresh: 10, waited: -2, sum: 332 });
    expect(priority(incident({ severity: 'Informational', status: 'Active', additionalData: null, createdTimeUtc: '2020-01-01T00:00:00Z' }), NOW).sum).toBe(-48);
  });
  test('undo restores every property that was changed, and nobody is somebody to restore', () => {
    const before = incident({ severity: 'Low' });
    expect(inverse(before, { severity: 'High' })).toEqual({ severity: 'Low' });
    expect(inverse(before, { owner: { assignedTo: 'x' }, status: 'Active' })).toMatchObject({ status: 'New', owner: { assignedTo: null, objectId: null } });
  });
  test('the five verdicts have the API\'s words and find their way back', () => {
    expect(VERDICTS.map((one) => one.id)).toEqual(['1', '2', '3', '4', '5']);
    for (const verdict of VERDICTS) expect(verdictOf(verdict.classification, verdict.reason)).toBe(verdict);
    expect(verdictOf(null, null)).toBeUndefined();
  });
});
