import { Fragment } from 'react';
import { makeStyles } from '@fluentui/react-components';
import { t } from '@i18n/t';
import { tokens } from './theme';
import { milliseconds } from './time';

const useStyles = makeStyles({
  foot: {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    height: '32px',
    flexShrink: 0,
    padding: '0 24px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    whiteSpace: 'nowrap',
    overflow: 'hidden',
  },
  space: { flexGrow: 1 },
});

/** Below rows: what is known of them, and the keys that help most. What is not known is left out. */
export function Footer({ facts, keys, live = false }: { facts: readonly (string | null)[]; keys: string; live?: boolean }) {
  const styles = useStyles();
  return (
    <div className={styles.foot} role={live ? 'status' : undefined}>
      {facts
        .filter((fact) => fact !== null)
        .map((fact, index) => (
          <Fragment key={fact}>
            {index > 0 && <span aria-hidden="true">·</span>}
            <span>{fact}</span>
          </Fragment>
        ))}
      <span className={styles.space} />
      <span>{keys}</span>
    </div>
  );
}

/** Below a list: how many there are, how long the server took, the keys that help most. */
export function ListFooter({ count, took, keys }: { count: string; took: number | null; keys: string }) {
  return <Footer facts={[count, took === null ? null : t('queue.answered', { time: milliseconds(took) })]} keys={keys} />;
}
