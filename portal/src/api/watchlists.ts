/** Small tables that rules read: lists, their items, their versions, and looking at an upload before it is one. */
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, samePath } from './client';
import type { ArmList } from './types';
import { INSIGHTS_VERSION, OPS_VERSION, insights, ops, type Workspace } from './workspace';

interface By {
  objectId?: string;
  name?: string | null;
}
export interface Watchlist {
  name: string;
  etag?: string;
  properties: {
    watchlistAlias: string;
    displayName: string;
    description?: string;
    itemsSearchKey: string;
    updated: string;
    updatedBy?: By;
    /** Ours. */
    version: number;
    itemsCount: number;
    columns: string[];
    usedBy: { id: string; name: string }[];
  };
}
export interface WatchlistItem {
  name: string;
  etag?: string;
  properties: { itemsKeyValue: Record<string, string>; updated: string; updatedBy?: By };
}
export interface WatchlistUpload {
  displayName: string;
  description?: string;
  itemsSearchKey: string;
  rawContent: string;
}
export interface WatchlistChange {
  id: string;
  was: string[] | null;
  became: string[] | null;
}
export interface WatchlistDiff {
  columns: string[];
  added: number;
  changed: number;
  removed: number;
  same: number;
  changes: WatchlistChange[];
  badLines: { line: number; reason: string }[];
}
export interface WatchlistVersion {
  version: number;
  time: string;
  who: By;
  what: string;
  why: string;
  itemsCount: number;
  added: number;
  changed: number;
  removed: number;
}

const KIND = ['SecurityInsights', 'watchlists'] as const;
const list = (alias: string) => `watchlists/${encodeURIComponent(alias)}`;

export const watchlistsQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: [...KIND, ws.id, 'all'],
    queryFn: async ({ signal }) => (await api<ArmList<Watchlist>>(insights(ws, 'watchlists'), { signal, query: INSIGHTS_VERSION })).value,
    staleTime: 30_000,
  });

export const watchlistQuery = (ws: Workspace, alias: string) =>
  queryOptions({
    queryKey: [...KIND, ws.id, 'one', alias],
    queryFn: ({ signal }) => api<Watchlist>(insights(ws, list(alias)), { signal, query: INSIGHTS_VERSION }),
    staleTime: 30_000,
  });

export interface ItemPage {
  items: WatchlistItem[];
  next: string | null;
}

/** For useInfiniteQuery: 1,000 a page, followed by nextLink. */
export const itemsQuery = (ws: Workspace, alias: string, words: string) => ({
  queryKey: [...KIND, ws.id, 'items', alias, words],
  queryFn: async ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }): Promise<ItemPage> => {
    const answer = pageParam
      ? await api<ArmList<WatchlistItem>>(samePath(pageParam), { signal })
      : await api<ArmList<WatchlistItem>>(insights(ws, `${list(alias)}/watchlistItems`), { signal, query: { ...INSIGHTS_VERSION, search: words || undefined } });
    return { items: answer.value, next: answer.nextLink ?? null };
  },
  initialPageParam: null as string | null,
  getNextPageParam: (last: ItemPage) => last.next,
  staleTime: 30_000,
});

const uploaded = (upload: WatchlistUpload) => ({ properties: { ...upload, provider: 'Vedette', source: 'Local file', contentType: 'text/csv' } });

export const putWatchlist = (ws: Workspace, alias: string, upload: WatchlistUpload, etag?: string): Promise<Watchlist> =>
  api<Watchlist>(insights(ws, list(alias)), { method: 'PUT', query: INSIGHTS_VERSION, body: { etag, ...uploaded(upload) } });

export const deleteWatchlist = (ws: Workspace, alias: string): Promise<void> => api<void>(insights(ws, list(alias)), { method: 'DELETE', query: INSIGHTS_VERSION });

export const previewQuery = (ws: Workspace, alias: string, upload: WatchlistUpload) =>
  queryOptions({
    queryKey: ['Operations', 'watchlistPreview', ws.id, alias, upload],
    queryFn: ({ signal }) => api<WatchlistDiff>(ops(ws, `${list(alias)}/preview`), { method: 'POST', signal, query: OPS_VERSION, body: uploaded(upload) }),
    staleTime: 5_000,
    gcTime: 30_000,
  });

export const putItem = (ws: Workspace, alias: string, id: string, cells: Record<string, string>, etag?: string): Promise<WatchlistItem> =>
  api<WatchlistItem>(insights(ws, `${list(alias)}/watchlistItems/${id}`), { method: 'PUT', query: INSIGHTS_VERSION, body: { etag, properties: { itemsKeyValue: cells } } });

export const deleteItem = (ws: Workspace, alias: string, id: string): Promise<void> =>
  api<void>(insights(ws, `${list(alias)}/watchlistItems/${id}`), { method: 'DELETE', query: INSIGHTS_VERSION });

export const versionsQuery = (ws: Workspace, alias: string) =>
  queryOptions({
    queryKey: [...KIND, ws.id, 'versions', alias],
    queryFn: async ({ signal }) => (await api<ArmList<WatchlistVersion>>(ops(ws, `${list(alias)}/versions`), { signal, query: OPS_VERSION })).value,
    staleTime: 30_000,
  });

/** What a version did never changes. */
export const versionQuery = (ws: Workspace, alias: string, version: number) =>
  queryOptions({
    queryKey: [...KIND, ws.id, 'version', alias, version],
    queryFn: ({ signal }) => api<WatchlistDiff>(ops(ws, `${list(alias)}/versions/${version}`), { signal, query: OPS_VERSION }),
    staleTime: Infinity,
  });

export const restoreVersion = (ws: Workspace, alias: string, version: number): Promise<Watchlist> =>
  api<Watchlist>(ops(ws, `${list(alias)}/versions/${version}/restore`), { method: 'POST', query: OPS_VERSION, body: { properties: {} } });

export function refreshWatchlists(client: QueryClient, ws: Workspace): void {
  void client.invalidateQueries({ queryKey: [...KIND, ws.id], predicate: ({ queryKey }) => queryKey[3] !== 'version' });
}
