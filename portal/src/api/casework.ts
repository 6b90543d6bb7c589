/** Casework: merge, split, many at once, related incidents, bookmarks. Each is one act, and undone as one. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { ArmList, Incident, IncidentProperties } from './types';
import { INSIGHTS_VERSION, OPS_VERSION, insights, ops, type Workspace } from './workspace';

export interface Act {
  act: number;
  /** Numbers of the incidents it touched. */
  incidents: string[];
}

const act = async (ws: Workspace, path: string, properties: object): Promise<Act> =>
  (await api<{ properties: Act }>(ops(ws, path), { method: 'POST', query: OPS_VERSION, body: { properties } })).properties;

export const mergeIncidents = (ws: Workspace, into: string, from: string[]) => act(ws, 'incidents/merge', { into, from });

export const splitIncident = (ws: Workspace, incident: string, alerts: string[], title: string) =>
  act(ws, `incidents/${incident}/split`, { alerts, title: title || undefined });

/** An alert is in one incident at most: adding takes it from where it was. */
export const addAlerts = (ws: Workspace, incident: string, alerts: string[]) => act(ws, `incidents/${incident}/alerts`, { add: alerts });

/** Whole or not at all. */
export const changeMany = (ws: Workspace, incidents: readonly Incident[], change: Partial<IncidentProperties>) =>
  act(ws, 'incidents/bulk', { incidents: incidents.map(({ name, etag }) => ({ name, etag })), change });

export interface Related {
  reason: string;
  incident: Incident;
}

export const similarQuery = (ws: Workspace, incident: string) =>
  queryOptions({
    queryKey: ['Operations', 'similarIncidents', ws.id, incident],
    queryFn: async ({ signal }) => (await api<ArmList<Related>>(ops(ws, `incidents/${incident}/similar`), { signal, query: { ...OPS_VERSION, window: 'P30D' } })).value,
    staleTime: 60_000,
  });

export interface Bookmark {
  id?: string;
  name: string;
  etag?: string;
  properties: {
    displayName: string;
    query: string;
    queryResult?: string | null;
    notes?: string | null;
    labels?: string[] | null;
    created?: string;
    updated?: string;
    eventTime?: string | null;
    createdBy?: { name?: string | null } | null;
    incidentInfo?: { incidentId?: string; severity?: string; title?: string; relationName?: string } | null;
    tactics?: string[] | null;
    techniques?: string[] | null;
  };
}

const BOOKMARK_VERSION = { 'api-version': '2021-03-01-preview' };

export const bookmarksQuery = (ws: Workspace, incident: string) =>
  queryOptions({
    queryKey: ['SecurityInsights', 'incidentBookmarks', ws.id, incident],
    queryFn: async ({ signal }) =>
      (await api<ArmList<Bookmark>>(insights(ws, `incidents/${incident}/bookmarks`), { method: 'POST', signal, query: BOOKMARK_VERSION })).value,
    staleTime: 30_000,
  });

export const allBookmarksQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: ['SecurityInsights', 'bookmarks', ws.id],
    queryFn: async ({ signal }) => (await api<ArmList<Bookmark>>(insights(ws, 'bookmarks'), { signal, query: BOOKMARK_VERSION })).value,
    staleTime: 30_000,
  });

export const putBookmark = (ws: Workspace, name: string, properties: Bookmark['properties'], etag?: string): Promise<Bookmark> =>
  api<Bookmark>(insights(ws, `bookmarks/${name}`), { method: 'PUT', query: BOOKMARK_VERSION, body: { etag, properties } });

export const deleteBookmark = (ws: Workspace, name: string): Promise<void> =>
  api<void>(insights(ws, `bookmarks/${name}`), { method: 'DELETE', query: BOOKMARK_VERSION });

/** Puts a bookmark into an incident; a relation has the name of what it relates. */
export const relateBookmark = (ws: Workspace, incident: string, bookmark: string): Promise<unknown> =>
  api(insights(ws, `incidents/${incident}/relations/${bookmark}`), {
    method: 'PUT',
    query: INSIGHTS_VERSION,
    body: { properties: { relatedResourceId: insights(ws, `bookmarks/${bookmark}`) } },
  });

export const unrelate = (ws: Workspace, incident: string, relation: string): Promise<void> =>
  api<void>(insights(ws, `incidents/${incident}/relations/${relation}`), { method: 'DELETE', query: INSIGHTS_VERSION });
