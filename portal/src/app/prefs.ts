/** What a person set for this browser: theme, language, density, navigation, single keys. */
import { useSyncExternalStore } from 'react';
import { LANGUAGES, type Language } from '@i18n/t';

export const THEME_CHOICES = ['system', 'light', 'dark', 'contrast'] as const;
export const DENSITIES = ['compact', 'normal', 'comfortable'] as const;

export interface Prefs {
  theme: (typeof THEME_CHOICES)[number];
  density: (typeof DENSITIES)[number];
  language: Language;
  rail: boolean;
  singleKeys: boolean;
  paneWidth: number;
  seen: string | null;
}

const STORE = 'vedette.prefs';
const DEFAULTS: Prefs = {
  theme: 'system',
  density: 'normal',
  language: 'en',
  rail: false,
  singleKeys: true,
  paneWidth: 420,
  seen: null,
};

function oneOf<T>(list: readonly T[], value: unknown, fallback: T): T {
  return list.includes(value as T) ? (value as T) : fallback;
}

/** Broken or foreign values fall back one by one. */
export function readPrefs(text: string | null): Prefs {
  let kept: Partial<Record<keyof Prefs, unknown>> = {};
  try {
    kept = (JSON.parse(text ?? '{}') ?? {}) as typeof kept;
  } catch {
    kept = {};
  }
  const width = typeof kept.paneWidth === 'number' ? kept.paneWidth : DEFAULTS.paneWidth;
  return {
    theme: oneOf(THEME_CHOICES, kept.theme, DEFAULTS.theme),
    density: oneOf(DENSITIES, kept.density, DEFAULTS.density),
    language: oneOf(LANGUAGES, kept.language, DEFAULTS.language),
    rail: kept.rail === true,
    singleKeys: kept.singleKeys !== false,
    paneWidth: Math.min(640, Math.max(360, width)),
    seen: typeof kept.seen === 'string' ? kept.seen : null,
  };
}

let current: Prefs | null = null;
const listeners = new Set<() => void>();

export function prefs(): Prefs {
  current ??= readPrefs(localStorage.getItem(STORE));
  return current;
}

export function setPrefs(patch: Partial<Prefs>): void {
  current = { ...prefs(), ...patch };
  localStorage.setItem(STORE, JSON.stringify(current));
  listeners.forEach((run) => run());
}

/** What is set in one tab holds in the others. */
function fromOtherTab(event: StorageEvent): void {
  if (event.key !== STORE) return;
  current = readPrefs(event.newValue);
  listeners.forEach((run) => run());
}

function subscribe(run: () => void): () => void {
  if (!listeners.size) window.addEventListener('storage', fromOtherTab);
  listeners.add(run);
  return () => listeners.delete(run);
}

export function usePrefs(): Prefs {
  return useSyncExternalStore(subscribe, prefs);
}

export const ROW_HEIGHT: Record<Prefs['density'], number> = { compact: 32, normal: 40, comfortable: 48 };
