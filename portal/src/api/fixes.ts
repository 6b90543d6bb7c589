/** Fixes: previewed as a diff, carried out, proved by judging again, taken back; and who answers for what is not fixed. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { FRESH, everyPage } from './posture';
import type { Evidence, Risk } from './assessments';
import { ops, type Workspace } from './workspace';

const OPS = { 'api-version': '2026-11-01' };
const SECURITY = { 'api-version': '2020-01-01' };
const FINDINGS = { 'api-version': '2019-01-01-preview' };
const GOVERNANCE = { 'api-version': '2022-01-01-preview' };

export interface FixDiff {
  text?: string;
  changes?: Record<string, { changeType?: string; previousValue?: unknown; newValue?: unknown }>;
}
export interface FixPreview {
  resourceId: string;
  status: 'Preview' | 'Refused';
  error?: string;
  diff?: FixDiff;
}
export interface FixDone {
  id?: string;
  resourceId: string;
  status: 'Succeeded' | 'Failed' | 'Refused' | 'Undone';
  error?: string;
  before?: string;
  after?: string;
}

interface List<T> {
  value: T[];
}

export const previewQuery = (ws: Workspace, assessment: string, resourceIds: string[]) =>
  queryOptions({
    queryKey: ['Security', 'fixPreview', assessment, resourceIds],
    queryFn: async ({ signal }) =>
      (await api<List<FixPreview>>(ops(ws, 'fixes/preview'), { method: 'POST', query: OPS, body: { assessment, resourceIds }, signal })).value,
    staleTime: 0,
    gcTime: 0,
  });

export async function applyFixes(ws: Workspace, assessment: string, resourceIds: string[]): Promise<FixDone[]> {
  return (await api<List<FixDone>>(ops(ws, 'fixes'), { method: 'POST', query: OPS, body: { assessment, resourceIds } })).value;
}

export function undoFix(ws: Workspace, id: string): Promise<FixDone> {
  return api<FixDone>(ops(ws, `fixes/${encodeURIComponent(id)}/undo`), { method: 'POST', query: OPS, body: {} });
}

/** One recommendation on one resource, with what lists leave out. */
export interface Detail {
  properties: {
    risk?: Risk;
    evidence?: Evidence;
    governance?: { owner: string; dueDate: string; isOverdue: boolean; isGracePeriod: boolean };
  };
}
export const assessmentPath = (resource: string, name: string) => `${resource}/providers/Microsoft.Security/assessments/${name}`;

export const detailQuery = (resource: string, name: string) =>
  queryOptions({
    queryKey: ['Security', 'detail', resource.toLowerCase(), name],
    queryFn: ({ signal }) => api<Detail>(assessmentPath(resource, name), { query: SECURITY, signal }),
    staleTime: FRESH,
  });

export interface FindingBehind {
  name: string;
  properties: { id: string; displayName: string; additionalData?: Record<string, string> };
}
export const findingsBehindQuery = (resource: string, name: string) =>
  queryOptions({
    queryKey: ['Security', 'behind', resource.toLowerCase(), name],
    queryFn: ({ signal }) => everyPage<FindingBehind>(`${assessmentPath(resource, name)}/subAssessments`, FINDINGS, signal),
    staleTime: FRESH,
  });

const given = (resource: string, name: string) => `${assessmentPath(resource, name)}/governanceAssignments`;

interface Given {
  name: string;
  properties?: { additionalData?: { governanceRuleId?: string } };
}

/** Those given by hand; what a rule says is no object. */
async function byHand(resource: string, name: string): Promise<Given[]> {
  const there = await api<List<Given>>(given(resource, name), { query: GOVERNANCE });
  return there.value.filter((one) => one.properties?.additionalData?.governanceRuleId === undefined);
}

/** Gives it to somebody; who had it by hand before has it no longer. */
export async function assignOwner(resource: string, name: string, owner: string, due: string): Promise<void> {
  const properties = { owner, remediationDueDate: due, isGracePeriod: false };
  const id = (await byHand(resource, name))[0]?.name ?? crypto.randomUUID();
  await api(`${given(resource, name)}/${id}`, { method: 'PUT', query: GOVERNANCE, body: { properties } });
}

export async function unassignOwner(resource: string, name: string): Promise<void> {
  for (const one of await byHand(resource, name)) await api(`${given(resource, name)}/${one.name}`, { method: 'DELETE', query: GOVERNANCE });
}
