/** What people decide about policies that are at work: leave out, answer for, refuse. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { Evidence } from './assessments';
import type { PolicyObject } from './policies';
import { odataText } from './odata';
import { EXEMPTION, FRESH } from './posture';

const ATTESTATION = { 'api-version': '2022-09-01' };
const ASSIGNMENT = { 'api-version': '2022-06-01' };
const INSIGHTS = { 'api-version': '2019-10-01' };
const MOST_EVENTS = 100;

/** A policy at work: an assignment, and which policy of it when it is of an initiative. */
export interface AtWork {
  assignment: string;
  reference: string;
}

export interface Exemption {
  title: string;
  category: 'Waiver' | 'Mitigated';
  reason: string;
  /** A day; empty for ever. */
  until: string;
}
const endOf = (day: string) => (day ? `${day}T23:59:59Z` : undefined);
const exemptionPath = (scope: string, name: string) => `${scope}/providers/Microsoft.Authorization/policyExemptions/${name}`;

export async function exempt(scope: string, work: AtWork, one: Exemption): Promise<() => Promise<unknown>> {
  const path = exemptionPath(scope, crypto.randomUUID());
  const properties = {
    policyAssignmentId: work.assignment,
    policyDefinitionReferenceIds: work.reference ? [work.reference] : undefined,
    exemptionCategory: one.category,
    displayName: one.title,
    description: one.reason,
    expiresOn: endOf(one.until),
  };
  await api(path, { method: 'PUT', query: EXEMPTION, body: { properties } });
  return () => api(path, { method: 'DELETE', query: EXEMPTION });
}

export interface Word {
  complianceState: 'Compliant' | 'NonCompliant';
  owner: string;
  comments: string;
  /** Where the proof lies; empty when there is none. */
  evidence: string;
  until: string;
}

/** Answers a manual policy for some resources; what comes back takes all of it back. */
export async function attest(resources: readonly string[], work: AtWork, word: Word): Promise<() => Promise<unknown>> {
  const paths = resources.map((one) => `${one}/providers/Microsoft.PolicyInsights/attestations/${crypto.randomUUID()}`);
  const properties = {
    policyAssignmentId: work.assignment,
    policyDefinitionReferenceId: work.reference || undefined,
    complianceState: word.complianceState,
    owner: word.owner,
    comments: word.comments,
    evidence: word.evidence ? [{ description: word.comments, sourceUri: word.evidence }] : undefined,
    assessmentDate: new Date().toISOString(),
    expiresOn: endOf(word.until),
  };
  const done: string[] = [];
  const undo = () => Promise.all(done.map((path) => api(path, { method: 'DELETE', query: ATTESTATION })));
  try {
    for (const path of paths) {
      await api(path, { method: 'PUT', query: ATTESTATION, body: { properties } });
      done.push(path);
    }
  } catch (error) {
    await undo();
    throw error;
  }
  return undo;
}

export interface Override {
  kind: string;
  value: string;
  selectors?: { kind: string; in?: string[]; notIn?: string[] }[];
}

/** Whether an override is about the whole of a policy, and about that one. */
function isOf(one: Override, reference: string): boolean {
  if (one.kind.toLowerCase() !== 'policyeffect') return false;
  const selectors = one.selectors ?? [];
  if (selectors.length === 0) return true;
  const [only] = selectors;
  return selectors.length === 1 && only?.kind.toLowerCase() === 'policydefinitionreferenceid' && (only.in ?? []).some((each) => each.toLowerCase() === reference.toLowerCase());
}

/** What the assignment makes of the policy instead of its own effect; null when it leaves it alone. */
export const overridden = (overrides: readonly Override[] | undefined, reference: string): string | null => overrides?.find((one) => isOf(one, reference))?.value ?? null;

/** The overrides with which the policy has that effect. The first that fits counts, so those of others stay as they are. */
export function withEffect(overrides: readonly Override[] | undefined, reference: string, value: string): Override[] {
  const made: Override = { kind: 'policyEffect', value, selectors: reference ? [{ kind: 'policyDefinitionReferenceId', in: [reference] }] : undefined };
  const alone = (one: Override) => isOf(one, reference) && (one.selectors?.[0]?.in?.length ?? 0) === (reference ? 1 : 0);
  return [made, ...(overrides ?? []).filter((one) => !alone(one))];
}

export const assignmentQuery = (id: string) =>
  queryOptions({
    queryKey: ['Authorization', 'assignment', id.toLowerCase()],
    queryFn: ({ signal }) => api<PolicyObject>(id, { query: ASSIGNMENT, signal }),
    staleTime: FRESH,
  });

export async function setEffect(assignment: PolicyObject, reference: string, value: string): Promise<() => Promise<unknown>> {
  const put = (properties: object) => api(assignment.id, { method: 'PUT', query: ASSIGNMENT, body: { properties } });
  const overrides = withEffect(assignment.properties['overrides'] as Override[] | undefined, reference, value);
  await put({ ...assignment.properties, overrides, enforcementMode: value === 'deny' ? 'Default' : assignment.properties.enforcementMode });
  return () => put(assignment.properties);
}

interface RawState {
  timestamp: string;
  resourceId: string;
  policyDefinitionAction?: string;
  policyEvaluationDetails?: { evidence?: Evidence };
}
const states = (scope: string, which: string, work: AtWork, more: string, top: number, signal: AbortSignal) =>
  api<{ '@odata.count'?: number; value: RawState[] }>(`${scope}/providers/Microsoft.PolicyInsights/${which}/queryResults`, {
    method: 'POST',
    query: {
      ...INSIGHTS,
      $top: String(top),
      $filter: `policyAssignmentId eq ${odataText(work.assignment)}${work.reference ? ` and policyDefinitionReferenceId eq ${odataText(work.reference)}` : ''}${more}`,
    },
    signal,
  });

/** The effect that the policy itself has, in small letters; empty when it judges nothing yet. */
export const effectQuery = (scope: string, work: AtWork) =>
  queryOptions({
    queryKey: ['Security', 'effect', scope.toLowerCase(), work],
    queryFn: async ({ signal }) => (await states(scope, 'policyStates/latest', work, '', 1, signal)).value[0]?.policyDefinitionAction?.toLowerCase() ?? '',
    staleTime: 60_000,
  });

/** Something put that the policy minded. */
export interface Minded {
  time: string;
  resource: string;
  evidence: Evidence | null;
}
export interface Refusals {
  count: number;
  list: Minded[];
}

/** What the policy would have refused had it denied: every change that it minded in the last 90 days. */
export const refusalsQuery = (scope: string, work: AtWork) =>
  queryOptions({
    queryKey: ['Security', 'refusals', scope.toLowerCase(), work],
    queryFn: async ({ signal }): Promise<Refusals> => {
      const answer = await states(scope, 'policyEvents/default', work, " and complianceState eq 'NonCompliant'", MOST_EVENTS, signal);
      const list = answer.value.map((one) => ({ time: one.timestamp, resource: one.resourceId, evidence: one.policyEvaluationDetails?.evidence ?? null }));
      return { count: answer['@odata.count'] ?? list.length, list };
    },
    staleTime: FRESH,
  });

/** What can refuse: a policy that looks at one document. Others look at what is beside it, or ask a person. */
export const canDeny = (effect: string) => effect === 'audit' || effect === 'deny';
