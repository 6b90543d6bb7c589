/** Incidents as every page reads and changes them; query keys of this kind are made only here. */
import { queryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { api, samePath } from './client';
import type {
  Alert,
  AlertRows,
  ArmList,
  Comment,
  EntityAnswer,
  HistoryEntry,
  Incident,
  IncidentCounts,
  IncidentProperties,
} from './types';
import { INSIGHTS_VERSION, OPS_VERSION, insights, ops, type Workspace } from './workspace';

const KIND = 'SecurityInsights';
export const PAGE_SIZE = 200;

export interface IncidentListParams {
  filter?: string;
  /** Words, all of which stand somewhere in the incident. */
  search?: string;
  orderby?: string;
}
export interface IncidentPage {
  incidents: Incident[];
  next: string | null;
  milliseconds: number;
}

async function fetchPage(ws: Workspace, params: IncidentListParams, link: string | null, signal: AbortSignal) {
  const begun = performance.now();
  const answer = link
    ? await api<ArmList<Incident>>(samePath(link), { signal })
    : await api<ArmList<Incident>>(insights(ws, 'incidents'), {
        signal,
        query: {
          ...INSIGHTS_VERSION,
          $filter: params.filter,
          $search: params.search,
          $orderby: params.orderby,
          $top: String(PAGE_SIZE),
        },
      });
  return { incidents: answer.value, next: answer.nextLink ?? null, milliseconds: performance.now() - begun };
}

export const listKey = (ws: Workspace, params: IncidentListParams) => [KIND, 'incidents', ws.id, params] as const;

/** For useInfiniteQuery: pages of 200, followed by nextLink. */
export const incidentsQuery = (ws: Workspace, params: IncidentListParams) => ({
  queryKey: listKey(ws, params),
  queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
    fetchPage(ws, params, pageParam, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last: IncidentPage) => last.next,
  staleTime: 30_000,
  placeholderData: (old: InfiniteData<IncidentPage, string | null> | undefined) => old,
});

export const incidentQuery = (ws: Workspace, name: string) =>
  queryOptions({
    queryKey: [KIND, 'incident', ws.id, name],
    queryFn: ({ signal }) => api<Incident>(insights(ws, `incidents/${name}`), { signal, query: INSIGHTS_VERSION }),
    staleTime: 30_000,
  });

/** Incidents are addressed by their number; the server knows them by name. */
export const incidentByNumberQuery = (ws: Workspace, number: number) =>
  queryOptions({
    queryKey: [KIND, 'incidentName', ws.id, number],
    queryFn: async ({ signal }) => {
      const answer = await api<ArmList<Incident>>(insights(ws, 'incidents'), {
        signal,
        query: { ...INSIGHTS_VERSION, $filter: `properties/incidentNumber eq ${number}`, $top: '1' },
      });
      return answer.value.find((one) => one.properties.incidentNumber === number)?.name ?? null;
    },
    staleTime: Infinity,
  });

const NEWS_DAYS = 7;

/** For the bell: the newest incidents that are high and open. */
export const incidentNewsQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: [KIND, 'incidentNews', ws.id],
    queryFn: async ({ signal }) => {
      const since = new Date(Date.now() - NEWS_DAYS * 86_400_000).toISOString();
      const filter = `properties/severity eq 'High' and properties/status ne 'Closed' and properties/createdTimeUtc ge ${since}`;
      return (await api<ArmList<Incident>>(insights(ws, 'incidents'), { signal, query: { ...INSIGHTS_VERSION, $filter: filter, $orderby: 'properties/createdTimeUtc desc', $top: '20' } })).value;
    },
    staleTime: 30_000,
  });

export const alertsQuery = (ws: Workspace, name: string) =>
  queryOptions({
    queryKey: [KIND, 'incidentAlerts', ws.id, name],
    queryFn: async ({ signal }) =>
      (await api<ArmList<Alert>>(insights(ws, `incidents/${name}/alerts`), { method: 'POST', signal, query: INSIGHTS_VERSION }))
        .value,
    staleTime: 30_000,
  });

export const entitiesQuery = (ws: Workspace, name: string) =>
  queryOptions({
    queryKey: [KIND, 'incidentEntities', ws.id, name],
    queryFn: ({ signal }) =>
      api<EntityAnswer>(insights(ws, `incidents/${name}/entities`), { method: 'POST', signal, query: INSIGHTS_VERSION }),
    staleTime: 30_000,
  });

export const commentsQuery = (ws: Workspace, name: string) =>
  queryOptions({
    queryKey: [KIND, 'incidentComments', ws.id, name],
    queryFn: async ({ signal }) =>
      (await api<ArmList<Comment>>(insights(ws, `incidents/${name}/comments`), { signal, query: INSIGHTS_VERSION })).value,
    staleTime: 30_000,
  });

export const historyQuery = (ws: Workspace, name: string) =>
  queryOptions({
    queryKey: ['Operations', 'incidentHistory', ws.id, name],
    queryFn: async ({ signal }) =>
      (await api<ArmList<HistoryEntry>>(ops(ws, `incidents/${name}/history`), { signal, query: OPS_VERSION })).value,
    staleTime: 10_000,
  });

/** The rows that fired an alert: kept by the server, so they never go stale. */
export const alertRowsQuery = (ws: Workspace, name: string, alert: string) =>
  queryOptions({
    queryKey: ['Operations', 'alertRows', ws.id, name, alert],
    queryFn: async ({ signal }) =>
      (
        await api<{ properties: AlertRows }>(ops(ws, `incidents/${name}/rows`), {
          signal,
          query: { ...OPS_VERSION, alert },
        })
      ).properties,
    staleTime: Infinity,
  });

export const countsQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: ['Operations', 'incidentCounts', ws.id],
    queryFn: async ({ signal }) =>
      (await api<{ properties: IncidentCounts }>(ops(ws, 'incidentCounts'), { signal, query: OPS_VERSION })).properties,
    staleTime: 30_000,
  });

/** What a PUT may carry: it replaces, so everything that shall stay is sent again. */
export function writable(properties: IncidentProperties): Partial<IncidentProperties> {
  const { title, description, severity, status, owner, labels } = properties;
  const { classification, classificationReason, classificationComment } = properties;
  const { firstActivityTimeUtc, lastActivityTimeUtc } = properties;
  const closing = status === 'Closed' ? { classification, classificationReason, classificationComment } : {};
  return { title, description, severity, status, owner, labels, firstActivityTimeUtc, lastActivityTimeUtc, ...closing };
}

export function putIncident(ws: Workspace, incident: Incident, patch: Partial<IncidentProperties>): Promise<Incident> {
  const properties = writable({ ...incident.properties, ...patch });
  return api<Incident>(insights(ws, `incidents/${incident.name}`), {
    method: 'PUT',
    query: INSIGHTS_VERSION,
    headers: incident.etag ? { 'if-match': incident.etag } : {},
    body: { etag: incident.etag, properties },
  });
}

export function createIncident(ws: Workspace, properties: Partial<IncidentProperties>): Promise<Incident> {
  return api<Incident>(insights(ws, `incidents/${crypto.randomUUID()}`), {
    method: 'PUT',
    query: INSIGHTS_VERSION,
    body: { properties },
  });
}

export function putComment(ws: Workspace, incident: string, comment: string, message: string, etag?: string): Promise<Comment> {
  return api<Comment>(insights(ws, `incidents/${incident}/comments/${comment}`), {
    method: 'PUT',
    query: INSIGHTS_VERSION,
    body: { etag, properties: { message } },
  });
}

export function deleteComment(ws: Workspace, incident: string, comment: string): Promise<void> {
  return api<void>(insights(ws, `incidents/${incident}/comments/${comment}`), { method: 'DELETE', query: INSIGHTS_VERSION });
}

/** Puts one incident's new state into every list and page that shows it; rows stay where they are. */
export function patchCaches(client: QueryClient, ws: Workspace, next: Incident): void {
  client.setQueryData(incidentQuery(ws, next.name).queryKey, next);
  client.setQueriesData<InfiniteData<IncidentPage, string | null>>({ queryKey: [KIND, 'incidents', ws.id] }, (data) =>
    data && {
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        incidents: page.incidents.map((one) => (one.name === next.name ? next : one)),
      })),
    },
  );
}

export function findCached(client: QueryClient, ws: Workspace, name: string): Incident | undefined {
  const whole = client.getQueryData(incidentQuery(ws, name).queryKey);
  if (whole) return whole;
  for (const [, data] of client.getQueriesData<InfiniteData<IncidentPage, string | null>>({
    queryKey: [KIND, 'incidents', ws.id],
  })) {
    const found = data?.pages.flatMap((page) => page.incidents).find((one) => one.name === name);
    if (found) return found;
  }
  return undefined;
}

/** Figures that a change moves: counts, overview, history. Lists keep their rows until asked again. */
export function refreshFigures(client: QueryClient, ws: Workspace): void {
  void client.invalidateQueries({ queryKey: ['Operations', 'incidentCounts', ws.id] });
  void client.invalidateQueries({ queryKey: ['Operations', 'overview', ws.id] });
  void client.invalidateQueries({ queryKey: ['Operations', 'incidentHistory', ws.id] });
}
