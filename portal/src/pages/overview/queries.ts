import { queryOptions } from '@tanstack/react-query';
import { api } from '@api/client';
import type { Overview, Rule } from '@api/types';
import { OPS_VERSION, ops, type Workspace } from '@api/workspace';

export const overviewQuery = (ws: Workspace, since: string | null) =>
  queryOptions({
    queryKey: ['Operations', 'overview', ws.id, since],
    queryFn: async ({ signal }) =>
      (
        await api<{ properties: Overview }>(ops(ws, 'overview'), {
          signal,
          query: { ...OPS_VERSION, since: since ?? undefined },
        })
      ).properties,
    staleTime: 15_000,
    placeholderData: (old) => old,
  });

export const rulesQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: ['Operations', 'rules', ws.id],
    queryFn: async ({ signal }) => (await api<{ value: Rule[] }>(ops(ws, 'rules'), { signal, query: OPS_VERSION })).value,
    staleTime: 60_000,
  });
