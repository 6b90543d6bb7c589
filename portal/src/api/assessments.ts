/** How recommendations stand, resource by resource: KQL over Resource Graph, which pages show to whoever asks. */
import { queryOptions } from '@tanstack/react-query';
import { FRESH, graph, kqlText } from './posture';

export const RISK_LEVELS = ['NotEvaluated', 'Low', 'Medium', 'High', 'Critical'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];
export interface RiskFactor {
  name: string;
  displayName: string;
  points: number;
  state: 'Present' | 'Absent' | 'NotEvaluated';
  because?: string;
  evidence?: Evidence;
}
export interface Risk {
  level: RiskLevel;
  points?: number;
  severityPoints?: number;
  factorPoints?: number;
  riskFactors?: string[];
  factors?: RiskFactor[];
}
export interface Tally {
  name: string;
  /** The worst level among its unhealthy resources: a place in RISK_LEVELS. */
  risk: number;
  /** What one of them has at least, as JSON arrays. */
  factors: string;
  unhealthy: number;
  healthy: number;
  exempt: number;
  notMeasured: number;
  notApplicable: number;
  awaits: number;
  changed: string;
}
export interface Finding {
  name: string;
  resource: string;
}
export interface Evidence {
  path?: string;
  operator?: string;
  found?: unknown;
  wanted?: unknown;
  missing?: string;
}
export type Standing = 'unhealthy' | 'healthy' | 'exempt' | 'notMeasured' | 'notApplicable' | 'awaits';
export interface Assessment {
  name: string;
  resource: string;
  resourceName: string;
  resourceType: string;
  standing: Standing;
  reason: string;
  since: string;
  assignment: string;
  reference: string;
  evidence: Evidence | null;
}

const ASSESSMENTS = `securityresources
| where type =~ 'microsoft.security/assessments'
| extend code = tostring(properties.status.code), cause = tostring(properties.status.cause), level = tostring(properties.risk.level)`;

/** A level as its place in RISK_LEVELS. */
export const RISK_RANK = "case(level == 'Critical', 4, level == 'High', 3, level == 'Medium', 2, level == 'Low', 1, 0)";

/** The recommendations page as a query: shown to whoever wants to see it. */
export const TALLY_KQL = `${ASSESSMENTS}
| summarize unhealthy = countif(code == 'Unhealthy'), healthy = countif(code == 'Healthy'), exempt = countif(cause == 'Exempt'),
    notMeasured = countif(cause == 'NotMeasured'), notApplicable = countif(cause == 'NotApplicable'),
    awaits = countif(cause == 'AwaitsAttestation'), changed = max(todatetime(properties.status.statusChangeDate)),
    risk = max(${RISK_RANK}),
    factors = strcat_array(make_set(tostring(properties.risk.riskFactors)), ' ') by name`;

export const tallyQuery = (subscription: string) =>
  queryOptions({
    queryKey: ['Security', 'tally', subscription],
    queryFn: ({ signal }) => graph<Tally>(subscription, TALLY_KQL, signal),
    staleTime: FRESH,
  });

export const findingsQuery = (subscription: string) =>
  queryOptions({
    queryKey: ['Security', 'findings', subscription],
    queryFn: ({ signal }) =>
      graph<Finding>(subscription, `${ASSESSMENTS}\n| where code == 'Unhealthy'\n| project name, resource = tolower(tostring(properties.resourceDetails.id))`, signal),
    staleTime: FRESH,
  });

interface RawAssessment {
  name: string;
  properties: {
    resourceDetails: { id: string; resourceName?: string; resourceType?: string };
    status: { code: string; cause?: string; description?: string; statusChangeDate: string };
    additionalData?: { policyAssignmentId?: string; policyDefinitionReferenceId?: string };
    evidence?: Evidence;
  };
}

export function standingOf(code: string, cause: string | undefined): Standing {
  if (code === 'Unhealthy') return 'unhealthy';
  if (code === 'Healthy') return 'healthy';
  if (cause === 'Exempt') return 'exempt';
  if (cause === 'AwaitsAttestation') return 'awaits';
  return cause === 'NotMeasured' ? 'notMeasured' : 'notApplicable';
}

function assessment({ name, properties: p }: RawAssessment): Assessment {
  return {
    name,
    resource: p.resourceDetails.id,
    resourceName: p.resourceDetails.resourceName ?? p.resourceDetails.id.split('/').pop() ?? '',
    resourceType: p.resourceDetails.resourceType ?? '',
    standing: standingOf(p.status.code, p.status.cause),
    reason: p.status.description ?? '',
    since: p.status.statusChangeDate,
    assignment: p.additionalData?.policyAssignmentId ?? '',
    reference: p.additionalData?.policyDefinitionReferenceId ?? '',
    evidence: p.evidence ?? null,
  };
}

export const assessmentsKql = (name: string) => `securityresources
| where type =~ 'microsoft.security/assessments' and name =~ ${kqlText(name)}
| project name, properties`;

/** One recommendation on every resource. */
export const assessmentsQuery = (subscription: string, name: string) =>
  queryOptions({
    queryKey: ['Security', 'assessments', subscription, name],
    queryFn: async ({ signal }) => (await graph<RawAssessment>(subscription, assessmentsKql(name), signal)).map(assessment),
    staleTime: FRESH,
  });

/** Every recommendation on one resource. */
export const resourceAssessmentsQuery = (subscription: string, resource: string) =>
  queryOptions({
    queryKey: ['Security', 'of', subscription, resource.toLowerCase()],
    queryFn: async ({ signal }) => {
      const kql = `securityresources
| where type =~ 'microsoft.security/assessments' and tostring(properties.resourceDetails.id) =~ ${kqlText(resource)}
| project name, properties`;
      return (await graph<RawAssessment>(subscription, kql, signal)).map(assessment);
    },
    staleTime: FRESH,
  });
