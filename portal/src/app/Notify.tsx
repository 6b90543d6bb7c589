/** Toasts for what I just did: one line, Undo or View, and Ctrl Z for the last of them. */
import { createContext, useCallback, useContext, useMemo, useRef, type ReactNode } from 'react';
import {
  Link,
  Toast,
  ToastTitle,
  Toaster,
  useId,
  useToastController,
  type ToastIntent,
} from '@fluentui/react-components';
import { t } from '@i18n/t';
import { failureText } from '@ui/Empty';

export interface Notice {
  text: string;
  intent?: ToastIntent;
  /** Takes it back. What it promises is waited for: then a toast says that it is so, or why not. */
  undo?: () => void | Promise<unknown>;
}
interface NotifyApi {
  notify: (notice: Notice) => void;
  undoLast: () => void;
}

const NotifyContext = createContext<NotifyApi>({ notify: () => undefined, undoLast: () => undefined });
const SHOWN_MS = 5000;

export function NotifyProvider({ children }: { children: ReactNode }) {
  const toaster = useId('toaster');
  const { dispatchToast, dismissToast } = useToastController(toaster);
  const undoable = useRef<{ id: string; undo: () => void | Promise<unknown> } | null>(null);
  const say = useRef<(notice: Notice) => void>(() => undefined);

  const undoLast = useCallback(() => {
    const last = undoable.current;
    undoable.current = null;
    if (!last) return;
    dismissToast(last.id);
    const taken = last.undo();
    if (!(taken instanceof Promise)) return;
    taken.then(
      () => say.current({ text: t('undo.done') }),
      (error: unknown) => say.current({ text: failureText(error), intent: 'error' }),
    );
  }, [dismissToast]);

  const notify = useCallback(
    ({ text, intent = 'success', undo }: Notice) => {
      const id = crypto.randomUUID();
      undoable.current = undo ? { id, undo } : undoable.current;
      const action = undo ? <Link onClick={undoLast}>{t('action.undo')}</Link> : undefined;
      dispatchToast(
        <Toast>
          <ToastTitle action={action}>{text}</ToastTitle>
        </Toast>,
        { toastId: id, intent, timeout: intent === 'error' ? -1 : SHOWN_MS, pauseOnHover: true },
      );
    },
    [dispatchToast, undoLast],
  );

  say.current = notify;
  const value = useMemo(() => ({ notify, undoLast }), [notify, undoLast]);
  return (
    <NotifyContext.Provider value={value}>
      {children}
      <Toaster toasterId={toaster} position="bottom-end" limit={3} offset={{ vertical: 44 }} />
    </NotifyContext.Provider>
  );
}

export function useNotify(): NotifyApi {
  return useContext(NotifyContext);
}
