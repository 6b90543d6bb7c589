import { Suspense, lazy, useMemo } from 'react';
import { Button, MessageBar, MessageBarBody, ProgressBar, Spinner, Tab, TabList, makeStyles } from '@fluentui/react-components';
import { ApiError } from '@api/client';
import type { QueryAnswer } from '@api/types';
import type { Range } from '@app/range';
import { t, type MessageKey } from '@i18n/t';
import { chartData } from '@ui/Chart/chart';
import { Empty, Failure } from '@ui/Empty';
import { tokens } from '@ui/theme';
import { histogram } from '../histogram';
import { LOG_VIEWS, type LogsView } from '../search';
import type { RunState } from '../useRun';
import { Grid } from './Grid';
import { ResultFooter } from './ResultFooter';
import { TimeBars } from './TimeBars';

const Chart = lazy(() => import('@ui/Chart/Chart'));

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', minHeight: 0, flexGrow: 1, borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  tabs: { flexShrink: 0, padding: '0 8px' },
  body: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column' },
  chart: { flexGrow: 1, minHeight: 0, padding: '8px 16px' },
  pre: { flexGrow: 1, margin: 0, padding: '12px 24px', overflow: 'auto', fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200 },
  place: {
    padding: 0,
    minWidth: 0,
    height: 'auto',
    fontSize: tokens.fontSizeBase300,
    verticalAlign: 'baseline',
    color: tokens.colorBrandForegroundLink,
    textDecorationLine: 'underline',
  },
  hint: { padding: '20px 24px', color: tokens.colorNeutralForeground3 },
});

interface Props {
  run: RunState;
  view: LogsView;
  rangeLabel: string;
  isAll: boolean;
  onView: (view: LogsView) => void;
  onRange: (range: Range) => void;
  onFilter: (line: string) => void;
  onReveal: (line: number, column: number) => void;
}

/** The error in words, with the place as a link into the editor. */
function Problem({ run, onReveal }: Pick<Props, 'run' | 'onReveal'>) {
  const styles = useStyles();
  const { error } = run;
  const place = error instanceof ApiError ? error.place : null;
  if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.status === 403) {
    return <Failure title={t('logs.failed')} error={error} />;
  }
  const line = place ? place.line + run.line - 1 : 0;
  return (
    <MessageBar intent={run.answer ? 'warning' : 'error'} layout="multiline" role="alert">
      <MessageBarBody>
        {place?.message ?? error.sentence}{' '}
        {place && (
          <Button appearance="transparent" size="small" className={styles.place} onClick={() => onReveal(line, place.column)}>
            {t('logs.place', { line, column: place.column })}
          </Button>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}

function ChartView({ answer }: { answer: QueryAnswer }) {
  const styles = useStyles();
  const data = useMemo(() => chartData(answer), [answer]);
  if (!data) return <Empty text={t('chart.none')} />;
  const sentence = t('chart.sentence', { series: data.series.length, points: data.series.reduce((sum, one) => sum + one.points.length, 0) });
  return (
    <div className={styles.chart}>
      <Suspense fallback={<Spinner size="small" label={t('waiting')} />}>
        <Chart data={data} sentence={sentence} />
      </Suspense>
    </div>
  );
}

function View({ answer, view, text, onRange, onFilter }: { answer: QueryAnswer; view: LogsView; text: string } & Pick<Props, 'onRange' | 'onFilter'>) {
  const styles = useStyles();
  const set = answer.tables[0];
  const bars = useMemo(() => (set ? histogram(set) : null), [set]);
  if (view === 'chart') return <ChartView answer={answer} />;
  if (view === 'json') return <pre className={styles.pre} tabIndex={0}>{JSON.stringify(set, null, 1)}</pre>;
  if (view === 'stats') {
    return <pre className={styles.pre} tabIndex={0}>{JSON.stringify(answer.statistics ?? {}, null, 2)}</pre>;
  }
  if (!set) return null;
  return (
    <>
      {bars && <TimeBars data={bars} onRange={onRange} />}
      <Grid set={set} query={text} onFilter={onFilter} />
    </>
  );
}

export function Results(props: Props) {
  const styles = useStyles();
  const { run, view } = props;
  const rows = run.answer?.tables[0]?.rows.length ?? 0;
  return (
    <section className={styles.root} aria-label={t('logs.results')}>
      <div className={styles.tabs}>
        <TabList size="small" selectedValue={view} onTabSelect={(_, data) => props.onView(data.value as LogsView)}>
          {LOG_VIEWS.map((one) => (
            <Tab key={one} value={one}>
              {t(`logsView.${one}` as MessageKey)}
            </Tab>
          ))}
        </TabList>
      </div>
      {run.status === 'running' && <ProgressBar aria-label={t('logs.running')} />}
      {run.error !== null && run.error !== undefined && <Problem run={run} onReveal={props.onReveal} />}
      <div className={styles.body} data-status={run.status} data-testid="results">
        {run.status === 'idle' && <p className={styles.hint}>{t('logs.idle')}</p>}
        {run.status === 'cancelled' && !run.answer && <p className={styles.hint}>{t('logs.cancelled')}</p>}
        {run.answer && rows > 0 && <View answer={run.answer} view={view} text={run.query} onRange={props.onRange} onFilter={props.onFilter} />}
        {run.answer && rows === 0 && (
          <Empty text={t('logs.empty', { range: props.rangeLabel })}>
            {!props.isAll && <Button onClick={() => props.onRange({ preset: 'all' })}>{t('logs.searchAll')}</Button>}
          </Empty>
        )}
      </div>
      <ResultFooter run={run} />
    </section>
  );
}
