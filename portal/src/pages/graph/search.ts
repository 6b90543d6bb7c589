/** The address of an investigation: what is looked at, what was asked, the window of time, or a saved state. */
import { oneWord, type RawSearch } from '@app/search';

export interface GraphSearch {
  node?: string;
  /** Questions asked, in order: "thing~question,thing~question". */
  ex?: string;
  from?: string;
  to?: string;
  /** A saved state; what else the address says goes before it. */
  g?: string;
  view?: 'table';
  /** Groups that are opened and nodes that are hidden, with commas between them. */
  open?: string;
  hide?: string;
}

/** What a saved state keeps of the address. */
export const KEPT = ['node', 'ex', 'from', 'to', 'open', 'hide'] as const;
export const keptOf = (search: GraphSearch): Pick<GraphSearch, (typeof KEPT)[number]> => ({ node: search.node, ex: search.ex, from: search.from, to: search.to, open: search.open, hide: search.hide });

export interface Asked {
  from: string;
  question: string;
}

const time = (text: string | undefined) => (text !== undefined && !Number.isNaN(Date.parse(text)) ? text : undefined);

export function validateGraphSearch(raw: RawSearch): GraphSearch {
  const view = oneWord(raw['view'], ['graph', 'table'] as const, 'graph');
  return { node: raw['node'], ex: raw['ex'], from: time(raw['from']), to: time(raw['to']), g: raw['g'], view: view === 'table' ? view : undefined, open: raw['open'], hide: raw['hide'] };
}

/** A question whose thing is neither in the incident nor found by one before it can lead nowhere; that shows when it is drawn. */
export function askedOf(ex: string | undefined): Asked[] {
  return (ex ?? '').split(',').flatMap((pair) => {
    const [from, question] = pair.split('~');
    return from && question ? [{ from, question }] : [];
  });
}

export const askedText = (asked: readonly Asked[]): string | undefined => asked.map((one) => `${one.from}~${one.question}`).join(',') || undefined;

export const namesOf = (list: string | undefined): ReadonlySet<string> => new Set((list ?? '').split(',').filter(Boolean));

/** The list with the name in it, or without it. */
export function withName(list: string | undefined, name: string, on: boolean): string | undefined {
  const names = [...namesOf(list)].filter((one) => one !== name);
  return (on ? [...names, name] : names).join(',') || undefined;
}
