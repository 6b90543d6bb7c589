/** Where we are: tenant, subscription, resource group and workspace, asked once and kept. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { ArmList, ResourceGroup, Subscription, Tenant, WorkspaceResource } from './types';

const ARM_VERSION = { 'api-version': '2022-12-01' };
const WORKSPACE_VERSION = { 'api-version': '2022-10-01' };
export const INSIGHTS_VERSION = { 'api-version': '2023-02-01' };
export const OPS_VERSION = { 'api-version': '2026-11-01' };

export interface Workspace {
  /** ARM id, begins with a slash. */
  id: string;
  name: string;
  customerId: string;
}

export interface Places {
  tenant: Tenant | null;
  subscriptions: { subscription: Subscription; groups: ResourceGroup[]; workspaces: WorkspaceResource[] }[];
  current: Workspace;
}

async function subscriptionPlaces(subscription: Subscription) {
  const base = `/subscriptions/${subscription.subscriptionId}`;
  const [groups, workspaces] = await Promise.all([
    api<ArmList<ResourceGroup>>(`${base}/resourcegroups`, { query: ARM_VERSION }),
    api<ArmList<WorkspaceResource>>(`${base}/providers/Microsoft.OperationalInsights/workspaces`, {
      query: WORKSPACE_VERSION,
    }),
  ]);
  return { subscription, groups: groups.value, workspaces: workspaces.value };
}

async function fetchPlaces(): Promise<Places> {
  const [tenants, list] = await Promise.all([
    api<ArmList<Tenant>>('/tenants', { query: ARM_VERSION }),
    api<ArmList<Subscription>>('/subscriptions', { query: ARM_VERSION }),
  ]);
  const subscriptions = await Promise.all(list.value.map(subscriptionPlaces));
  const first = subscriptions.flatMap((s) => s.workspaces)[0];
  if (first === undefined) throw new Error('This account may read no workspace.');
  return {
    tenant: tenants.value[0] ?? null,
    subscriptions,
    current: { id: first.id, name: first.name, customerId: first.properties.customerId },
  };
}

export const placesQuery = queryOptions({
  queryKey: ['Arm', 'places'],
  queryFn: fetchPlaces,
  staleTime: Infinity,
  gcTime: Infinity,
});

export const insights = (ws: Workspace, path: string) => `${ws.id}/providers/Microsoft.SecurityInsights/${path}`;
export const ops = (ws: Workspace, path: string) => `${ws.id}/providers/Vedette.Operations/${path}`;
