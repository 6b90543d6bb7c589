/** A source counts as silent when it sent something in the last day and then nothing for an hour. */
import type { Overview } from '@api/types';

type Source = Overview['sources'][number];
const SILENT_AFTER_MINUTES = 60;

export function isSilent(source: Source): boolean {
  return source.lastSeen !== null && source.rows24h > 0 && (source.silentMinutes ?? 0) >= SILENT_AFTER_MINUTES;
}
