import { KINDS, type PolicyKind, type PolicyObject } from '@api/policies';
import { oneWord, type RawSearch } from '@app/search';

export interface PoliciesSearch {
  kind?: PolicyKind;
  q?: string;
  sel?: string;
  /** A definition that is written: its id, or "new". */
  edit?: string;
}

export function validatePoliciesSearch(raw: RawSearch): PoliciesSearch {
  return { kind: raw['kind'] as PolicyKind | undefined, q: raw['q'], sel: raw['sel'], edit: raw['edit'] };
}

export const kindOf = (search: PoliciesSearch): PolicyKind => oneWord(search.kind, KINDS, 'definitions');

export const titleOf = (one: PolicyObject): string => one.properties.displayName ?? one.name;

/** All words, in any case, in title, category or id. */
export function select(list: readonly PolicyObject[], words: string): PolicyObject[] {
  const each = words.toLowerCase().split(/\s+/).filter(Boolean);
  return list
    .filter((one) => {
      const text = `${titleOf(one)} ${one.properties.metadata?.category ?? ''} ${one.id}`.toLowerCase();
      return each.every((word) => text.includes(word));
    })
    .sort((a, b) => titleOf(a).localeCompare(titleOf(b)));
}
