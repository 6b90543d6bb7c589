/** Finding incidents by number or words, for the palette. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { incidentWord } from './odata';
import type { ArmList, Incident } from './types';
import { INSIGHTS_VERSION, insights, type Workspace } from './workspace';

export const searchIncidents = (ws: Workspace, text: string) =>
  queryOptions({
    queryKey: ['SecurityInsights', 'incidentSearch', ws.id, text],
    queryFn: async ({ signal }) => {
      const filter = text.split(/\s+/).map(incidentWord).join(' and ');
      const answer = await api<ArmList<Incident>>(insights(ws, 'incidents'), {
        signal,
        query: { ...INSIGHTS_VERSION, $filter: filter, $top: '8' },
      });
      return answer.value.slice(0, 8);
    },
    staleTime: 10_000,
  });
