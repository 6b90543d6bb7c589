/** The address of a watchlist: its items or versions, words, the row looked at. */
import { oneWord, wholeNumber, type RawSearch } from '@app/search';

export interface WatchlistSearch {
  tab?: 'versions';
  q?: string;
  /** The item looked at; "new" is one to be. */
  row?: string;
  v?: number;
}

export function validateWatchlistSearch(raw: RawSearch): WatchlistSearch {
  const tab = oneWord(raw['tab'], ['items', 'versions'] as const, 'items');
  return { tab: tab === 'versions' ? tab : undefined, q: raw['q'], row: raw['row'], v: wholeNumber(raw['v'] === undefined ? undefined : String(raw['v'])) };
}
