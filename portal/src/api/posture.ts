/** Posture as the server tells it: Microsoft.Security, Microsoft.Authorization and Resource Graph. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { ArmList, QueryAnswer, Severity } from './types';
import type { Workspace } from './workspace';

export interface Score {
  current: number;
  max: number;
  percentage: number;
}
export interface Control {
  name: string;
  title: string;
  score: Score;
  healthy: number;
  unhealthy: number;
  notApplicable: number;
  potential: number;
}
/** What a recommendation says, whatever it is held against. */
export interface Advice {
  id: string;
  title: string;
  description: string;
  remediation: string;
  severity: Severity;
  control: string | null;
  preview: boolean;
  hasFix: boolean;
  category: string;
  policy: string;
  notMeasuredReason: string | null;
  judgedOn: string;
}
const SECURITY = { 'api-version': '2020-01-01' };
const METADATA = { 'api-version': '2021-06-01' };
const GRAPH = { 'api-version': '2021-03-01' };
export const EXEMPTION = { 'api-version': '2022-07-01-preview' };
export const POLICY = { 'api-version': '2021-06-01' };

const MOST_ROWS = 5000;
const PAGE = 1000;
export const FRESH = 15_000;

export const security = (subscription: string, path: string) => `/subscriptions/${subscription}/providers/Microsoft.Security/${path}`;

/** Every page of an ARM list. */
export async function everyPage<T>(path: string, query: Record<string, string>, signal?: AbortSignal): Promise<T[]> {
  const first = await api<ArmList<T>>(path, { query, signal });
  const all = [...first.value];
  for (let next = first.nextLink; next && all.length < 20_000; ) {
    const url = new URL(next);
    const page: ArmList<T> = await api<ArmList<T>>(url.pathname + url.search, { signal });
    all.push(...page.value);
    next = page.nextLink;
  }
  return all;
}

interface GraphPage<T> {
  totalRecords: number;
  data: T[];
  $skipToken?: string;
}

/** Rows of Resource Graph, at most MOST_ROWS of them. */
export async function graph<T>(subscription: string, query: string, signal?: AbortSignal): Promise<T[]> {
  const rows: T[] = [];
  let token: string | undefined;
  do {
    const options = { $top: PAGE, $skipToken: token };
    const page: GraphPage<T> = await api<GraphPage<T>>('/providers/Microsoft.ResourceGraph/resources', {
      method: 'POST',
      query: GRAPH,
      body: { subscriptions: [subscription], query, options },
      signal,
    });
    rows.push(...page.data);
    token = page.$skipToken;
  } while (token && rows.length < MOST_ROWS);
  return rows;
}

/** A text inside KQL. */
export function kqlText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

interface RawScore {
  properties: { score: Score };
}
interface RawControl {
  name: string;
  properties: {
    displayName: string;
    score: Score;
    healthyResourceCount: number;
    unhealthyResourceCount: number;
    notApplicableResourceCount: number;
    potentialIncrease?: number;
  };
}

export const scoreQuery = (subscription: string) =>
  queryOptions({
    queryKey: ['Security', 'score', subscription],
    queryFn: async ({ signal }) => (await api<RawScore>(security(subscription, 'secureScores/ascScore'), { query: SECURITY, signal })).properties.score,
    staleTime: FRESH,
  });

export const controlsQuery = (subscription: string) =>
  queryOptions({
    queryKey: ['Security', 'controls', subscription],
    queryFn: async ({ signal }) => {
      const list = await everyPage<RawControl>(security(subscription, 'secureScores/ascScore/secureScoreControls'), SECURITY, signal);
      return list.map(
        ({ name, properties: p }): Control => ({
          name,
          title: p.displayName,
          score: p.score,
          healthy: p.healthyResourceCount,
          unhealthy: p.unhealthyResourceCount,
          notApplicable: p.notApplicableResourceCount,
          potential: p.potentialIncrease ?? 0,
        }),
      );
    },
    staleTime: FRESH,
  });

interface RawMetadata {
  name: string;
  properties: {
    displayName: string;
    description?: string;
    remediationDescription?: string;
    severity?: Severity;
    securityControl?: string;
    preview?: boolean;
    hasFix?: boolean;
    policyCategory?: string;
    policyDefinitionId?: string;
    notMeasuredReason?: string;
    judgedOn?: string;
  };
}

/** All recommendations by id; they change when content does. */
export const adviceQuery = queryOptions({
  queryKey: ['Security', 'advice'],
  queryFn: async ({ signal }) => {
    const list = await everyPage<RawMetadata>('/providers/Microsoft.Security/assessmentMetadata', METADATA, signal);
    const all = list.map(
      ({ name, properties: p }): Advice => ({
        id: name,
        title: p.displayName,
        description: p.description ?? '',
        remediation: p.remediationDescription ?? '',
        severity: p.severity ?? 'Medium',
        control: p.securityControl ?? null,
        preview: p.preview ?? false,
        hasFix: p.hasFix ?? false,
        category: p.policyCategory ?? '',
        policy: p.policyDefinitionId ?? '',
        notMeasuredReason: p.notMeasuredReason ?? null,
        judgedOn: p.judgedOn ?? '',
      }),
    );
    return new Map(all.map((one) => [one.id, one]));
  },
  staleTime: 300_000,
});

export interface ScorePoint {
  time: string;
  percentage: number;
}

/** The score's past: the last value of each hour. */
export const scoreHistoryQuery = (ws: Workspace, subscription: string, days: number) =>
  queryOptions({
    queryKey: ['Security', 'scoreHistory', subscription, days],
    queryFn: async ({ signal }): Promise<ScorePoint[]> => {
      const query = `SecureScores | where TimeGenerated > ago(${days}d) and SecureScoresSubscriptionId =~ ${kqlText(subscription)}
| summarize arg_max(TimeGenerated, PercentageScore) by bin(TimeGenerated, ${days > 90 ? '1d' : '1h'})
| project TimeGenerated, PercentageScore | order by TimeGenerated asc`;
      const answer = await api<QueryAnswer>(`/v1/workspaces/${ws.customerId}/query`, { method: 'POST', body: { query }, signal });
      return (answer.tables[0]?.rows ?? []).map((row) => ({ time: String(row[0]), percentage: Number(row[1]) }));
    },
    staleTime: FRESH,
  });
