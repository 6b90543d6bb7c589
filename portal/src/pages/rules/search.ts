/** The address of Analytics: rules or templates, words, severity, what is looked at. */
import { SEVERITIES, type Severity } from '@api/types';
import { oneWord, wordList, type RawSearch } from '@app/search';

export const TABS = ['rules', 'templates'] as const;
export type RulesTab = (typeof TABS)[number];

export interface RulesSearch {
  tab?: 'templates';
  q?: string;
  sev?: string;
  sel?: string;
}

export function validateRulesSearch(raw: RawSearch): RulesSearch {
  const tab = oneWord(raw['tab'], TABS, 'rules');
  return { tab: tab === 'templates' ? tab : undefined, q: raw['q'], sev: raw['sev'], sel: raw['sel'] };
}

export const severitiesOf = (search: RulesSearch): Severity[] => {
  const words = wordList(search.sev, SEVERITIES.map((one) => one.toLowerCase()), []);
  return SEVERITIES.filter((one) => words.includes(one.toLowerCase()));
};

interface Listed {
  properties: { displayName: string; description?: string; severity: Severity; query: string; tactics?: string[]; techniques?: string[] };
}

/** All words, in any case, in name, purpose, tactics, techniques or KQL; the gravest first. */
export function select<T extends Listed>(list: readonly T[], search: RulesSearch): T[] {
  const words = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const severities = severitiesOf(search);
  const text = ({ properties: p }: Listed) => `${p.displayName} ${p.description ?? ''} ${p.tactics?.join(' ') ?? ''} ${p.techniques?.join(' ') ?? ''} ${p.query}`.toLowerCase();
  return list
    .filter((one) => (severities.length === 0 || severities.includes(one.properties.severity)) && words.every((word) => text(one).includes(word)))
    .sort((a, b) => SEVERITIES.indexOf(a.properties.severity) - SEVERITIES.indexOf(b.properties.severity) || a.properties.displayName.localeCompare(b.properties.displayName));
}
