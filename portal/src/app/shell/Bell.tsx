import { useEffect, useState } from 'react';
import { Button, CounterBadge, Popover, PopoverSurface, PopoverTrigger, makeStyles, mergeClasses } from '@fluentui/react-components';
import { AlertRegular } from '@fluentui/react-icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { incidentNewsQuery } from '@api/incidents';
import { onLive } from '@api/live';
import { noticedQuery, setNoticed } from '@api/settings';
import type { Incident } from '@api/types';
import { t } from '@i18n/t';
import { Failure, failureText } from '@ui/Empty';
import { Severity } from '@ui/Severity';
import { TextLink } from '@ui/TextLink';
import { Age, useMinute } from '@ui/Time';
import { tokens } from '@ui/theme';
import { useWorkspace } from '../hooks';
import { useNotify } from '../Notify';
import { unseen } from './news';

const useStyles = makeStyles({
  root: { position: 'relative', display: 'inline-flex' },
  count: { position: 'absolute', top: '-6px', left: '10px', pointerEvents: 'none' },
  surface: { width: '360px', maxHeight: '480px', padding: '12px 0', display: 'flex', flexDirection: 'column' },
  head: { padding: '0 16px 8px', fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300, fontWeight: tokens.fontWeightSemibold },
  list: { overflowY: 'auto', minHeight: 0 },
  item: { display: 'grid', gridTemplateColumns: '10px minmax(0, 1fr) auto', columnGap: '8px', padding: '8px 16px', borderTop: `1px solid ${tokens.colorNeutralStroke3}`, alignItems: 'baseline' },
  dot: { width: '8px', height: '8px', borderRadius: tokens.borderRadiusCircular },
  fresh: { backgroundColor: tokens.colorCompoundBrandStroke },
  title: { overflowWrap: 'anywhere' },
  strong: { fontWeight: tokens.fontWeightSemibold },
  note: { display: 'flex', gap: '8px', color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  none: { padding: '8px 16px', color: tokens.colorNeutralForeground2 },
});

const QUIET_MS = 400;
const NONE: ReadonlySet<string> = new Set();

function Item({ one, fresh, now, onOpen }: { one: Incident; fresh: boolean; now: number; onOpen: () => void }) {
  const styles = useStyles();
  const p = one.properties;
  return (
    <li className={styles.item}>
      <span className={mergeClasses(styles.dot, fresh && styles.fresh)}>{fresh && <span className="visually-hidden">{t('bell.unseen')}</span>}</span>
      <span className={mergeClasses(styles.title, fresh && styles.strong)}>
        <TextLink to="/incidents/$number" params={{ number: String(p.incidentNumber) }} onClick={onOpen}>
          {p.incidentNumber} {p.title}
        </TextLink>
        <span className={styles.note}>
          <Severity value={p.severity} />
        </span>
      </span>
      <span className={styles.note}>
        <Age iso={p.createdTimeUtc} now={now} />
      </span>
    </li>
  );
}

/** What others did that concerns me: new incidents that are high. Looking makes them seen; those new since stay marked till it closes. */
export function Bell() {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const now = useMinute();
  const { notify } = useNotify();
  const noticed = useQuery(noticedQuery);
  const [open, setOpen] = useState(false);
  const news = useQuery(incidentNewsQuery(ws));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = onLive((events) => {
      if (events.every((event) => event.type !== 'incident.created' && event.type !== 'incident.changed')) return;
      timer ??= setTimeout(() => {
        timer = null;
        void client.invalidateQueries({ queryKey: incidentNewsQuery(ws).queryKey });
      }, QUIET_MS);
    });
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, [client, ws]);
  const list = news.data ?? [];
  const error = news.error ?? noticed.error;
  const refetch = () => void Promise.all([news.refetch(), noticed.refetch()]);
  // Until the server has said what was looked at, nothing is called unseen.
  const fresh = noticed.data ? unseen(list, noticed.data.incidents ?? null) : NONE;
  const close = () => {
    setOpen(false);
    const newest = list[0]?.properties.createdTimeUtc;
    if (!noticed.data || !newest || newest === noticed.data.incidents) return;
    void setNoticed(client, { incidents: newest }).catch((refusal: unknown) => notify({ text: failureText(refusal), intent: 'error' }));
  };
  return (
    <>
      <span className="visually-hidden" role="status">
        {fresh.size > 0 ? t('bell.label', { n: fresh.size }) : ''}
      </span>
    <Popover open={open} onOpenChange={(_, event) => (event.open ? setOpen(true) : close())} positioning="below-end" trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        <Button
          id="bell"
          appearance="subtle"
          aria-label={t('bell.label', { n: fresh.size })}
          title={t('bell.title')}
          icon={
            <span className={styles.root}>
              <AlertRegular />
              {fresh.size > 0 && <CounterBadge className={styles.count} size="small" color="danger" count={fresh.size} aria-hidden="true" />}
            </span>
          }
        />
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label={t('bell.title')}>
        <h2 className={styles.head}>{t('bell.title')}</h2>
        {error && <Failure title={t('failure.load')} error={error} onRetry={refetch} />}
        {news.data && list.length === 0 && <p className={styles.none}>{t('bell.none')}</p>}
        <ul className={styles.list} tabIndex={-1}>
          {list.map((one) => (
            <Item key={one.name} one={one} fresh={fresh.has(one.name)} now={now} onOpen={close} />
          ))}
        </ul>
      </PopoverSurface>
    </Popover>
    </>
  );
}
