import type { RefObject } from 'react';
import { Spinner, makeStyles } from '@fluentui/react-components';
import { t } from '@i18n/t';
import { Failure } from '../Empty';
import { tokens } from '../theme';

const useStyles = makeStyles({
  root: { position: 'relative', height: '100%', minHeight: 0 },
  host: { position: 'absolute', inset: 0 },
  wait: { position: 'absolute', inset: 0, backgroundColor: tokens.colorNeutralBackground1 },
});

/** The box of an editor: empty until its code has come, a failure when it does not. */
export function EditorFrame({ host, ready, error }: { host: RefObject<HTMLDivElement | null>; ready: boolean; error: unknown }) {
  const styles = useStyles();
  if (error) return <Failure title={t('logs.editorFailed')} error={error} />;
  return (
    <div className={styles.root}>
      <div ref={host} className={styles.host} data-ready={ready} />
      {!ready && <Spinner className={styles.wait} size="small" label={t('waiting')} />}
    </div>
  );
}
