/** Tabs from IndexedDB, and the address: what it names opens in a tab, what runs is written into it. */
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { keepDraft, readDraft } from '@app/drafts';
import { useSession } from '@app/hooks';
import { decodeQuery, encodeQuery } from './codec';
import type { LogsSearch } from './search';
import { FIRST_TABS, reduceTabs, type LogTabs } from './tabs';

const KEEP_MS = 400;

export function useLogTabs(search: LogsSearch, onOpened: (text: string, run: boolean) => void) {
  const { user } = useSession();
  const key = `logs ${user.id}`;
  const navigate = useNavigate();
  const [state, dispatch] = useReducer(reduceTabs, FIRST_TABS);
  const [ready, setReady] = useState(false);
  const [broken, setBroken] = useState(false);
  const written = useRef<string | null>(null);
  const opened = useRef(onOpened);
  opened.current = onOpened;

  useEffect(() => {
    void readDraft<LogTabs>(key).then((kept) => {
      if (kept) dispatch({ type: 'restore', state: kept });
      setReady(true);
    });
  }, [key]);
  useEffect(() => {
    if (!ready) return;
    const timer = setTimeout(() => void keepDraft(key, state), KEEP_MS);
    return () => clearTimeout(timer);
  }, [key, ready, state]);

  const { q, text, run } = search;
  const texts = useRef(state);
  texts.current = state;
  useEffect(() => {
    if (!ready || (q === undefined && text === undefined) || (q !== undefined && q === written.current)) return;
    written.current = q ?? null;
    const open = (wanted: string) => {
      const same = texts.current.tabs.find((tab) => tab.text === wanted);
      dispatch(same ? { type: 'select', id: same.id } : { type: 'open', id: crypto.randomUUID(), text: wanted });
      opened.current(wanted, run === '1');
    };
    if (text !== undefined) return open(text);
    void decodeQuery(q ?? '').then((wanted) => (wanted === null ? setBroken(true) : open(wanted)));
  }, [ready, q, text, run]);

  const writeAddress = useCallback(
    async (query: string) => {
      const encoded = await encodeQuery(query);
      written.current = encoded;
      void navigate({ to: '.', search: (old: object) => ({ ...old, q: encoded, text: undefined, run: '1' as const }), replace: true });
    },
    [navigate],
  );
  return { ...state, dispatch, ready, broken, writeAddress };
}
