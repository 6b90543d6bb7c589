/** The neighbours of an incident in the queue it was opened from; without a queue, by number. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { IncidentPage } from '@api/incidents';
import type { Incident } from '@api/types';
import type { Workspace } from '@api/workspace';

export function siblingNumber(client: QueryClient, ws: Workspace, incident: Incident, by: number): number | null {
  const lists = client.getQueriesData<InfiniteData<IncidentPage, string | null>>({ queryKey: ['SecurityInsights', 'incidents', ws.id] });
  for (const [, data] of lists.reverse()) {
    const list = data?.pages.flatMap((page) => page.incidents) ?? [];
    const at = list.findIndex((one) => one.name === incident.name);
    if (at >= 0) return list[at + by]?.properties.incidentNumber ?? null;
  }
  const number = incident.properties.incidentNumber + by;
  return number > 0 ? number : null;
}
