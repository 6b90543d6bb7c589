/** The queue's address: view, filters, words, sort, selection. Unknown values fall back and are named. */
import { SEVERITIES, STATUSES, type IncidentStatus, type Severity } from '@api/types';
import { oneWord, wholeNumber, wordList, type RawSearch } from '@app/search';

export const VIEWS = ['open', 'mine', 'unassigned', 'high', 'closed', 'all'] as const;
export type View = (typeof VIEWS)[number];
export const OWNERS = ['any', 'me', 'none'] as const;
export type OwnerFilter = (typeof OWNERS)[number];
export const SORTS = ['priority', 'severity', 'number', 'title', 'status', 'owner', 'alerts', 'created'] as const;
export type SortColumn = (typeof SORTS)[number];

export interface IncidentsSearch {
  view?: View;
  status?: string;
  sev?: string;
  owner?: OwnerFilter;
  q?: string;
  sort?: string;
  sel?: number;
  t?: string;
}

export interface QueueState {
  view: View;
  status: IncidentStatus[];
  severity: Severity[];
  owner: OwnerFilter;
  words: string;
  sort: { id: SortColumn; desc: boolean };
  selected: number | null;
  /** Values of the address that mean nothing here. */
  broken: string[];
}

const lower = <T extends string>(words: readonly T[]) => words.map((word) => word.toLowerCase());

/** The words of the address are lower case; the API's begin with a capital. */
function capital<T extends string>(words: string[], known: readonly T[]): T[] {
  return known.filter((word) => words.includes(word.toLowerCase()));
}

export function validateIncidentsSearch(raw: RawSearch): IncidentsSearch {
  return {
    view: raw['view'] as View | undefined,
    status: raw['status'],
    sev: raw['sev'],
    owner: raw['owner'] as OwnerFilter | undefined,
    q: raw['q'],
    sort: raw['sort'],
    sel: wholeNumber(raw['sel'] === undefined ? undefined : String(raw['sel'])),
    t: raw['t'],
  };
}

export function queueState(search: IncidentsSearch): QueueState {
  const broken: string[] = [];
  const status = capital(wordList(search.status, lower(STATUSES), broken), STATUSES);
  const severity = capital(wordList(search.sev, lower(SEVERITIES), broken), SEVERITIES);
  const view = oneWord(search.view, VIEWS, 'open');
  const owner = oneWord(search.owner, OWNERS, 'any');
  if (search.view !== undefined && search.view !== view) broken.push(search.view);
  if (search.owner !== undefined && search.owner !== owner) broken.push(search.owner);
  const sortText = search.sort ?? '-priority';
  const sortId = oneWord(sortText.replace(/^-/, ''), SORTS, 'priority');
  if (sortText.replace(/^-/, '') !== sortId) broken.push(sortText);
  return {
    view,
    status,
    severity,
    owner,
    words: search.q ?? '',
    sort: { id: sortId, desc: sortText.startsWith('-') || !(SORTS as readonly string[]).includes(sortText) },
    selected: search.sel ?? null,
    broken,
  };
}

/** How many filters are on beside the view; what "Clear filters" would clear. */
export function filterCount(state: QueueState): number {
  return (state.status.length > 0 ? 1 : 0) + (state.severity.length > 0 ? 1 : 0) + (state.owner !== 'any' ? 1 : 0) + (state.words ? 1 : 0);
}
