/** Investigation: tasks, the graph, pages of things, and undoing what was done. */
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api } from './client';
import { commentsQuery, historyQuery, incidentQuery, refreshFigures } from './incidents';
import type { Alert, ArmList, Cell, Entity, Incident } from './types';
import { INSIGHTS_VERSION, OPS_VERSION, insights, ops, type Workspace } from './workspace';

export interface Task {
  name: string;
  etag?: string;
  properties: { title: string; description?: string; status: 'New' | 'Completed'; createdTimeUtc?: string; createdBy?: { name?: string } };
}

export const tasksQuery = (ws: Workspace, incident: string) =>
  queryOptions({
    queryKey: ['SecurityInsights', 'incidentTasks', ws.id, incident],
    queryFn: async ({ signal }) => (await api<ArmList<Task>>(insights(ws, `incidents/${incident}/tasks`), { signal, query: INSIGHTS_VERSION })).value,
    staleTime: 30_000,
  });

export function putTask(ws: Workspace, incident: string, task: Task): Promise<Task> {
  const { title, description, status } = task.properties;
  return api<Task>(insights(ws, `incidents/${incident}/tasks/${task.name}`), {
    method: 'PUT',
    query: INSIGHTS_VERSION,
    body: { etag: task.etag, properties: { title, description, status } },
  });
}

export interface GraphEdge {
  alert: string;
  entity: string;
  rows: number[];
}
export interface IncidentGraph {
  alerts: Alert[];
  entities: Entity[];
  edges: GraphEdge[];
}

export const graphQuery = (ws: Workspace, incident: string) =>
  queryOptions({
    queryKey: ['Operations', 'incidentGraph', ws.id, incident],
    queryFn: async ({ signal }) =>
      (await api<{ properties: IncidentGraph }>(ops(ws, `incidents/${incident}/graph`), { signal, query: OPS_VERSION })).properties,
    staleTime: 30_000,
  });

/** What somebody found worth keeping of a graph: shared by its name, earlier versions stay. */
export interface GraphView {
  node?: string;
  ex?: string;
  from?: string;
  to?: string;
  open?: string;
  hide?: string;
}
export interface SavedGraph {
  name: string;
  properties: { title: string; version: number; createdTimeUtc: string; createdBy?: { name?: string | null } | null; graph?: GraphView };
}

export const savedGraphsQuery = (ws: Workspace, incident: string) =>
  queryOptions({
    queryKey: ['Operations', 'incidentGraphs', ws.id, incident],
    queryFn: async ({ signal }) => (await api<ArmList<SavedGraph>>(ops(ws, `incidents/${incident}/graphs`), { signal, query: OPS_VERSION })).value,
    staleTime: 30_000,
  });

export const savedGraphQuery = (ws: Workspace, incident: string, name: string) =>
  queryOptions({
    queryKey: ['Operations', 'incidentGraphState', ws.id, incident, name],
    queryFn: ({ signal }) => api<SavedGraph>(ops(ws, `incidents/${incident}/graphs/${name}`), { signal, query: OPS_VERSION }),
    staleTime: 30_000,
  });

/** The next version of a state; `after` is the one that it follows, so that two people do not overwrite each other. */
export const saveGraph = (ws: Workspace, incident: string, name: string, state: { title: string; after: number; graph: GraphView }): Promise<SavedGraph> =>
  api<SavedGraph>(ops(ws, `incidents/${incident}/graphs/${name}`), {
    method: 'PUT',
    query: OPS_VERSION,
    body: { properties: { title: state.title, version: state.after, graph: state.graph } },
  });

/** A question that may be asked about a thing. */
export interface Question {
  id: string;
  kind: 'Expansion' | 'Insight';
  title: string;
  description: string;
}
export interface RiskTerm {
  alert: string;
  title: string;
  time: string | null;
  verdict: string;
  points: number;
  decay: number;
  factor: number;
  product: number;
}
export interface Merge {
  id: number;
  time: string;
  reason: string;
  who: string;
  undone: boolean;
  undoneBy?: string;
}
export interface EntityPage {
  entity: Entity;
  label: string;
  names: string[];
  identities: string[];
  firstSeen?: string;
  lastSeen?: string;
  alertsCount: number;
  risk: { score: number; cutAt100: boolean; terms: RiskTerm[] };
  merges: Merge[];
  alerts: Alert[];
  incidents: Incident[];
  queries: Question[];
}

export const entityPageQuery = (ws: Workspace, entity: string) =>
  queryOptions({
    queryKey: ['Operations', 'entityPage', ws.id, entity],
    queryFn: async ({ signal }) => (await api<{ properties: EntityPage }>(ops(ws, `entities/${entity}`), { signal, query: OPS_VERSION })).properties,
    staleTime: 30_000,
  });

export interface Exploration {
  title: string;
  query: string;
  columns: { name: string; type: string }[];
  rows: (Cell | object)[][];
  partial: boolean;
  entities: Entity[];
  edges: { entity?: string; alert?: string; row: number }[];
}

export interface Span {
  startTime: string;
  endTime: string;
}

export const exploreQuery = (ws: Workspace, entity: string, question: string, span: Span) =>
  queryOptions({
    queryKey: ['Operations', 'explore', ws.id, entity, question, span],
    queryFn: async ({ signal }) =>
      (
        await api<{ properties: Exploration }>(ops(ws, `entities/${entity}/explore`), {
          method: 'POST',
          signal,
          query: OPS_VERSION,
          body: { properties: { query: question, ...span } },
        })
      ).properties,
    staleTime: 60_000,
  });

/** From a week before an incident or a thing was first seen until now: alerts are logged when they are raised, not when it happened. */
export function spanAround(first: string | null | undefined, last: string | null | undefined): Span {
  const week = 7 * 86_400_000;
  const from = first ? Date.parse(first) : Date.now() - week;
  const to = Math.max(last ? Date.parse(last) + week : 0, Date.now());
  return { startTime: new Date(from - week).toISOString(), endTime: new Date(to).toISOString() };
}

export const partMerge = (ws: Workspace, merge: number): Promise<void> => api<void>(ops(ws, `entityMerges/${merge}/undo`), { method: 'POST', query: OPS_VERSION });

export const undoAct = (ws: Workspace, act: number): Promise<unknown> => api(ops(ws, `acts/${act}/undo`), { method: 'POST', query: OPS_VERSION });

/** After an act was undone: the incident and all that hangs on it may be different. */
export function refreshIncident(client: QueryClient, ws: Workspace, incident: string): void {
  for (const key of [incidentQuery(ws, incident).queryKey, commentsQuery(ws, incident).queryKey, historyQuery(ws, incident).queryKey, tasksQuery(ws, incident).queryKey]) {
    void client.invalidateQueries({ queryKey: key });
  }
  void client.invalidateQueries({ queryKey: ['SecurityInsights', 'incidentAlerts', ws.id, incident] });
  void client.invalidateQueries({ queryKey: ['SecurityInsights', 'incidentEntities', ws.id, incident] });
  refreshFigures(client, ws);
}
