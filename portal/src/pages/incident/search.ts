/** The case file's address: which tab, which alert, its rows open or not. */
import { oneWord, type RawSearch } from '@app/search';

export const TABS = ['overview', 'alerts', 'entities', 'graph', 'timeline', 'tasks', 'comments', 'bookmarks', 'history'] as const;
export type IncidentTab = (typeof TABS)[number];

export interface IncidentSearch {
  tab?: IncidentTab;
  alert?: string;
}

export function validateIncidentSearch(raw: RawSearch): IncidentSearch {
  const tab = oneWord(raw['tab'], TABS, 'overview');
  return { tab: tab === 'overview' ? undefined : tab, alert: raw['alert'] };
}
