import { makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { changesQuery, type ResourceChange } from '@api/inventory';
import { useSubscription } from '@app/usePosture';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { tokens } from '@ui/theme';
import { exact, when } from '@ui/time';

const useStyles = makeStyles({
  list: { margin: 0, padding: '8px 24px 24px', listStyleType: 'none' },
  item: { padding: '10px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  head: { display: 'flex', flexWrap: 'wrap', gap: '12px', fontWeight: tokens.fontWeightSemibold },
  who: { fontWeight: tokens.fontWeightRegular, color: tokens.colorNeutralForeground2 },
  table: { marginTop: '6px', borderCollapse: 'collapse', fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200 },
  cell: { padding: '2px 16px 2px 0', verticalAlign: 'top', textAlign: 'left', overflowWrap: 'anywhere', fontWeight: 'inherit' },
});

const text = (value: unknown) => (value === undefined || value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value));

function Change({ one }: { one: ResourceChange }) {
  const styles = useStyles();
  const { properties: p } = one;
  const paths = Object.entries(p.changes);
  return (
    <li className={styles.item}>
      <div className={styles.head}>
        <span title={exact(p.timeStamp)}>{when(p.timeStamp)}</span>
        <span>{p.changeType}</span>
        {p.changeAttributes?.changedBy && <span className={styles.who}>{t('resource.changedBy', { who: p.changeAttributes.changedBy })}</span>}
      </div>
      {paths.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th className={styles.cell}>{t('posture.path')}</th>
              <th className={styles.cell}>{t('resource.before')}</th>
              <th className={styles.cell}>{t('resource.after')}</th>
            </tr>
          </thead>
          <tbody>
            {paths.map(([path, change]) => (
              <tr key={path}>
                <th scope="row" className={styles.cell}>
                  {path}
                </th>
                <td className={styles.cell}>{text(change.previousValue)}</td>
                <td className={styles.cell}>{text(change.newValue)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}

/** What changed, when, by whom, from what to what. */
export function Changes({ resource }: { resource: string }) {
  const styles = useStyles();
  const { data, error, refetch } = useQuery(changesQuery(useSubscription(), resource));
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (data?.length === 0) return <Empty text={t('resource.noChanges')} />;
  return (
    <ul className={styles.list}>
      {data?.map((one, index) => (
        <Change key={`${one.properties.timeStamp} ${index}`} one={one} />
      ))}
    </ul>
  );
}
