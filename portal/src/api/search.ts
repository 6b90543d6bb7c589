/** Finding incidents by number or words, for the palette. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { incidentWords } from './odata';
import type { ArmList, Incident } from './types';
import { INSIGHTS_VERSION, insights, type Workspace } from './workspace';

export const searchIncidents = (ws: Workspace, text: string) =>
  queryOptions({
    queryKey: ['SecurityInsights', 'incidentSearch', ws.id, text],
    queryFn: async ({ signal }) => {
      const { filter, search } = incidentWords(text);
      const answer = await api<ArmList<Incident>>(insights(ws, 'incidents'), {
        signal,
        query: { ...INSIGHTS_VERSION, $filter: filter ?? undefined, $search: search, $top: '8' },
      });
      return answer.value.slice(0, 8);
    },
    staleTime: 10_000,
  });
