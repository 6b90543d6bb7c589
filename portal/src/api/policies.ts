/** The rules of the house: definitions, initiatives, assignments, exemptions. */
import { queryOptions } from '@tanstack/react-query';
import { EXEMPTION, POLICY, everyPage } from './posture';

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
    vedette?: { judgedOn?: string; judgedOnText?: string; reason?: string };
  } & Record<string, unknown>;
}
export const KINDS = ['definitions', 'initiatives', 'assignments', 'exemptions'] as const;
export type PolicyKind = (typeof KINDS)[number];

const provider = 'providers/Microsoft.Authorization';
const PLACE: Record<PolicyKind, (subscription: string) => { path: string; query: Record<string, string> }> = {
  definitions: () => ({ path: `/${provider}/policyDefinitions`, query: POLICY }),
  initiatives: () => ({ path: `/${provider}/policySetDefinitions`, query: POLICY }),
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
