/** Who can own an incident. Accounts that may not list people can still assign to themselves. */
import { queryOptions } from '@tanstack/react-query';
import { ApiError, api } from './client';
import type { Person } from './types';
import { OPS_VERSION, ops, type Workspace } from './workspace';

export const peopleQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: ['Operations', 'users', ws.id],
    queryFn: async ({ signal }): Promise<Person[]> => {
      try {
        return (await api<{ value: Person[] }>(ops(ws, 'users'), { signal, query: OPS_VERSION })).value;
      } catch (error) {
        if (error instanceof ApiError && error.status === 403) return [];
        throw error;
      }
    },
    staleTime: 300_000,
  });
