import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, MessageBar, MessageBarBody, makeStyles } from '@fluentui/react-components';
import { t } from '@i18n/t';
import { failureText } from './Empty';

const useStyles = makeStyles({ content: { display: 'flex', flexDirection: 'column', gap: '14px' } });

interface FormDialogProps {
  title: string;
  /** Verb first: what the primary button does. */
  act: string;
  ready: boolean;
  width?: number;
  children: ReactNode;
  onCancel: () => void;
  /** A refusal stays in the dialog, and so does every word typed. */
  onAct: () => Promise<void>;
}

/** A dialog that asks and does: Ctrl Enter does it, Esc leaves. */
export function FormDialog({ title, act, ready, width = 560, children, onCancel, onAct }: FormDialogProps) {
  const styles = useStyles();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const run = async () => {
    if (!ready || busy) return;
    setBusy(true);
    setRefusal(null);
    try {
      await onAct();
    } catch (error) {
      setRefusal(failureText(error));
    }
    setBusy(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !event.ctrlKey) return;
    event.preventDefault();
    void run();
  };
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onCancel()}>
      <DialogSurface style={{ maxWidth: width }} onKeyDown={onKeyDown}>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            {children}
            {refusal && (
              <MessageBar intent="error" layout="multiline">
                <MessageBarBody>{refusal}</MessageBarBody>
              </MessageBar>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onCancel}>{t('action.cancel')}</Button>
            <Button appearance="primary" disabledFocusable={!ready || busy} onClick={() => void run()} title="Ctrl Enter">
              {act}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
