/** The address of Hunting: which tab, tactic, words, what is looked at. */
import type { HuntingQuery } from '@api/hunting';
import { oneWord, type RawSearch } from '@app/search';
import { TACTICS } from '@ui/tactics';

export const TABS = ['queries', 'bookmarks', 'livestream'] as const;
export type HuntTab = (typeof TABS)[number];
export const SORTS = ['results', 'new', 'title', 'run'] as const;

export interface HuntingSearch {
  tab?: HuntTab;
  tactic?: string;
  q?: string;
  sel?: string;
  /** Only those that found something. */
  found?: '1';
  sort?: string;
}

export function validateHuntingSearch(raw: RawSearch): HuntingSearch {
  const tab = oneWord(raw['tab'], TABS, 'queries');
  const tactic = TACTICS.find((one) => one.toLowerCase() === raw['tactic']?.toLowerCase());
  return { tab: tab === 'queries' ? undefined : tab, tactic: tactic?.toLowerCase(), q: raw['q'], sel: raw['sel'], found: raw['found'] === '1' ? '1' : undefined, sort: raw['sort'] };
}

export function sortOf(text: string | undefined): { id: (typeof SORTS)[number]; desc: boolean } {
  const word = text ?? '-results';
  return { id: oneWord(word.replace(/^-/, ''), SORTS, 'results'), desc: word.startsWith('-') };
}

const BY: Record<(typeof SORTS)[number], (a: HuntingQuery, b: HuntingQuery) => number> = {
  results: (a, b) => (a.latest?.count ?? -1) - (b.latest?.count ?? -1),
  new: (a, b) => (a.latest?.delta ?? 0) - (b.latest?.delta ?? 0),
  title: (a, b) => a.title.localeCompare(b.title),
  run: (a, b) => (a.latest?.time ?? '').localeCompare(b.latest?.time ?? ''),
};

export const ofTactic = (list: readonly HuntingQuery[], tactic: string | undefined) => (tactic === undefined ? [...list] : list.filter((one) => one.tactics.some((word) => word.toLowerCase() === tactic)));

/** All words, in any case, in title, purpose, techniques or KQL. */
export function select(list: readonly HuntingQuery[], search: HuntingSearch): HuntingQuery[] {
  const words = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const text = (one: HuntingQuery) => `${one.title} ${one.description} ${one.techniques.join(' ')} ${one.query}`.toLowerCase();
  const { id, desc } = sortOf(search.sort);
  return ofTactic(list, search.tactic)
    .filter((one) => (search.found === undefined || (one.latest?.count ?? 0) > 0) && words.every((word) => text(one).includes(word)))
    .sort((a, b) => (desc ? BY[id](b, a) : BY[id](a, b)) || a.title.localeCompare(b.title));
}
