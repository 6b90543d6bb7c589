/** A change as a sentence: who, what, from, to. */
import type { HistoryEntry } from '@api/types';
import { t } from '@i18n/t';

export function changeText(change: HistoryEntry): string {
  const values = { who: change.who || t('someone'), what: change.what, from: change.from ?? '', to: change.to ?? '' };
  if (change.from && change.to) return t('change.fromTo', values);
  if (change.to) return t('change.to', values);
  if (change.from) return t('change.from', values);
  return t('change.plain', values);
}
