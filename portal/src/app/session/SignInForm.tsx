import { useState, type FormEvent } from 'react';
import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles } from '@fluentui/react-components';
import { ApiError } from '@api/client';
import { changePassword, signIn } from '@api/session';
import type { Session } from '@api/types';
import { t } from '@i18n/t';
import { failureText } from '@ui/Empty';
import { tokens } from '@ui/theme';
import { when } from '@ui/time';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
  button: { width: '100%', marginTop: tokens.spacingVerticalXS },
  hint: { color: tokens.colorNeutralForeground2 },
});

const MIN_LENGTH = 12;

/** Why it did not work; when throttled, until when. */
function trouble(error: unknown): string {
  if (error instanceof ApiError && error.status === 429 && error.retryAfter) {
    const seconds = Number(error.retryAfter);
    const until = new Date(Number.isNaN(seconds) ? error.retryAfter : Date.now() + seconds * 1000);
    return t('signin.throttled', { until: when(until.toISOString()) });
  }
  if (error instanceof ApiError && error.status === 401) return t('signin.wrong');
  if (error instanceof ApiError && error.status === 0) return t('signin.offline');
  return failureText(error);
}

interface Props {
  onDone: (session: Session) => void;
  /** Signed in, but a new password is due; the old one has to be typed again. */
  mustChange?: boolean;
  user?: string;
}

export function SignInForm({ onDone, mustChange = false, user: knownUser = '' }: Props) {
  const styles = useStyles();
  const [user, setUser] = useState(knownUser);
  const [password, setPassword] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [changing, setChanging] = useState(mustChange);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const asksOld = mustChange;
  const tooShort = changing && next !== '' && next.length < MIN_LENGTH;
  const differs = changing && again !== '' && again !== next;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      const session = changing ? await changePassword(user, password, next) : await signIn(user, password);
      if (session.mustChangePassword) setChanging(true);
      else onDone(session);
    } catch (error) {
      setFailure(trouble(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      {changing && <p className={styles.hint}>{t('signin.mustChange')}</p>}
      {!changing && (
        <Field label={t('signin.user')}>
          <Input name="username" autoComplete="username" autoFocus value={user} onChange={(_, data) => setUser(data.value)} />
        </Field>
      )}
      {(!changing || asksOld) && (
        <Field label={asksOld ? t('signin.oldPassword') : t('signin.password')}>
          <Input type="password" name="password" autoComplete="current-password" value={password} onChange={(_, data) => setPassword(data.value)} />
        </Field>
      )}
      {changing && (
        <>
          <Field
            label={t('signin.newPassword')}
            validationState={tooShort ? 'error' : 'none'}
            validationMessage={tooShort ? t('signin.tooShort', { n: MIN_LENGTH }) : undefined}
            hint={tooShort ? undefined : t('signin.passwordHint', { n: MIN_LENGTH })}
          >
            <Input type="password" name="new-password" autoComplete="new-password" autoFocus value={next} onChange={(_, data) => setNext(data.value)} />
          </Field>
          <Field label={t('signin.again')} validationState={differs ? 'error' : 'none'} validationMessage={differs ? t('signin.differs') : undefined}>
            <Input type="password" name="new-password-again" autoComplete="new-password" value={again} onChange={(_, data) => setAgain(data.value)} />
          </Field>
        </>
      )}
      {failure && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{failure}</MessageBarBody>
        </MessageBar>
      )}
      <Button
        type="submit"
        appearance="primary"
        className={styles.button}
        disabledFocusable={busy || (changing && (next.length < MIN_LENGTH || next !== again))}
      >
        {changing ? t('signin.change') : t('signin.go')}
      </Button>
    </form>
  );
}
