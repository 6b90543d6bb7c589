import { Skeleton, SkeletonItem, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useTitle, useWorkspace } from '@app/hooks';
import { usePrefs } from '@app/prefs';
import { t } from '@i18n/t';
import { Failure } from '@ui/Empty';
import { LiveMark } from '@ui/LiveMark';
import { useMinute } from '@ui/Time';
import { tokens } from '@ui/theme';
import type { Overview } from '@api/types';
import { AlertsPerHour } from './parts/AlertsPerHour';
import { Changes } from './parts/Changes';
import { FirstSteps } from './parts/FirstSteps';
import { LookFirst } from './parts/LookFirst';
import { Since } from './parts/Since';
import { Sources } from './parts/Sources';
import { Tiles } from './parts/Tiles';
import { overviewQuery } from './queries';

const useStyles = makeStyles({
  scroller: { flexGrow: 1, minHeight: 0, overflowY: 'auto' },
  page: {
    display: 'flex',
    flexDirection: 'column',
    gap: '16px',
    maxWidth: '1680px',
    padding: '16px 24px 24px',
  },
  head: { display: 'flex', alignItems: 'baseline', gap: '12px' },
  title: { fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600, fontWeight: tokens.fontWeightSemibold },
  columns: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 1fr)',
    alignItems: 'start',
    gap: '16px',
    '@media (max-width: 1000px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  column: { display: 'flex', flexDirection: 'column', gap: '16px', minWidth: 0 },
  skeleton: { display: 'grid', gridTemplateColumns: 'repeat(4, minmax(0, 1fr))', gap: '16px' },
});

function Waiting() {
  const styles = useStyles();
  return (
    <Skeleton className={styles.page} aria-label={t('waiting')}>
      <SkeletonItem style={{ height: 44 }} />
      <div className={styles.skeleton}>
        {[0, 1, 2, 3].map((tile) => (
          <SkeletonItem key={tile} style={{ height: 134 }} />
        ))}
      </div>
      <SkeletonItem style={{ height: 340 }} />
    </Skeleton>
  );
}

function isFresh(data: Overview): boolean {
  return data.openIncidents.total === 0 && data.closedToday === 0 && data.alertsPerHour.every((h) => h.high + h.medium + h.low + h.informational === 0);
}

function Body({ data }: { data: Overview }) {
  const styles = useStyles();
  const now = useMinute();
  return (
    <>
      <Since data={data} now={now} />
      <Tiles data={data} now={now} />
      {isFresh(data) && <FirstSteps data={data} />}
      <div className={styles.columns}>
        <div className={styles.column}>
          <LookFirst data={data} now={now} />
          <AlertsPerHour data={data} />
        </div>
        <div className={styles.column}>
          <Changes data={data} />
          <Sources data={data} now={now} />
        </div>
      </div>
    </>
  );
}

export default function OverviewPage() {
  const styles = useStyles();
  const ws = useWorkspace();
  const { seen } = usePrefs();
  const { data, error, isPending, refetch } = useQuery(overviewQuery(ws, seen));
  useTitle(t('nav.overview'));
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label={t('nav.overview')}>
      <div className={styles.page}>
        <div className={styles.head}>
          <h1 className={styles.title}>{t('nav.overview')}</h1>
          <LiveMark />
        </div>
        {isPending && <Waiting />}
        {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
        {data && <Body data={data} />}
      </div>
    </div>
  );
}
