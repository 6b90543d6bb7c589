/** The queue's rows: loaded, sorted once and then held still. New ones wait until they are asked for. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { incidentsQuery } from '@api/incidents';
import { onLive } from '@api/live';
import { incidentWords } from '@api/odata';
import type { Incident } from '@api/types';
import { useRange, useSession, useWorkspace } from '@app/hooks';
import { ends } from '@app/range';
import { queueFilter } from './filter';
import { sortIncidents } from './sort';
import type { QueueState } from './search';

const MOST_LOADED = 1000;

/** Keeps the order of the last full sort while rows change in place. */
function useHeldOrder(sorted: Incident[], key: string): Incident[] {
  const held = useRef<{ key: string; order: Map<string, number> }>({ key: '', order: new Map() });
  return useMemo(() => {
    const { order } = held.current;
    const same = held.current.key === key && order.size > 0;
    const list = same
      ? [...sorted].sort((a, b) => (order.get(a.name) ?? Infinity) - (order.get(b.name) ?? Infinity))
      : sorted;
    held.current = { key, order: new Map(list.map((one, index) => [one.name, index])) };
    return list;
  }, [sorted, key]);
}

export function useQueue(state: QueueState) {
  const ws = useWorkspace();
  const { user } = useSession();
  const { range } = useRange();
  const [asked, setAsked] = useState(() => Date.now());
  const [fresh, setFresh] = useState(0);
  const { from, to } = ends(range, asked);
  const filter = queueFilter(state, { me: user.id, now: asked, from, to });
  const { search } = incidentWords(state.words);
  const query = useInfiniteQuery(incidentsQuery(ws, { filter, search, orderby: 'properties/createdTimeUtc desc' }));
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query;

  const loaded = useMemo(() => data?.pages.flatMap((page) => page.incidents) ?? [], [data]);
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && loaded.length < MOST_LOADED) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, loaded.length, fetchNextPage]);
  useEffect(
    () =>
      onLive((events) => {
        const created = events.filter((event) => event.type === 'incident.created').length;
        if (created > 0) setFresh((old) => old + created);
      }),
    [],
  );

  const sorted = useMemo(() => sortIncidents(loaded, state.sort, asked), [loaded, state.sort.id, state.sort.desc, asked]);
  const rows = useHeldOrder(sorted, `${filter} ${search} ${state.sort.id} ${state.sort.desc} ${asked}`);
  const { refetch } = query;
  const showFresh = useCallback(() => {
    setFresh(0);
    setAsked(Date.now());
    void refetch();
  }, [refetch]);
  return {
    rows,
    fresh,
    showFresh,
    pending: query.isPending,
    busy: query.isFetching,
    stale: query.isPlaceholderData,
    error: query.error,
    milliseconds: data?.pages[0]?.milliseconds ?? null,
    more: () => hasNextPage && !isFetchingNextPage && void fetchNextPage(),
    filter,
  };
}
