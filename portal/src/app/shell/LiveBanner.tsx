import { useEffect, useState, useSyncExternalStore } from 'react';
import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import { liveState, onLive } from '@api/live';
import { t } from '@i18n/t';
import { when } from '@ui/time';

const PATIENCE_MS = 3000;
const SPEAK_MS = 10_000;

/** Says when the stream is lost, and tells screen readers of new incidents, at most once in ten seconds. */
export function LiveBanner() {
  const state = useSyncExternalStore(liveState.subscribe, liveState.get);
  const [late, setLate] = useState(false);
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    setLate(false);
    if (state.online) return;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [state]);
  useEffect(() => {
    let fresh = 0;
    const stop = onLive((events) => {
      fresh += events.filter((event) => event.type === 'incident.created').length;
    });
    const timer = setInterval(() => {
      if (fresh > 0) setSpoken(t('live.newIncidents', { n: fresh }));
      fresh = 0;
    }, SPEAK_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  return (
    <>
      <div className="visually-hidden" aria-live="polite">
        {spoken}
      </div>
      {late && (
        <MessageBar intent="warning" layout="singleline">
          <MessageBarBody>{t('live.offline', { since: when(new Date(state.since).toISOString()) })}</MessageBarBody>
        </MessageBar>
      )}
    </>
  );
}
