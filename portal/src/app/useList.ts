/** What the pages of lists have in common: the address they write, and the keys that every list answers to. */
import { useCallback } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { t } from '@i18n/t';
import { useKeys } from './keys';
import { useNotify } from './Notify';

/** Changes what the address says of the view; `replace` where Back should not lead through it. */
export function usePatch<S extends object>(): (change: S, replace?: boolean) => void {
  const navigate = useNavigate();
  return useCallback((change, replace = false) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...change }), replace }), [navigate]);
}

/** The row that many steps away from the chosen one; nothing chosen begins at an end. */
export function stepFrom<T>(rows: readonly T[], at: number, by: number): T | undefined {
  return rows[Math.min(rows.length - 1, Math.max(0, at < 0 && by < 0 ? rows.length - 1 : at + by))];
}

interface ListKeyRuns {
  step: (by: number) => void;
  /** The id of the field in which one searches. */
  search: string;
  open?: () => void;
  showKql?: () => void;
  escape: () => void;
}

export function useListKeys({ step, search, open, showKql, escape }: ListKeyRuns): void {
  const { notify } = useNotify();
  const find = () => document.getElementById(search)?.focus();
  useKeys([
    { key: 'j', label: 'keys.next', group: 'list', run: () => step(1) },
    { key: 'k', label: 'keys.previous', group: 'list', run: () => step(-1) },
    ...(open ? [{ key: 'Enter', label: 'keys.open', group: 'list', run: open } as const] : []),
    { key: '/', label: 'keys.filter', group: 'list', run: find },
    { key: 'f', label: 'keys.filter', group: 'list', run: find },
    ...(showKql ? [{ key: 'q', label: 'keys.kql', group: 'list', run: showKql } as const] : []),
    { key: 'y', label: 'keys.copyLink', group: 'list', run: () => void navigator.clipboard.writeText(location.href).then(() => notify({ text: t('copied.link') })) },
    { key: 'Escape', label: 'keys.closePane', group: 'list', run: escape },
  ]);
}
