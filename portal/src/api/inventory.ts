/** What there is: Resource Graph's resources, one resource, and what changed. */
import { queryOptions } from '@tanstack/react-query';
import { RISK_RANK } from './assessments';
import { graph, kqlText } from './posture';

export interface ResourceRow {
  id: string;
  name: string;
  type: string;
  location: string;
  resourceGroup: string;
  tags: Record<string, string> | null;
  unhealthy: number;
  healthy: number;
  notMeasured: number;
  high: number;
  /** The worst level among its recommendations: a place in RISK_LEVELS. */
  risk: number;
  exposed: boolean;
}
export interface ResourceDocument {
  id: string;
  name: string;
  type: string;
  location: string;
  resourceGroup: string;
  tags: Record<string, string> | null;
  properties: unknown;
}
export interface ResourceChange {
  properties: {
    timeStamp: string;
    changeType: string;
    changes: Record<string, { previousValue?: unknown; newValue?: unknown; propertyChangeType?: string }>;
    changeAttributes?: { changedBy?: string; changesCount?: number };
  };
}

/** The inventory page as a query: every resource, healthy ones too, with what is wrong on it. */
export const INVENTORY_KQL = `resources
| project id, name, type, location, resourceGroup, tags, key = tolower(id)
| join kind=leftouter (
    securityresources
    | where type =~ 'microsoft.security/assessments'
    | extend key = tolower(tostring(properties.resourceDetails.id)), code = tostring(properties.status.code), level = tostring(properties.risk.level)
    | summarize unhealthy = countif(code == 'Unhealthy'), healthy = countif(code == 'Healthy'), notMeasured = countif(tostring(properties.status.cause) == 'NotMeasured'),
        high = countif(code == 'Unhealthy' and tostring(properties.metadata.severity) == 'High'),
        risk = max(${RISK_RANK}), exposed = countif(tostring(properties.risk.riskFactors) has 'InternetExposure') by key
  ) on key
| project id, name, type, location, resourceGroup, tags, unhealthy = coalesce(unhealthy, 0), healthy = coalesce(healthy, 0),
    notMeasured = coalesce(notMeasured, 0), high = coalesce(high, 0), risk = coalesce(risk, 0), exposed = coalesce(exposed, 0) > 0
| order by risk desc, unhealthy desc, name asc`;

export const inventoryQuery = (subscription: string) =>
  queryOptions({
    queryKey: ['Security', 'inventory', subscription],
    queryFn: ({ signal }) => graph<ResourceRow>(subscription, INVENTORY_KQL, signal),
    staleTime: 15_000,
  });

export const resourceQuery = (subscription: string, id: string) =>
  queryOptions({
    queryKey: ['Security', 'resource', subscription, id.toLowerCase()],
    queryFn: async ({ signal }) => {
      const found = await graph<ResourceDocument>(subscription, `resources | where id =~ ${kqlText(id)} | project id, name, type, location, resourceGroup, tags, properties`, signal);
      return found[0] ?? null;
    },
    staleTime: 15_000,
  });

export const changesQuery = (subscription: string, id: string) =>
  queryOptions({
    queryKey: ['Security', 'changes', subscription, id.toLowerCase()],
    queryFn: ({ signal }) =>
      graph<ResourceChange>(
        subscription,
        `resourcechanges | where tostring(properties.targetResourceId) =~ ${kqlText(id)} | order by todatetime(properties.timeStamp) desc | take 200 | project properties`,
        signal,
      ),
    staleTime: 15_000,
  });
