import { makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { historyQuery } from '@api/incidents';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { When } from '@ui/Time';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  page: { maxWidth: '1100px', padding: '6px 24px 32px' },
  table: { width: '100%', borderCollapse: 'collapse' },
  th: {
    textAlign: 'left',
    padding: '6px 12px 6px 0',
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  td: { padding: '8px 12px 8px 0', verticalAlign: 'top', overflowWrap: 'anywhere', borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  time: { whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' },
});

/** Every change: when, who, what, from, to. Newest first. */
export function HistoryTab({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const { data, error, refetch } = useQuery(historyQuery(useWorkspace(), incident.name));
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (data && data.length === 0) return <Empty text={t('history.none')} />;
  const sorted = [...(data ?? [])].sort((a, b) => Date.parse(b.time) - Date.parse(a.time));
  return (
    <div className={styles.page}>
      <table className={styles.table}>
        <thead>
          <tr>
            {(['history.time', 'history.who', 'history.what', 'history.from', 'history.to'] as const).map((key) => (
              <th key={key} className={styles.th} scope="col">
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((change, index) => (
            <tr key={index}>
              <td className={`${styles.td} ${styles.time}`}>
                <When iso={change.time} />
              </td>
              <td className={styles.td}>{change.who}</td>
              <td className={styles.td}>{change.what}</td>
              <td className={styles.td}>{change.from || '–'}</td>
              <td className={styles.td}>{change.to || '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
