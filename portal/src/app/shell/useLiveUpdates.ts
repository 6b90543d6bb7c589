/** Events patch what is shown; what only counts is asked again, at most once in two seconds. */
import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { incidentQuery, findCached, patchCaches, refreshFigures } from '@api/incidents';
import { liveState, onLive } from '@api/live';
import type { LiveEvent } from '@api/types';
import { useWorkspace } from '../hooks';

const FIGURES_MS = 2000;

export function useLiveUpdates(): void {
  const client = useQueryClient();
  const ws = useWorkspace();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const figuresSoon = () => {
      timer ??= setTimeout(() => {
        timer = null;
        refreshFigures(client, ws);
      }, FIGURES_MS);
    };
    const refetch = async (event: LiveEvent) => {
      const shown = findCached(client, ws, event.id);
      if (!shown || (event.etag && shown.etag === event.etag)) return;
      patchCaches(client, ws, await client.fetchQuery({ ...incidentQuery(ws, event.id), staleTime: 0 }));
      void client.invalidateQueries({ queryKey: ['SecurityInsights', 'incidentAlerts', ws.id, event.id] });
      void client.invalidateQueries({ queryKey: ['SecurityInsights', 'incidentEntities', ws.id, event.id] });
      void client.invalidateQueries({ queryKey: ['SecurityInsights', 'incidentComments', ws.id, event.id] });
    };
    const stopEvents = onLive((events) => {
      const byId = new Map(events.map((event) => [event.id, event]));
      for (const event of byId.values()) if (event.type === 'incident.changed') void refetch(event).catch(() => undefined);
      figuresSoon();
    });
    let wasOnline = liveState.get().online;
    const stopState = liveState.subscribe(() => {
      const { online } = liveState.get();
      if (online && !wasOnline) void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'Session' });
      wasOnline = online;
    });
    return () => {
      stopEvents();
      stopState();
      if (timer) clearTimeout(timer);
    };
  }, [client, ws]);
}
