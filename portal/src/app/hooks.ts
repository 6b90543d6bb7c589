/** What every page in the shell may ask: who, where, when. */
import { useCallback, useEffect } from 'react';
import { getRouteApi, useNavigate, useRouterState } from '@tanstack/react-router';
import type { Session } from '@api/types';
import type { Places, Workspace } from '@api/workspace';
import { formatRange, parseRange, type Range } from './range';

const shellRoute = getRouteApi('/shell');

export function useSession(): Session {
  return shellRoute.useRouteContext({ select: (context) => context.session });
}
export function usePlaces(): Places {
  return shellRoute.useRouteContext({ select: (context) => context.places });
}
export function useWorkspace(): Workspace {
  return usePlaces().current;
}

/** The page's own range when the address names none. Work waits whatever its age; logs are read by time. */
export function defaultRange(path: string): string {
  return path.startsWith('/logs') ? '24h' : /^\/(incidents|alerts|hunting|watchlists)/.test(path) ? 'all' : '24h';
}

export interface RangeControl {
  range: Range;
  setRange: (range: Range) => void;
  /** Set when the page shows state and time cannot narrow it. */
  fixed: boolean;
}

export function useRange(): RangeControl {
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const text = useRouterState({ select: (state) => (state.location.search as { t?: string }).t });
  const fallback = defaultRange(path);
  const range = parseRange(text ?? fallback) ?? parseRange(fallback) ?? { preset: '24h' as const };
  const setRange = useCallback(
    (next: Range) => {
      const value = formatRange(next);
      void navigate({ to: '.', search: (old: object) => ({ ...old, t: value === fallback ? undefined : value }) });
    },
    [navigate, fallback],
  );
  return { range, setRange, fixed: /^\/(overview|score|recommendations|compliance|inventory|resources|policies|watchlists|hunting|analytics|incidents\/\d+)/.test(path) };
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Vedette`;
  }, [title]);
}
