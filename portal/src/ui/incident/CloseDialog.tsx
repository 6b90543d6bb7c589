import { useRef, useState, type KeyboardEvent } from 'react';
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Radio,
  RadioGroup,
  Textarea,
  makeStyles,
  mergeClasses,
} from '@fluentui/react-components';
import type { Patch } from '@app/useIncidentActions';
import { isTyping } from '@app/keys';
import { t } from '@i18n/t';
import { tokens } from '../theme';
import { VERDICTS, type Verdict } from './verdicts';

const useStyles = makeStyles({
  surface: { maxWidth: '560px' },
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  cards: { display: 'flex', flexDirection: 'column', gap: '6px' },
  card: {
    display: 'flex',
    alignItems: 'center',
    alignSelf: 'stretch',
    paddingRight: '12px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    '& > span:first-child': { flexGrow: 1 },
    '& label': { color: tokens.colorNeutralForeground1, flexGrow: 1 },
  },
  on: { border: `1px solid ${tokens.colorCompoundBrandStroke}` },
  note: { display: 'block', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
  key: { fontFamily: 'inherit', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
});

function VerdictCards({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const styles = useStyles();
  return (
    <RadioGroup className={styles.cards} value={value} onChange={(_, data) => onChange(data.value)} aria-label={t('close.verdict')}>
      {VERDICTS.map((verdict, index) => (
        <div key={verdict.id} className={mergeClasses(styles.card, verdict.id === value && styles.on)}>
          <Radio
            value={verdict.id}
            autoFocus={index === 0}
            label={
              <>
                {t(verdict.title)}
                <span className={styles.note}>{t(verdict.note)}</span>
              </>
            }
          />
          <kbd className={styles.key}>{verdict.id}</kbd>
        </div>
      ))}
    </RadioGroup>
  );
}

interface CloseDialogProps {
  title: string;
  onCancel: () => void;
  /** Gives true when saved; else the dialog stays and keeps every word. */
  onClose: (patch: Patch) => Promise<boolean>;
}

/** A verdict that teaches: five cards with keys, a comment that is required but for a true positive. */
export function CloseDialog({ title, onCancel, onClose }: CloseDialogProps) {
  const styles = useStyles();
  const [id, setId] = useState('');
  const [comment, setComment] = useState('');
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const words = useRef<HTMLTextAreaElement>(null);
  const verdict: Verdict | undefined = VERDICTS.find((one) => one.id === id);
  const needsComment = verdict !== undefined && verdict.id !== '1';
  const missing = needsComment && comment.trim() === '';
  const close = async () => {
    setAsked(true);
    if (!verdict || missing || busy) return;
    setBusy(true);
    const saved = await onClose({
      status: 'Closed',
      classification: verdict.classification,
      classificationReason: verdict.reason,
      classificationComment: comment.trim() || null,
    });
    setBusy(false);
    if (saved) onCancel();
  };
  /** By its key; where words are required, they can be typed at once. */
  const choose = (key: string) => {
    setId(key);
    if (key !== '1') words.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.ctrlKey) void close();
    else if (!isTyping(event.target) && VERDICTS.some((one) => one.id === event.key)) choose(event.key);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onCancel()}>
      <DialogSurface className={styles.surface} onKeyDown={onKeyDown}>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            <VerdictCards value={id} onChange={setId} />
            <Field
              label={needsComment ? t('close.commentRequired') : t('close.comment')}
              validationState={asked && (missing || !verdict) ? 'error' : 'none'}
              validationMessage={asked && !verdict ? t('close.noVerdict') : asked && missing ? t('close.noComment') : undefined}
            >
              <Textarea ref={words} value={comment} rows={3} onChange={(_, data) => setComment(data.value)} />
            </Field>
          </DialogContent>
          <DialogActions>
            <Button onClick={onCancel}>{t('action.cancel')}</Button>
            <Button appearance="primary" disabledFocusable={busy} onClick={() => void close()} title="Ctrl Enter">
              {t('action.closeIt')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
