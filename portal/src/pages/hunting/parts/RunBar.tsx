import { useEffect } from 'react';
import { Button, Menu, MenuButton, MenuItem, MenuList, MenuPopover, MenuTrigger, ProgressBar, makeStyles } from '@fluentui/react-components';
import { PlayRegular } from '@fluentui/react-icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { cancelRound, huntingKey, roundsQuery, startRound } from '@api/hunting';
import { onLive } from '@api/live';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t, type MessageKey } from '@i18n/t';
import { failureText } from '@ui/Empty';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  run: { display: 'flex', alignItems: 'center', gap: '10px', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, whiteSpace: 'nowrap' },
  bar: { width: '140px' },
});

const SPANS = ['1', '7', '30', 'all'] as const;
const DAY = 86_400_000;
const EVER = '1990-01-01T00:00:00Z';

/** Runs them all, says how far it is, and lets it be stopped; results stay as they come. */
export function RunBar({ queries }: { queries?: string[] }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const latest = useQuery(roundsQuery(ws)).data?.[0];
  const running = latest?.status === 'Running' ? latest : undefined;
  useEffect(
    () =>
      onLive((events) => {
        if (events.some((event) => event.type === 'hunt.round')) void client.invalidateQueries({ queryKey: huntingKey(ws), predicate: ({ queryKey }) => queryKey[3] === 'queries' || queryKey[3] === 'rounds' });
      }),
    [client, ws],
  );
  const failed = (error: unknown) => notify({ text: failureText(error), intent: 'error' });
  const run = (span: (typeof SPANS)[number]) => {
    const now = Date.now();
    const startTime = span === 'all' ? EVER : new Date(now - Number(span) * DAY).toISOString();
    void startRound(ws, { queries, startTime, endTime: new Date(now + 60_000).toISOString() }).then(() => client.invalidateQueries({ queryKey: roundsQuery(ws).queryKey }), failed);
  };
  return (
    <div className={styles.run}>
      {running && (
        <>
          <span aria-live="polite">{t('hunt.running', { n: running.done, of: running.total })}</span>
          <ProgressBar className={styles.bar} value={running.total === 0 ? undefined : running.done / running.total} aria-label={t('hunt.progress')} />
          <Button size="small" onClick={() => void cancelRound(ws, running.id).catch(failed)}>
            {t('action.cancel')}
          </Button>
        </>
      )}
      {!running && latest && <span>{t('hunt.last', { found: latest.found, total: latest.total, failed: latest.failed })}</span>}
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <MenuButton size="small" appearance="primary" icon={<PlayRegular />} disabled={running !== undefined}>
            {t('hunt.runAll')}
          </MenuButton>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {SPANS.map((span) => (
              <MenuItem key={span} onClick={() => run(span)}>
                {t(`hunt.span.${span}` as MessageKey)}
              </MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
    </div>
  );
}
