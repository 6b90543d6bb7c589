import { Button, makeStyles } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { historyQuery } from '@api/incidents';
import { refreshIncident, undoAct } from '@api/investigate';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { Empty, Failure, failureText } from '@ui/Empty';
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

/** An act that changed several things has one button, on the newest of its lines. */
const firstOf = (list: { act?: number }[], index: number) => list.findIndex((one) => one.act === list[index]?.act) === index;

/** Every change: when, who, what, from, to. Newest first. */
export function HistoryTab({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const { data, error, refetch } = useQuery(historyQuery(ws, incident.name));
  const undo = async (act: number) => {
    try {
      await undoAct(ws, act);
      refreshIncident(client, ws, incident.name);
    } catch (failure) {
      notify({ text: failureText(failure), intent: 'error' });
    }
  };
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
            <th className={styles.th} scope="col">
              <span className="visually-hidden">{t('action.undo')}</span>
            </th>
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
              <td className={styles.td}>
                {change.to || '–'}
                {change.why && <em> {change.why}</em>}
              </td>
              <td className={styles.td}>
                {change.undone && t('history.undone')}
                {change.act !== undefined && !change.undone && firstOf(sorted, index) && (
                  <Button size="small" aria-label={t('history.undo', { what: change.what })} onClick={() => void undo(change.act ?? 0)}>
                    {t('action.undo')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
