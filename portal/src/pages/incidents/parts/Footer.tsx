import { makeStyles } from '@fluentui/react-components';
import { t } from '@i18n/t';
import { tokens } from '@ui/theme';
import { grouped, milliseconds } from '@ui/time';

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

export function Footer({ shown, total, took }: { shown: number; total: number | undefined; took: number | null }) {
  const styles = useStyles();
  return (
    <div className={styles.foot}>
      <span>{total === undefined ? t('queue.count', { n: grouped(shown) }) : t('queue.countOf', { n: grouped(shown), of: grouped(total) })}</span>
      {took !== null && (
        <>
          <span aria-hidden="true">·</span>
          <span>{t('queue.answered', { time: milliseconds(took) })}</span>
        </>
      )}
      <span className={styles.space} />
      <span>{t('queue.keys')}</span>
    </div>
  );
}
