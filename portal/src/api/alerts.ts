/** Alerts one by one, as Microsoft.Security has them: lists, decisions, and rules that keep some quiet. */
import { queryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { api, samePath } from './client';
import type { ArmList, QueryAnswer, Severity } from './types';
import { OPS_VERSION, ops, type Workspace } from './workspace';

export const ALERT_STATUSES = ['Active', 'InProgress', 'Resolved', 'Dismissed'] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

export interface Finding {
  id: string;
  name: string;
  properties: {
    systemAlertId: string;
    alertDisplayName: string;
    description?: string | null;
    severity: Severity;
    severityReasons?: string[];
    status: AlertStatus;
    alertType: string;
    startTimeUtc?: string | null;
    endTimeUtc?: string | null;
    timeGeneratedUtc: string;
    productName?: string | null;
    compromisedEntity?: string | null;
    tactics?: string[];
    techniques?: string[];
    remediationSteps?: string[];
    entities?: ({ type: string } & Record<string, unknown>)[];
    extendedProperties?: Record<string, string>;
    /** Ours: the incident it belongs to; its name is the correlation key. */
    incidentNumber?: number;
    correlationKey?: string;
  };
}
export interface FindingPage {
  list: Finding[];
  next: string | null;
  milliseconds: number;
}

const SECURITY_VERSION = { 'api-version': '2022-01-01' };
const RULES_VERSION = { 'api-version': '2019-01-01-preview' };
const PAGE_SIZE = 200;

const security = (ws: Workspace, path: string) => `${ws.id.split('/resourceGroups/')[0] ?? ''}/providers/Microsoft.Security/${path}`;

async function fetchPage(ws: Workspace, filter: string | undefined, link: string | null, signal: AbortSignal): Promise<FindingPage> {
  const begun = performance.now();
  const answer = link
    ? await api<ArmList<Finding>>(samePath(link), { signal })
    : await api<ArmList<Finding>>(security(ws, 'alerts'), { signal, query: { ...SECURITY_VERSION, $filter: filter, $top: String(PAGE_SIZE) } });
  return { list: answer.value, next: answer.nextLink ?? null, milliseconds: performance.now() - begun };
}

const listKey = (ws: Workspace) => ['Security', 'alerts', ws.id] as const;

/** For useInfiniteQuery: the newest first, in pages of 200. */
export const findingsQuery = (ws: Workspace, filter: string | undefined) => ({
  queryKey: [...listKey(ws), filter],
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) => fetchPage(ws, filter, pageParam, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last: FindingPage) => last.next,
  staleTime: 30_000,
  placeholderData: (old: InfiniteData<FindingPage, string | null> | undefined) => old,
});

export const findingQuery = (ws: Workspace, id: string) =>
  queryOptions({
    queryKey: ['Security', 'alert', ws.id, id],
    queryFn: ({ signal }) => api<Finding>(security(ws, `locations/local/alerts/${id}`), { signal, query: SECURITY_VERSION }),
    staleTime: 30_000,
  });

const ACTS: Record<AlertStatus, string> = { Active: 'activate', InProgress: 'inProgress', Resolved: 'resolve', Dismissed: 'dismiss' };

export function decide(ws: Workspace, id: string, status: AlertStatus): Promise<void> {
  return api<void>(security(ws, `locations/local/alerts/${id}/${ACTS[status]}`), { method: 'POST', query: SECURITY_VERSION });
}

/** Puts one alert's new state wherever it is shown; rows stay where they are. */
export function patchFinding(client: QueryClient, ws: Workspace, next: Finding): void {
  client.setQueryData(findingQuery(ws, next.name).queryKey, next);
  client.setQueriesData<InfiniteData<FindingPage, string | null>>({ queryKey: listKey(ws) }, (data) =>
    data && { ...data, pages: data.pages.map((page) => ({ ...page, list: page.list.map((one) => (one.name === next.name ? next : one)) })) },
  );
}

export interface AlertCounts {
  open: number;
  loose: number;
  suppressed: number;
  all: number;
}

/** How many stand in each view, counted over the table: the list itself comes in pages and knows no total. */
const countsKql = (from: number | null, to: number | null) => `SecurityAlert
| summarize arg_max(TimeGenerated, Status, ExtendedProperties), Made = min(TimeGenerated) by SystemAlertId${from === null ? '' : `\n| where Made >= datetime(${new Date(from).toISOString()})`}${to === null ? '' : `\n| where Made <= datetime(${new Date(to).toISOString()})`}
| join kind=leftouter (
    SecurityIncident | summarize arg_max(TimeGenerated, AlertIds) by IncidentNumber | mv-expand Alert = AlertIds to typeof(string) | distinct Alert | extend Inside = 1
  ) on $left.SystemAlertId == $right.Alert
| extend Open = Status in ('New', 'InProgress')
| summarize open = countif(Open), loose = countif(Open and isnull(Inside)), suppressed = countif(ExtendedProperties has 'Suppression Rule'), all = count()`;

export const alertCountsQuery = (ws: Workspace, from: number | null, to: number | null) =>
  queryOptions({
    queryKey: ['Security', 'alertCounts', ws.id, from, to],
    queryFn: async ({ signal }): Promise<AlertCounts> => {
      const answer = await api<QueryAnswer>(`/v1/workspaces/${ws.customerId}/query`, { method: 'POST', body: { query: countsKql(from, to) }, signal });
      const [table] = answer.tables;
      const count = (name: string) => Number(table?.rows[0]?.[table.columns.findIndex((column) => column.name === name)] ?? 0);
      return { open: count('open'), loose: count('loose'), suppressed: count('suppressed'), all: count('all') };
    },
    staleTime: 15_000,
  });

export function refreshFindings(client: QueryClient, ws: Workspace): void {
  void client.invalidateQueries({ queryKey: listKey(ws) });
  void client.invalidateQueries({ queryKey: ['Security', 'alertCounts', ws.id] });
  void client.invalidateQueries({ queryKey: ['Security', 'alert', ws.id] });
}

export interface RuleVerdict {
  rule: string;
  open: number;
  precision: number | null;
}

export const verdictsQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: ['Operations', 'ruleVerdicts', ws.id],
    queryFn: async ({ signal }) => (await api<ArmList<RuleVerdict>>(ops(ws, 'ruleVerdicts'), { signal, query: OPS_VERSION })).value,
    staleTime: 60_000,
  });

export interface Suppression {
  alertType: string;
  reason: string;
  comment: string;
  expirationDateUtc?: string;
  state: 'Enabled';
  suppressionAlertsScope?: { allOf: { field: string; in: string[] }[] };
}
export interface SuppressionTrial {
  since: string;
  alertsLookedAt: number;
  alertsCovered: number;
  alerts: Finding[];
}

export const trialQuery = (ws: Workspace, rule: Suppression) =>
  queryOptions({
    queryKey: ['Operations', 'suppressionTrial', ws.id, rule],
    queryFn: async ({ signal }) =>
      (await api<{ properties: SuppressionTrial }>(ops(ws, 'suppressionTrial'), { method: 'POST', signal, query: OPS_VERSION, body: { properties: rule } })).properties,
    staleTime: 10_000,
  });

export const putSuppression = (ws: Workspace, name: string, rule: Suppression): Promise<unknown> =>
  api(security(ws, `alertsSuppressionRules/${encodeURIComponent(name)}`), { method: 'PUT', query: RULES_VERSION, body: { properties: rule } });

export const deleteSuppression = (ws: Workspace, name: string): Promise<void> =>
  api<void>(security(ws, `alertsSuppressionRules/${encodeURIComponent(name)}`), { method: 'DELETE', query: RULES_VERSION });
