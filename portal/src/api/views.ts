/** Names for how a page stands: one's own and everybody's, and the one to begin with. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { ArmList } from './types';
import { OPS_VERSION, ops, type Workspace } from './workspace';

export interface SavedView {
  id: string;
  etag?: string;
  displayName: string;
  shared: boolean;
  isDefault: boolean;
  definition: { search?: Record<string, string> };
  createdBy?: { name?: string | null } | null;
}

export const viewsQuery = (ws: Workspace, page: string) =>
  queryOptions({
    queryKey: ['Operations', 'views', ws.id, page],
    queryFn: async ({ signal }) => (await api<ArmList<SavedView>>(ops(ws, 'views'), { signal, query: { ...OPS_VERSION, page } })).value,
    staleTime: 60_000,
  });

export const putView = (ws: Workspace, name: string, view: { displayName: string; page: string; shared: boolean; definition: SavedView['definition'] }): Promise<unknown> =>
  api(ops(ws, `views/${name}`), { method: 'PUT', query: OPS_VERSION, body: { properties: view } });

export const deleteView = (ws: Workspace, name: string): Promise<void> => api<void>(ops(ws, `views/${name}`), { method: 'DELETE', query: OPS_VERSION });

export const setDefaultView = (ws: Workspace, page: string, view: string | undefined): Promise<void> =>
  api<void>(ops(ws, `defaultViews/${page}`), { method: 'PUT', query: OPS_VERSION, body: { properties: { view } } });
