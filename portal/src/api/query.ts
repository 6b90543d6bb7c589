/** Running KQL: one call, cancellable on the engine. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { QueryAnswer, Schema } from './types';
import { OPS_VERSION, ops, type Workspace } from './workspace';

export interface QueryRun {
  query: string;
  /** ISO 8601 duration, "start/end", or undefined for every row there is. */
  timespan?: string;
  id: string;
  signal: AbortSignal;
}

export function runQuery(ws: Workspace, run: QueryRun): Promise<QueryAnswer> {
  return api<QueryAnswer>(`/v1/workspaces/${ws.customerId}/query`, {
    method: 'POST',
    signal: run.signal,
    headers: { prefer: 'include-statistics=true,include-render=true', 'x-vedette-query-id': run.id },
    body: { query: run.query, timespan: run.timespan },
  });
}

export function cancelQuery(ws: Workspace, id: string): Promise<void> {
  return api<void>(ops(ws, `queries/${id}/cancel`), { method: 'POST', query: OPS_VERSION });
}

export const schemaQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: ['Operations', 'schema', ws.id],
    queryFn: async ({ signal }) =>
      (await api<{ properties: Schema }>(ops(ws, 'schema'), { signal, query: OPS_VERSION })).properties,
    staleTime: 60_000,
  });
