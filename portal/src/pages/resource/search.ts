import type { RawSearch } from '@app/search';

export const TABS = ['recommendations', 'configuration', 'changes'] as const;
export type ResourceTab = (typeof TABS)[number];
export interface ResourceSearch {
  tab?: ResourceTab;
}

export function validateResourceSearch(raw: RawSearch): ResourceSearch {
  return { tab: raw['tab'] as ResourceTab | undefined };
}
