import { t } from '@i18n/t';
import { Footer } from '@ui/ListFooter';
import { bytes, grouped, milliseconds } from '@ui/time';
import type { RunState } from '../useRun';
import { readStatistics } from '../statistics';

/** Rows, time, bytes read, and an honest word when the answer was cut. */
export function ResultFooter({ run }: { run: RunState }) {
  const rows = run.answer?.tables[0]?.rows.length;
  const { readBytes, readRows } = readStatistics(run.answer?.statistics);
  const facts = [
    rows === undefined ? null : t('rows.count', { n: rows }),
    run.milliseconds === null || run.status === 'running' ? null : milliseconds(run.milliseconds),
    readRows === null ? null : t('logs.readRows', { n: grouped(readRows) }),
    readBytes === null ? null : t('logs.readBytes', { size: bytes(readBytes) }),
  ];
  return <Footer live facts={facts} keys={t('logs.keys')} />;
}
