import { t } from '@i18n/t';
import type { Places } from '@api/workspace';

export interface ScopeNode {
  id: string;
  name: string;
  depth: number;
}

/** The tree as a list in reading order; depth 0 is everything the account may read. */
export function scopeTree(places: Places): ScopeNode[] {
  const nodes: ScopeNode[] = [
    { id: '/', name: places.tenant?.displayName ? `${t('scope.all')} (${places.tenant.displayName})` : t('scope.all'), depth: 0 },
  ];
  for (const { subscription, groups } of places.subscriptions) {
    const id = `/subscriptions/${subscription.subscriptionId}`;
    nodes.push({ id, name: subscription.displayName, depth: 1 });
    for (const group of groups) nodes.push({ id: `${id}/resourceGroups/${group.name}`, name: group.name, depth: 2 });
  }
  return nodes;
}

export function findScope(nodes: ScopeNode[], id: string | undefined): ScopeNode | undefined {
  return nodes.find((node) => node.id === id) ?? nodes[0];
}
