/** Hunting: queries and their rounds, livestreams, and making a case of what was found. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { ArmList, Cell, Incident, RowSet, Severity } from './types';
import { OPS_VERSION, ops, type Workspace } from './workspace';

export interface HuntResult {
  round: number;
  time: string;
  count: number;
  /** Rows that the round before did not have. */
  new: number;
  previous: number | null;
  delta: number | null;
  tookMs: number;
  error: string;
}
export interface HuntingQuery {
  id: string;
  title: string;
  description: string;
  query: string;
  source: 'content' | 'saved';
  tactics: string[];
  techniques: string[];
  latest: HuntResult | null;
}
export interface HuntRound {
  id: number;
  status: 'Running' | 'Done' | 'Cancelled' | 'Interrupted';
  started: string;
  finished: string | null;
  total: number;
  done: number;
  found: number;
  failed: number;
  startedBy: { name?: string | null };
}
export interface Livestream {
  id: string;
  etag?: string;
  title: string;
  query: string;
  status: 'Running' | 'Paused';
  everySeconds: number;
  started: string;
  lastRun: string | null;
  error: string;
  rowsCount: number;
  owner: { name?: string | null };
}
export interface LiveRows {
  columns: RowSet['columns'];
  rows: { seq: number; time: string; row: Cell[] }[];
}

const KIND = ['Operations', 'hunting'] as const;
export const huntingKey = (ws: Workspace) => [...KIND, ws.id] as const;

export const huntingQueriesQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: [...huntingKey(ws), 'queries'],
    queryFn: async ({ signal }) => (await api<ArmList<HuntingQuery>>(ops(ws, 'huntingQueries'), { signal, query: OPS_VERSION })).value,
    staleTime: 30_000,
  });

export const huntResultQuery = (ws: Workspace, query: string, round: number) =>
  queryOptions({
    queryKey: [...huntingKey(ws), 'result', query, round],
    queryFn: ({ signal }) => api<HuntResult & RowSet>(ops(ws, `huntingQueries/${query}/results/${round}`), { signal, query: OPS_VERSION }),
    staleTime: Infinity,
  });

export const roundsQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: [...huntingKey(ws), 'rounds'],
    queryFn: async ({ signal }) => (await api<ArmList<HuntRound>>(ops(ws, 'huntingRounds'), { signal, query: OPS_VERSION })).value,
    staleTime: 10_000,
  });

export const startRound = (ws: Workspace, span: { queries?: string[]; startTime?: string; endTime?: string }): Promise<HuntRound> =>
  api<HuntRound>(ops(ws, 'huntingRounds'), { method: 'POST', query: OPS_VERSION, body: { properties: span } });

export const cancelRound = (ws: Workspace, id: number): Promise<unknown> => api(ops(ws, `huntingRounds/${id}/cancel`), { method: 'POST', query: OPS_VERSION });

export interface NewQuery {
  title: string;
  query: string;
  description: string;
  tactics: string[];
}
export const saveHuntingQuery = (ws: Workspace, name: string, made: NewQuery): Promise<unknown> =>
  api(`${ws.id}/savedSearches/${name}`, {
    method: 'PUT',
    query: { 'api-version': '2020-08-01' },
    body: {
      properties: {
        category: 'Hunting Queries',
        displayName: made.title,
        query: made.query,
        tags: [{ name: 'description', value: made.description }, { name: 'tactics', value: made.tactics.join(',') }].filter((tag) => tag.value !== ''),
      },
    },
  });

export interface Promotion {
  bookmarks: string[];
  incident?: string;
  new?: { title: string; severity: Severity; status: 'New' };
}
export const promote = (ws: Workspace, what: Promotion): Promise<Incident> =>
  api<Incident>(ops(ws, 'bookmarks/promote'), { method: 'POST', query: OPS_VERSION, body: { properties: what } });

export const livestreamsQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: [...huntingKey(ws), 'livestreams'],
    queryFn: async ({ signal }) => (await api<ArmList<Livestream>>(ops(ws, 'livestreams'), { signal, query: OPS_VERSION })).value,
    staleTime: 30_000,
  });

export const liveRowsQuery = (ws: Workspace, id: string) =>
  queryOptions({
    queryKey: [...huntingKey(ws), 'liveRows', id],
    queryFn: ({ signal }) => api<LiveRows>(ops(ws, `livestreams/${id}/rows`), { signal, query: { ...OPS_VERSION, $top: '1000' } }),
    staleTime: 5_000,
  });

export const putLivestream = (ws: Workspace, id: string, change: Partial<Pick<Livestream, 'title' | 'query' | 'status' | 'everySeconds'>>): Promise<Livestream> =>
  api<Livestream>(ops(ws, `livestreams/${id}`), { method: 'PUT', query: OPS_VERSION, body: { properties: change } });

export const deleteLivestream = (ws: Workspace, id: string): Promise<void> => api<void>(ops(ws, `livestreams/${id}`), { method: 'DELETE', query: OPS_VERSION });

export const elevate = (ws: Workspace, id: string, what: { rows?: number[]; title: string; severity: Severity }): Promise<{ systemAlertId: string; incident?: string | number }> =>
  api(ops(ws, `livestreams/${id}/elevate`), { method: 'POST', query: OPS_VERSION, body: { properties: what } });
