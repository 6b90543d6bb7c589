import { Tab, TabList, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { scoreHistoryQuery } from '@api/posture';
import { useWorkspace } from '@app/hooks';
import { useSubscription } from '@app/usePosture';
import { t } from '@i18n/t';
import { Card } from '@ui/Card';
import { Empty, Failure } from '@ui/Empty';
import { Spark } from '@ui/posture/Spark';
import { useMinute } from '@ui/Time';
import { when } from '@ui/time';
import { DAYS } from '../search';
import { percent } from './words';

const useStyles = makeStyles({ body: { padding: '8px 16px 10px' } });
const DAY = 86_400_000;

/** Where the score came from: one point an hour, each with its time and figure. */
export function History({ days, onDays }: { days: number; onDays: (days: number) => void }) {
  const styles = useStyles();
  const now = useMinute();
  const { data, error, refetch } = useQuery(scoreHistoryQuery(useWorkspace(), useSubscription(), days));
  const points = (data ?? []).map((one) => ({ at: Date.parse(one.time), value: one.percentage, title: `${when(one.time)}: ${percent(one.percentage)}` }));
  const from = now - days * DAY;
  const first = points[0];
  const last = points[points.length - 1];
  return (
    <Card
      title={t('score.history')}
      aside={
        <TabList size="small" selectedValue={days} onTabSelect={(_, chosen) => onDays(Number(chosen.value))} aria-label={t('score.history')}>
          {DAYS.map((n) => (
            <Tab key={n} value={n}>
              {t('score.days', { n })}
            </Tab>
          ))}
        </TabList>
      }
    >
      <div className={styles.body}>
        {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
        {data && points.length === 0 && <Empty text={t('score.noHistory')} />}
        {first && last && (
          <Spark
            points={points}
            sentence={t('score.historySentence', { days, first: percent(first.value), last: percent(last.value) })}
            from={{ at: from, label: when(new Date(from).toISOString()) }}
            to={{ at: now, label: t('time.now') }}
          />
        )}
      </div>
    </Card>
  );
}
