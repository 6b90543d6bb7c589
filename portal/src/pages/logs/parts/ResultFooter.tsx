import { makeStyles } from '@fluentui/react-components';
import { t } from '@i18n/t';
import { tokens } from '@ui/theme';
import { bytes, grouped, milliseconds } from '@ui/time';
import type { RunState } from '../useRun';
import { readStatistics } from '../statistics';

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

/** Rows, time, bytes read, and an honest word when the answer was cut. */
export function ResultFooter({ run }: { run: RunState }) {
  const styles = useStyles();
  const rows = run.answer?.tables[0]?.rows.length;
  const { readBytes, readRows } = readStatistics(run.answer?.statistics);
  const parts = [
    rows === undefined ? null : t('rows.count', { n: rows }),
    run.milliseconds === null || run.status === 'running' ? null : milliseconds(run.milliseconds),
    readRows === null ? null : t('logs.readRows', { n: grouped(readRows) }),
    readBytes === null ? null : t('logs.readBytes', { size: bytes(readBytes) }),
  ].filter((part): part is string => part !== null);
  return (
    <div className={styles.foot} role="status">
      <span>{parts.join(' · ')}</span>
      <span className={styles.space} />
      <span>{t('logs.keys')}</span>
    </div>
  );
}
