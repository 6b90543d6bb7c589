/** Which of the three themes is on: the person's choice, or what the system asks for. */
import { useSyncExternalStore } from 'react';
import type { ThemeName } from '@ui/theme';
import { usePrefs } from './prefs';

const forced = matchMedia('(forced-colors: active)');
const dark = matchMedia('(prefers-color-scheme: dark)');

function subscribe(run: () => void): () => void {
  forced.addEventListener('change', run);
  dark.addEventListener('change', run);
  return () => {
    forced.removeEventListener('change', run);
    dark.removeEventListener('change', run);
  };
}

function system(): ThemeName {
  if (forced.matches) return 'contrast';
  return dark.matches ? 'dark' : 'light';
}

export function useThemeName(): ThemeName {
  const fromSystem = useSyncExternalStore(subscribe, system);
  const { theme } = usePrefs();
  return theme === 'system' ? fromSystem : theme;
}
