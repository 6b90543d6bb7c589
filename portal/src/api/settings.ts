/** What one's portal remembers on the server: of one person alone, wherever they sign in. */
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api } from './client';
import { OPS_VERSION } from './workspace';

const path = (name: string) => `/providers/Vedette.Operations/mySettings/${name}`;

/** Which notices were looked at. */
export interface Noticed {
  /** When the newest incident that the bell has shown was made; none for who never looked. */
  incidents?: string;
}

export const noticedQuery = queryOptions({
  queryKey: ['Operations', 'mySettings', 'noticed'],
  queryFn: async ({ signal }) => (await api<{ properties: Noticed }>(path('noticed'), { query: OPS_VERSION, signal })).properties,
  staleTime: 60_000,
});

/** Shown at once; what the server did not take is asked of it again. */
export async function setNoticed(client: QueryClient, noticed: Noticed): Promise<void> {
  client.setQueryData(noticedQuery.queryKey, noticed);
  try {
    await api(path('noticed'), { method: 'PUT', query: OPS_VERSION, body: { properties: noticed } });
  } catch (error) {
    await client.invalidateQueries({ queryKey: noticedQuery.queryKey });
    throw error;
  }
}
