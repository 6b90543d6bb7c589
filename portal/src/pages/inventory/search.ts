/** The inventory's address and what it selects. */
import type { ResourceRow } from '@api/inventory';
import { oneWord, type RawSearch } from '@app/search';

export const VIEWS = ['all', 'unhealthy', 'notmeasured'] as const;
export type View = (typeof VIEWS)[number];
export interface InventorySearch {
  view?: View;
  type?: string;
  q?: string;
}

export function validateInventorySearch(raw: RawSearch): InventorySearch {
  return { view: raw['view'] as View | undefined, type: raw['type'], q: raw['q'] };
}

const IN_VIEW: Record<View, (one: ResourceRow) => boolean> = {
  all: () => true,
  unhealthy: (one) => one.unhealthy > 0,
  notmeasured: (one) => one.notMeasured > 0,
};

export const viewOf = (search: InventorySearch): View => oneWord(search.view, VIEWS, 'all');
export const inView = (view: View, list: readonly ResourceRow[]) => list.filter(IN_VIEW[view]);

function text(one: ResourceRow): string {
  const tags = Object.entries(one.tags ?? {}).map(([name, value]) => `${name}=${value}`);
  return [one.name, one.type, one.resourceGroup, one.location, ...tags].join(' ').toLowerCase();
}

export function select(list: readonly ResourceRow[], search: InventorySearch): ResourceRow[] {
  const words = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return inView(viewOf(search), list).filter((one) => (!search.type || one.type === search.type) && words.every((word) => text(one).includes(word)));
}

/** Types with how many of each there are under the other filters, the commonest first. */
export function types(list: readonly ResourceRow[], search: InventorySearch): [string, number][] {
  const count = new Map<string, number>();
  for (const one of select(list, { ...search, type: undefined })) count.set(one.type, (count.get(one.type) ?? 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}
