/** The address of the list: view, severity, words, sort, what is looked at. */
import { SEVERITIES, type Severity } from '@api/types';
import type { Recommendation } from '@app/usePosture';
import { oneWord, wordList, type RawSearch } from '@app/search';

export const VIEWS = ['open', 'fix', 'notmeasured', 'all'] as const;
export type View = (typeof VIEWS)[number];
export const SORTS = ['severity', 'risk', 'title', 'resources', 'gain', 'changed'] as const;
export type SortColumn = (typeof SORTS)[number];

export interface RecommendationsSearch {
  view?: View;
  sev?: string;
  q?: string;
  sort?: string;
  sel?: string;
}

export function validateRecommendationsSearch(raw: RawSearch): RecommendationsSearch {
  return { view: raw['view'] as View | undefined, sev: raw['sev'], q: raw['q'], sort: raw['sort'], sel: raw['sel'] };
}

export interface ListState {
  view: View;
  severity: Severity[];
  words: string;
  sort: { id: SortColumn; desc: boolean };
}

export function listState(search: RecommendationsSearch): ListState {
  const words = wordList(search.sev, SEVERITIES.map((one) => one.toLowerCase()), []);
  const sort = search.sort ?? '-severity';
  return {
    view: oneWord(search.view, VIEWS, 'open'),
    severity: SEVERITIES.filter((one) => words.includes(one.toLowerCase())),
    words: search.q ?? '',
    sort: { id: oneWord(sort.replace(/^-/, ''), SORTS, 'severity'), desc: sort.startsWith('-') },
  };
}

const IN_VIEW: Record<View, (one: Recommendation) => boolean> = {
  open: (one) => one.tally.unhealthy > 0,
  fix: (one) => one.tally.unhealthy > 0 && one.advice.hasFix,
  notmeasured: (one) => one.tally.notMeasured > 0,
  all: () => true,
};

export function inView(view: View, list: readonly Recommendation[]): Recommendation[] {
  return list.filter(IN_VIEW[view]);
}

const BY: Record<SortColumn, (a: Recommendation, b: Recommendation) => number> = {
  severity: (a, b) => SEVERITIES.indexOf(b.advice.severity) - SEVERITIES.indexOf(a.advice.severity) || a.gain - b.gain || a.tally.unhealthy - b.tally.unhealthy,
  risk: (a, b) => a.tally.risk - b.tally.risk || BY.severity(a, b),
  title: (a, b) => a.advice.title.localeCompare(b.advice.title),
  resources: (a, b) => a.tally.unhealthy - b.tally.unhealthy,
  gain: (a, b) => a.gain - b.gain,
  changed: (a, b) => a.tally.changed.localeCompare(b.tally.changed),
};

/** All words, in any case, in title, control or category. */
export function select(list: readonly Recommendation[], state: ListState): Recommendation[] {
  const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
  const text = ({ advice }: Recommendation) => `${advice.title} ${advice.control ?? ''} ${advice.category}`.toLowerCase();
  const found = inView(state.view, list).filter(
    (one) => (state.severity.length === 0 || state.severity.includes(one.advice.severity)) && words.every((word) => text(one).includes(word)),
  );
  const by = BY[state.sort.id];
  return found.sort((a, b) => (state.sort.desc ? by(b, a) : by(a, b)) || a.advice.title.localeCompare(b.advice.title));
}
