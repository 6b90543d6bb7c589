import { useEffect, useMemo, useState } from 'react';
import { Button, MessageBar, MessageBarBody, makeStyles, mergeClasses } from '@fluentui/react-components';
import { AddRegular, AlertRegular, DeleteRegular, PauseRegular, PlayRegular } from '@fluentui/react-icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { deleteLivestream, liveRowsQuery, livestreamsQuery, putLivestream, type Livestream } from '@api/hunting';
import { onLive } from '@api/live';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { Empty, Failure, failureText } from '@ui/Empty';
import { LiveMark } from '@ui/LiveMark';
import { ResultRows } from '@ui/ResultRows';
import { tokens } from '@ui/theme';
import { grouped, when } from '@ui/time';
import type { HuntingSearch } from '../search';
import { ElevateDialog } from './ElevateDialog';
import { LiveDialog } from './LiveDialog';

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: '300px minmax(0, 1fr)' },
  list: { borderRight: `1px solid ${tokens.colorNeutralStroke2}`, overflowY: 'auto', padding: '10px 12px', display: 'flex', flexDirection: 'column', gap: '4px' },
  item: { justifyContent: 'flex-start', fontWeight: tokens.fontWeightRegular, textAlign: 'left' },
  on: { backgroundColor: tokens.rowSelBg, color: tokens.rowSelFg },
  title: { flexGrow: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  count: { fontVariantNumeric: 'tabular-nums', marginLeft: '8px' },
  body: { minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column', gap: '10px', padding: '12px 24px' },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '8px' },
  name: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, fontWeight: tokens.fontWeightSemibold, marginRight: '6px' },
  space: { flexGrow: 1 },
  note: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** Rows as they come, the newest first; each may be kept, and all become an alert. */
function Stream({ one, onGone }: { one: Livestream; onGone: () => void }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const [elevating, setElevating] = useState(false);
  const { data, error, refetch } = useQuery(liveRowsQuery(ws, one.id));
  useEffect(
    () =>
      onLive((events) => {
        if (events.some((event) => event.type === 'livestream.rows' && event.id === one.id)) void client.invalidateQueries({ queryKey: liveRowsQuery(ws, one.id).queryKey });
      }),
    [client, ws, one.id],
  );
  const rows = useMemo(() => [...(data?.rows ?? [])].sort((a, b) => b.seq - a.seq), [data]);
  const again = () => void client.invalidateQueries({ queryKey: livestreamsQuery(ws).queryKey });
  const failed = (failure: unknown) => notify({ text: failureText(failure), intent: 'error' });
  const setStatus = (status: Livestream['status']) => void putLivestream(ws, one.id, { title: one.title, query: one.query, status, everySeconds: one.everySeconds }).then(again, failed);
  const remove = () => {
    const undo = () => putLivestream(ws, one.id, { title: one.title, query: one.query, status: one.status, everySeconds: one.everySeconds }).then(again);
    void deleteLivestream(ws, one.id).then(() => {
      notify({ text: t('live.deleted', { name: one.title }), undo });
      onGone();
      again();
    }, failed);
  };
  const runs = one.status === 'Running';
  return (
    <section className={styles.body} aria-label={one.title}>
      <div className={styles.head}>
        <h2 className={styles.name}>{one.title}</h2>
        {runs && <LiveMark />}
        <span className={styles.space} />
        <Button size="small" icon={runs ? <PauseRegular /> : <PlayRegular />} onClick={() => setStatus(runs ? 'Paused' : 'Running')}>
          {runs ? t('graph.pause') : t('live.start')}
        </Button>
        <Button size="small" icon={<AlertRegular />} disabled={rows.length === 0} onClick={() => setElevating(true)}>
          {t('live.elevate')}
        </Button>
        <Button size="small" appearance="subtle" icon={<DeleteRegular />} onClick={remove}>
          {t('watchlist.delete')}
        </Button>
      </div>
      <p className={styles.note}>{t('live.about', { n: one.rowsCount, seconds: one.everySeconds, since: when(one.started), last: one.lastRun ? when(one.lastRun) : '–' })}</p>
      {one.error !== '' && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{one.error}</MessageBarBody>
        </MessageBar>
      )}
      {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
      {data && rows.length === 0 && <p className={styles.note}>{runs ? t('live.waiting') : t('live.paused')}</p>}
      {data && rows.length > 0 && <ResultRows set={{ columns: data.columns, rows: rows.map((row) => row.row) }} query={one.query} label={t('live.rows')} height="calc(100vh - 300px)" />}
      {elevating && <ElevateDialog stream={one} rows={rows.map((row) => row.seq)} onDone={() => setElevating(false)} />}
    </section>
  );
}

export function Live({ search, onChange }: { search: HuntingSearch; onChange: (patch: HuntingSearch, replace?: boolean) => void }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const { data, error, refetch } = useQuery(livestreamsQuery(ws));
  useEffect(
    () =>
      onLive((events) => {
        if (events.some((event) => event.type === 'livestream.rows')) void client.invalidateQueries({ queryKey: livestreamsQuery(ws).queryKey });
      }),
    [client, ws],
  );
  const current = data?.find((one) => one.id === search.sel) ?? data?.[0];
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  return (
    <div className={styles.page}>
      <nav className={styles.list} aria-label={t('live.list')}>
        <Button icon={<AddRegular />} onClick={() => setMaking(true)}>
          {t('live.new')}
        </Button>
        {data?.map((one) => (
          <Button key={one.id} appearance="subtle" className={mergeClasses(styles.item, one === current && styles.on)} aria-current={one === current} icon={one.status === 'Running' ? <PlayRegular /> : <PauseRegular />} onClick={() => onChange({ sel: one.id }, true)}>
            <span className={styles.title}>{one.title}</span>
            <span className={styles.count}>{grouped(one.rowsCount)}</span>
          </Button>
        ))}
      </nav>
      {current ? <Stream key={current.id} one={current} onGone={() => onChange({ sel: undefined }, true)} /> : data && <Empty text={t('live.none')} />}
      {making && <LiveDialog onCancel={() => setMaking(false)} onDone={(id) => { setMaking(false); onChange({ sel: id }, true); }} />}
    </div>
  );
}
