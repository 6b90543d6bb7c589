import { useEffect, useState } from 'react';
import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { startLive } from '@api/live';
import { useKeys, type KeyBinding } from '../keys';
import { useNotify } from '../Notify';
import { Palette } from '../palette/Palette';
import { prefs, setPrefs, usePrefs } from '../prefs';
import { SignedOut } from '../session/SignedOut';
import { useWorkspace } from '../hooks';
import { KeySheet } from './KeySheet';
import { LiveBanner } from './LiveBanner';
import { Nav } from './Nav';
import { NAV } from './nav';
import { TopBar } from './TopBar';
import { useLiveUpdates } from './useLiveUpdates';
import { useNarrow } from './useNarrow';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  root: {
    display: 'grid',
    height: '100%',
    gridTemplateColumns: '228px minmax(0, 1fr)',
    gridTemplateRows: '48px minmax(0, 1fr)',
    backgroundColor: tokens.canvas,
    color: tokens.colorNeutralForeground1,
    fontFamily: tokens.fontText,
  },
  rail: { gridTemplateColumns: '48px minmax(0, 1fr)' },
  main: { gridRow: 2, gridColumn: 2, minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column' },
  page: { flexGrow: 1, minHeight: 0, minWidth: 0, position: 'relative', display: 'flex', flexDirection: 'column' },
});

export type Overlay = 'palette' | 'keys' | null;

function useShellKeys(open: (overlay: Overlay) => void) {
  const navigate = useNavigate();
  const { undoLast } = useNotify();
  const go: KeyBinding[] = NAV.flatMap((group) => group.entries).map((entry) => ({
    key: `g ${entry.key}`,
    label: entry.label,
    group: 'anywhere',
    run: () => void navigate({ to: entry.to }),
  }));
  useKeys([
    { key: 'ctrl+k', label: 'keys.palette', group: 'anywhere', inInputs: true, run: () => open('palette') },
    { key: '/', label: 'keys.search', group: 'anywhere', run: () => open('palette') },
    { key: '?', label: 'keys.sheet', group: 'anywhere', run: () => open('keys') },
    { key: 'ctrl+b', label: 'keys.nav', group: 'anywhere', inInputs: true, run: () => setPrefs({ rail: !prefs().rail }) },
    { key: 'ctrl+z', label: 'keys.undo', group: 'anywhere', run: undoLast },
    { key: 't', label: 'keys.time', group: 'anywhere', run: () => document.getElementById('time-range')?.click() },
    ...go,
  ]);
}

export function Shell() {
  const styles = useStyles();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const narrow = useNarrow(1100);
  const onGraph = useRouterState({ select: (state) => /^\/incidents\/\d+\/graph/.test(state.location.pathname) });
  const rail = usePrefs().rail || narrow || onGraph;
  const ws = useWorkspace();
  useShellKeys(setOverlay);
  useLiveUpdates();
  useEffect(() => startLive(ws), [ws]);
  return (
    <div className={mergeClasses(styles.root, rail && styles.rail)}>
      <TopBar onOpen={setOverlay} />
      <Nav rail={rail} />
      <main className={styles.main}>
        <LiveBanner />
        <div className={styles.page}>
          <Outlet />
        </div>
      </main>
      {overlay === 'palette' && <Palette onClose={() => setOverlay(null)} />}
      {overlay === 'keys' && <KeySheet onClose={() => setOverlay(null)} />}
      <SignedOut />
    </div>
  );
}
