import { Button, Skeleton, SkeletonItem, makeStyles, mergeClasses } from '@fluentui/react-components';
import { DocumentSearchRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { alertRowsQuery } from '@api/incidents';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { Failure } from '../Empty';
import { ResultRows } from '../ResultRows';
import { tokens } from '../theme';

const useStyles = makeStyles({
  head: { display: 'flex', alignItems: 'center', gap: '12px', padding: '4px 0 6px', fontSize: tokens.fontSizeBase200 },
  space: { flexGrow: 1 },
  table: { fontFamily: tokens.fontMono },
  note: { color: tokens.colorNeutralForeground2 },
});

const SHOWN = 100;

/** The rows that fired an alert, in place; they are kept with it, so retention does not take them. */
export function RawRows({ incident, alert }: { incident: string; alert: string }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(alertRowsQuery(useWorkspace(), incident, alert));
  if (error) return <Failure title={t('rows.failed')} error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <Skeleton aria-label={t('waiting')}>
        <SkeletonItem style={{ height: 96 }} />
      </Skeleton>
    );
  }
  return (
    <div data-testid="raw-rows">
      <div className={styles.head}>
        <span>{t('rows.count', { n: data.rows.length })}</span>
        {data.table && <span className={mergeClasses(styles.table, styles.note)}>{data.table}</span>}
        {data.rows.length > SHOWN && <span className={styles.note}>{t('rows.cut', { n: SHOWN })}</span>}
        <span className={styles.space} />
        {data.query && (
          <Button
            size="small"
            appearance="subtle"
            icon={<DocumentSearchRegular />}
            onClick={() => void navigate({ to: '/logs', search: { text: data.query, run: '1', t: 'all' } })}
          >
            {t('rows.openLogs')}
          </Button>
        )}
      </div>
      {data.rows.length === 0 ? <p className={styles.note}>{t('rows.none')}</p> : <ResultRows set={{ columns: data.columns, rows: data.rows.slice(0, SHOWN) }} label={t('rows.label')} height="420px" />}
    </div>
  );
}
