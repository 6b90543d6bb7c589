/** The alerts of the address: loaded page by page, changed in place; new ones wait until they are asked for. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { alertCountsQuery, findingQuery, findingsQuery, refreshFindings } from '@api/alerts';
import { onLive } from '@api/live';
import { useRange, useWorkspace } from '@app/hooks';
import { ends } from '@app/range';
import { alertsFilter, type AlertsState } from './search';

const QUIET_MS = 1500;

export function useAlerts(state: AlertsState) {
  const ws = useWorkspace();
  const client = useQueryClient();
  const { range } = useRange();
  const [asked, setAsked] = useState(() => Date.now());
  const [fresh, setFresh] = useState(0);
  const span = ends(range, asked);
  const query = useInfiniteQuery(findingsQuery(ws, alertsFilter(state, span)));
  const counts = useQuery(alertCountsQuery(ws, span.from, span.to)).data;
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.list) ?? [], [data]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = onLive((events) => {
      const created = events.filter((event) => event.type === 'alert.created').length;
      if (created > 0) setFresh((old) => old + created);
      if (events.every((event) => event.type !== 'incident.changed')) return;
      timer ??= setTimeout(() => {
        timer = null;
        void client.invalidateQueries({ queryKey: ['Security', 'alert', ws.id] });
        void client.invalidateQueries({ queryKey: ['Security', 'alertCounts', ws.id] });
      }, QUIET_MS);
    });
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, [client, ws]);

  const inList = rows.find((one) => one.name === state.selected);
  const alone = useQuery({ ...findingQuery(ws, state.selected ?? ''), enabled: state.selected !== null && !query.isPending && !inList });
  const showFresh = useCallback(() => {
    setFresh(0);
    setAsked(Date.now());
    refreshFindings(client, ws);
  }, [client, ws]);
  return {
    rows,
    counts,
    fresh,
    showFresh,
    current: inList ?? alone.data ?? null,
    missing: state.selected !== null && alone.error !== null,
    pending: query.isPending,
    busy: query.isFetching,
    stale: query.isPlaceholderData,
    error: query.error,
    retry: () => void refetch(),
    milliseconds: data?.pages[0]?.milliseconds ?? null,
    more: () => void (hasNextPage && !isFetchingNextPage && fetchNextPage()),
    whole: !hasNextPage,
  };
}
