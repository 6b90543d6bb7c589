/** The rules of the house: definitions, initiatives, assignments, exemptions. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { Evidence } from './assessments';
import { EXEMPTION, POLICY, everyPage, graph } from './posture';
import { OPS_VERSION, ops, type Workspace } from './workspace';

export interface Parameter {
  type?: string;
  defaultValue?: unknown;
  allowedValues?: unknown[];
  metadata?: { displayName?: string; description?: string };
}
export interface PolicyObject {
  id: string;
  name: string;
  properties: {
    displayName?: string;
    description?: string;
    policyType?: string;
    metadata?: { category?: string; severity?: string } & Record<string, unknown>;
    policyDefinitionId?: string;
    policyAssignmentId?: string;
    enforcementMode?: string;
    exemptionCategory?: string;
    expiresOn?: string;
    scope?: string;
    parameters?: Record<string, Parameter>;
    policyDefinitionGroups?: { name: string; displayName?: string }[];
    vedette?: { judgedOn?: string; judgedOnText?: string; reason?: string };
  } & Record<string, unknown>;
}
export const KINDS = ['definitions', 'initiatives', 'assignments', 'exemptions'] as const;
export type PolicyKind = (typeof KINDS)[number];

const provider = 'providers/Microsoft.Authorization';
/** Of a subscription are its own and the built-in ones. */
const PLACE: Record<PolicyKind, (subscription: string) => { path: string; query: Record<string, string> }> = {
  definitions: (subscription) => ({ path: `/subscriptions/${subscription}/${provider}/policyDefinitions`, query: POLICY }),
  initiatives: (subscription) => ({ path: `/subscriptions/${subscription}/${provider}/policySetDefinitions`, query: POLICY }),
  assignments: (subscription) => ({ path: `/subscriptions/${subscription}/${provider}/policyAssignments`, query: POLICY }),
  exemptions: (subscription) => ({ path: `/subscriptions/${subscription}/${provider}/policyExemptions`, query: EXEMPTION }),
};

export const policiesQuery = (subscription: string, kind: PolicyKind) =>
  queryOptions({
    queryKey: ['Authorization', kind, subscription],
    queryFn: ({ signal }) => {
      const { path, query } = PLACE[kind](subscription);
      return everyPage<PolicyObject>(path, query, signal);
    },
    staleTime: 60_000,
  });

/** A policy of an initiative, by the name that it has in it. */
export interface Member {
  reference: string;
  definition: string;
}

/** The policies of an initiative; none of what is a definition. */
export const membersQuery = (id: string) =>
  queryOptions({
    queryKey: ['Authorization', 'members', id.toLowerCase()],
    enabled: /\/policySetDefinitions\//i.test(id),
    queryFn: async ({ signal }): Promise<Member[]> => {
      const list = (await api<PolicyObject>(id, { query: POLICY, signal })).properties['policyDefinitions'] as { policyDefinitionId: string; policyDefinitionReferenceId: string }[];
      return list.map((one) => ({ reference: one.policyDefinitionReferenceId, definition: one.policyDefinitionId }));
    },
    staleTime: 60_000,
  });

export interface Scope {
  id: string;
  name: string;
}

/** Where something may be assigned: management groups, subscriptions, resource groups. */
export const scopesQuery = (subscription: string) =>
  queryOptions({
    queryKey: ['Authorization', 'scopes', subscription],
    queryFn: ({ signal }) => graph<Scope>(subscription, 'resourcecontainers | project id, name | order by strlen(id) asc, id asc', signal),
    staleTime: 60_000,
  });

/** A parameter's value as its type wants it; texts are what people type. */
export function typed(parameter: Parameter, text: string): unknown {
  if (parameter.type?.toLowerCase() === 'string' || parameter.type === undefined) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export async function assignPolicy(scope: string, definition: string, displayName: string, values: Record<string, unknown>): Promise<string> {
  const id = `${scope}/${provider}/policyAssignments/${crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`;
  const parameters = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
  await api(id, { method: 'PUT', query: POLICY, body: { properties: { displayName, policyDefinitionId: definition, parameters } } });
  return id;
}

export const unassignPolicy = (id: string) => api(id, { method: 'DELETE', query: POLICY });

/** A standard of one's own: each control holds the definitions of one category. */
export async function makeStandard(subscription: string, displayName: string, description: string, controls: ReadonlyMap<string, string[]>): Promise<string> {
  const id = `/subscriptions/${subscription}/${provider}/policySetDefinitions/${crypto.randomUUID()}`;
  const groups = [...controls.keys()].map((title, index) => ({ name: String(index + 1), displayName: title }));
  const policyDefinitions = [...controls.values()].flatMap((ids, index) => ids.map((policyDefinitionId) => ({ policyDefinitionId, policyDefinitionReferenceId: `${index + 1}-${policyDefinitionId.split('/').pop() ?? ''}`, groupNames: [String(index + 1)] })));
  await api(id, { method: 'PUT', query: POLICY, body: { properties: { displayName, description, policyDefinitionGroups: groups, policyDefinitions } } });
  return id;
}

/** One condition of a rule as it was judged: whether it holds, and what stood there. */
export interface Condition {
  kind: string;
  holds: boolean;
  conditions?: Condition[];
  field?: string;
  path?: string;
  name?: string;
  operator?: string;
  wanted?: unknown;
  found?: unknown;
  foundFrom?: string;
  of?: number | string;
  elements?: { holds: boolean }[];
  members?: { holds: boolean; condition?: Condition }[];
}
export interface Explanation {
  matched: boolean;
  effect?: string;
  condition: Condition;
  related?: { type: string; found?: unknown; resources: { holds: boolean; id: string; condition?: Condition }[] };
  needs?: { path: string; there: boolean }[];
  appliesIf?: { matched: boolean; condition: Condition };
}
export interface Explained {
  id: string;
  concerned: boolean;
  complianceState?: string;
  effect?: string;
  reason?: string;
  evidence?: Evidence;
  explanation?: Explanation;
}
export interface Tried {
  resource?: Explained;
  everything: { resources: number; more: boolean; healthy: number; unhealthy: number; notMeasured: number; awaitsAttestation: number; notApplicable: number; firstUnhealthy?: string };
}

/** Why a recommendation stands as it does on a resource, found anew. */
export const explanationQuery = (ws: Workspace, name: string, resourceId: string) =>
  queryOptions({
    queryKey: ['Security', 'explanation', name, resourceId.toLowerCase()],
    queryFn: ({ signal }) => api<Explained>(ops(ws, `recommendations/${encodeURIComponent(name)}/explanation`), { query: { ...OPS_VERSION, resourceId }, signal }),
    staleTime: 15_000,
  });

/** Something to try: a definition that is there, by its id, or one that is written just now. */
export type Tryable = { policyDefinitionId: string } | { definition: unknown };

export const tryQuery = (ws: Workspace, what: Tryable, resourceId: string) =>
  queryOptions({
    queryKey: ['Authorization', 'try', what, resourceId],
    queryFn: ({ signal }) => api<Tried>(ops(ws, 'policyTry'), { method: 'POST', query: OPS_VERSION, body: { ...what, resourceId: resourceId || undefined }, signal }),
    staleTime: 15_000,
  });

export const saveDefinition = (id: string, properties: unknown): Promise<PolicyObject> => api<PolicyObject>(id, { method: 'PUT', query: POLICY, body: { properties } });
export const deleteDefinition = (id: string): Promise<unknown> => api(id, { method: 'DELETE', query: POLICY });
export const newDefinitionId = (subscription: string) => `/subscriptions/${subscription}/${provider}/policyDefinitions/${crypto.randomUUID()}`;
