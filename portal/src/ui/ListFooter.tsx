import { makeStyles } from '@fluentui/react-components';
import { t } from '@i18n/t';
import { tokens } from './theme';
import { milliseconds } from './time';

const useStyles = makeStyles({
  foot: {
    display: 'flex',
    alignItems: 'center',
    gap: '12px',
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

/** Below a list: how many there are, how long the server took, the keys that help most. */
export function ListFooter({ count, took, keys }: { count: string; took: number | null; keys: string }) {
  const styles = useStyles();
  return (
    <div className={styles.foot}>
      <span>{count}</span>
      {took !== null && (
        <>
          <span aria-hidden="true">·</span>
          <span>{t('queue.answered', { time: milliseconds(took) })}</span>
        </>
      )}
      <span className={styles.space} />
      <span>{keys}</span>
    </div>
  );
}
