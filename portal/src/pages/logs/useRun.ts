/** Running queries: one at a time per tab, cancellable on the engine, the last result of each tab kept. */
import { useCallback, useRef, useState } from 'react';
import { ApiError } from '@api/client';
import { cancelQuery, runQuery } from '@api/query';
import type { QueryAnswer } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { timespan, type Range } from '@app/range';

export interface RunState {
  status: 'idle' | 'running' | 'done' | 'failed' | 'cancelled';
  answer: QueryAnswer | null;
  error: unknown;
  milliseconds: number | null;
  /** Line of the editor where the text that ran begins. */
  line: number;
  query: string;
  rangeText: string;
}

export const IDLE: RunState = { status: 'idle', answer: null, error: null, milliseconds: null, line: 1, query: '', rangeText: '' };

interface Running {
  id: string;
  abort: AbortController;
}

export function useRun(tab: string) {
  const ws = useWorkspace();
  const [states, setStates] = useState<Record<string, RunState>>({});
  const running = useRef(new Map<string, Running>());

  const put = useCallback((key: string, patch: Partial<RunState>) => {
    setStates((old) => ({ ...old, [key]: { ...(old[key] ?? IDLE), ...patch } }));
  }, []);

  const cancel = useCallback(() => {
    const current = running.current.get(tab);
    if (!current) return;
    running.current.delete(tab);
    current.abort.abort();
    put(tab, { status: 'cancelled' });
    void cancelQuery(ws, current.id).catch(() => undefined);
  }, [put, tab, ws]);

  const run = useCallback(
    async (query: string, line: number, range: Range, rangeText: string) => {
      if (query.trim() === '') return;
      cancel();
      const me: Running = { id: crypto.randomUUID(), abort: new AbortController() };
      running.current.set(tab, me);
      put(tab, { status: 'running', error: null, line, query, rangeText });
      const begun = performance.now();
      try {
        const answer = await runQuery(ws, { query, timespan: timespan(range), id: me.id, signal: me.abort.signal });
        if (running.current.get(tab) !== me) return;
        const error = answer.error ? new ApiError(200, answer.error) : null;
        put(tab, { status: 'done', answer, error, milliseconds: performance.now() - begun });
      } catch (error) {
        if (running.current.get(tab) !== me) return;
        put(tab, { status: 'failed', answer: null, error, milliseconds: performance.now() - begun });
      }
      running.current.delete(tab);
    },
    [cancel, put, tab, ws],
  );

  return { state: states[tab] ?? IDLE, run, cancel };
}
