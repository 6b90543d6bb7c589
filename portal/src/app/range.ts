/** The one time range: a preset, two ends, or everything; kept in the address as `t`. */
import { t, type MessageKey } from '@i18n/t';
import { when } from '@ui/time';

export type Range = { preset: Preset } | { from: string; to: string };
export const PRESETS = ['1h', '4h', '24h', '3d', '7d', '30d', '90d', 'all'] as const;
export type Preset = (typeof PRESETS)[number];

const HOURS: Record<Exclude<Preset, 'all'>, number> = { '1h': 1, '4h': 4, '24h': 24, '3d': 72, '7d': 168, '30d': 720, '90d': 2160 };

function isPreset(text: string): text is Preset {
  return (PRESETS as readonly string[]).includes(text);
}

/** "24h" or "2026-11-22T08:00Z..2026-11-22T10:00Z"; null when it is neither. */
export function parseRange(text: string): Range | null {
  if (isPreset(text)) return { preset: text };
  const [from, to] = text.split('..');
  if (!from || !to) return null;
  const ends = [Date.parse(from), Date.parse(to)] as const;
  if (Number.isNaN(ends[0]) || Number.isNaN(ends[1]) || ends[0] >= ends[1]) return null;
  return { from: new Date(ends[0]).toISOString(), to: new Date(ends[1]).toISOString() };
}

/** Shortest ISO form: no milliseconds, no seconds when both are zero. */
function short(iso: string): string {
  return iso.replace(/\.000Z$/, 'Z').replace(/:00Z$/, 'Z');
}

export function formatRange(range: Range): string {
  return 'preset' in range ? range.preset : `${short(range.from)}..${short(range.to)}`;
}

/** Start and end in milliseconds; null where open. */
export function ends(range: Range, now = Date.now()): { from: number | null; to: number | null } {
  if (!('preset' in range)) return { from: Date.parse(range.from), to: Date.parse(range.to) };
  if (range.preset === 'all') return { from: null, to: null };
  return { from: now - HOURS[range.preset] * 3_600_000, to: null };
}

/** As the query API wants it: an ISO duration, start/end, or nothing. */
export function timespan(range: Range): string | undefined {
  if (!('preset' in range)) return `${range.from}/${range.to}`;
  return range.preset === 'all' ? undefined : `PT${HOURS[range.preset]}H`;
}

export function rangeLabel(range: Range): string {
  if ('preset' in range) return t(`range.${range.preset}` as MessageKey);
  return `${when(range.from)} – ${when(range.to)}`;
}
