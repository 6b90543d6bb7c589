import type { ReactNode } from 'react';
import { Button, makeStyles } from '@fluentui/react-components';
import { ApiError } from '@api/client';
import { t } from '@i18n/t';
import { tokens } from './theme';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalXXL} ${tokens.spacingHorizontalXXL}`,
    color: tokens.colorNeutralForeground2,
    maxWidth: '640px',
  },
  title: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  bar: { display: 'flex', gap: tokens.spacingHorizontalS, flexWrap: 'wrap' },
  detail: {
    margin: 0,
    fontFamily: tokens.fontMono,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground3,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
});

/** Nothing here: one line why, one thing to do. */
export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      <p className={styles.title}>{text}</p>
      {children !== undefined && <div className={styles.bar}>{children}</div>}
    </div>
  );
}

export function failureText(error: unknown): string {
  if (error instanceof ApiError) return error.sentence;
  return error instanceof Error ? error.message : String(error);
}

export function failureDetails(error: unknown): string {
  if (!(error instanceof ApiError)) return failureText(error);
  const request = error.requestId ? `\nrequest ${error.requestId}` : '';
  return `${error.status} ${error.code}: ${error.message}${request}`;
}

/** Something failed: what, a way to try again, and the details for whoever mends it. */
export function Failure({ title, error, onRetry }: { title: string; error: unknown; onRetry?: () => void }) {
  const styles = useStyles();
  const refused = error instanceof ApiError && error.status === 403;
  return (
    <div className={styles.root} role="alert">
      <p className={styles.title}>{refused ? t('failure.refused') : title}</p>
      <p>{failureText(error)}</p>
      <div className={styles.bar}>
        {onRetry && !refused && (
          <Button size="small" onClick={onRetry}>
            {t('action.tryAgain')}
          </Button>
        )}
        <Button size="small" appearance="subtle" onClick={() => void navigator.clipboard.writeText(failureDetails(error))}>
          {t('action.copyDetails')}
        </Button>
      </div>
      <pre className={styles.detail}>{failureDetails(error)}</pre>
    </div>
  );
}
