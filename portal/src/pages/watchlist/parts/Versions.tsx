import { Button, Skeleton, SkeletonItem, makeStyles, mergeClasses } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { refreshWatchlists, restoreVersion, versionQuery, versionsQuery, type Watchlist } from '@api/watchlists';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { Failure, failureText } from '@ui/Empty';
import { When } from '@ui/Time';
import { tokens } from '@ui/theme';
import { Diff } from '@ui/watchlist/Diff';

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, overflowY: 'auto', padding: '6px 24px 32px' },
  row: { borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, padding: '4px 0' },
  head: { display: 'flex', alignItems: 'center', gap: '14px', minHeight: '36px' },
  number: { fontWeight: tokens.fontWeightSemibold, width: '90px' },
  what: { flexGrow: 1, minWidth: 0 },
  note: { color: tokens.colorNeutralForeground2, whiteSpace: 'nowrap' },
  diff: { margin: '4px 0 14px' },
});

function Did({ alias, version }: { alias: string; version: number }) {
  const { data, error, refetch } = useQuery(versionQuery(useWorkspace(), alias, version));
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <Skeleton aria-label={t('waiting')}>
        <SkeletonItem style={{ height: 150 }} />
      </Skeleton>
    );
  }
  return <Diff diff={data} />;
}

/** Every change of a list, what it did, and having an earlier one back. */
export function Versions({ list, open, onOpen }: { list: Watchlist; open: number | null; onOpen: (version: number | undefined) => void }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const { data, error, refetch } = useQuery(versionsQuery(ws, list.name));
  const current = list.properties.version;
  const failed = (failure: unknown) => notify({ text: failureText(failure), intent: 'error' });
  const restore = async (version: number) => {
    try {
      await restoreVersion(ws, list.name, version);
      const undo = () => restoreVersion(ws, list.name, current).then(() => refreshWatchlists(client, ws));
      notify({ text: t('watchlist.restored', { n: version }), undo });
      refreshWatchlists(client, ws);
    } catch (failure) {
      failed(failure);
    }
  };
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  return (
    <ol className={styles.page} aria-label={t('watchlist.versions')}>
      {data?.map((one) => (
        <li key={one.version} className={styles.row}>
          <div className={styles.head}>
            <span className={styles.number}>{t('watchlist.version', { n: one.version })}</span>
            <span className={mergeClasses(styles.what)}>{t('watchlist.did', { who: one.who.name ?? t('someone'), added: one.added, changed: one.changed, removed: one.removed, items: one.itemsCount })}</span>
            <span className={styles.note}>
              <When iso={one.time} />
            </span>
            <Button size="small" appearance="subtle" aria-expanded={open === one.version} onClick={() => onOpen(open === one.version ? undefined : one.version)}>
              {t('watchlist.look')}
            </Button>
            <Button size="small" disabled={one.version === current} onClick={() => void restore(one.version)}>
              {t('watchlist.restore')}
            </Button>
          </div>
          {open === one.version && (
            <div className={styles.diff}>
              <Did alias={list.name} version={one.version} />
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}
