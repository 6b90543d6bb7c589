/** Rules that raise alerts, and the templates they are made of, in ARM's form. */
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api } from './client';
import type { ArmList, Severity } from './types';
import { INSIGHTS_VERSION, insights, type Workspace } from './workspace';

export interface RuleProperties {
  displayName: string;
  description?: string;
  severity: Severity;
  query: string;
  /** ISO 8601; rules of the kind NRT have none of the four. */
  queryFrequency?: string;
  queryPeriod?: string;
  triggerOperator?: string;
  triggerThreshold?: number;
  tactics?: string[];
  techniques?: string[];
  /** Templates have none. */
  enabled?: boolean;
  suppressionEnabled?: boolean;
  suppressionDuration?: string;
  alertRuleTemplateName?: string | null;
  templateVersion?: string | null;
  [more: string]: unknown;
}
export interface AnalyticRule {
  name: string;
  etag?: string;
  kind: string;
  properties: RuleProperties;
}
export interface RuleTemplate {
  name: string;
  kind: string;
  properties: RuleProperties;
}

export const rulesQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: ['SecurityInsights', 'alertRules', ws.id],
    queryFn: async ({ signal }) => (await api<ArmList<AnalyticRule>>(insights(ws, 'alertRules'), { signal, query: INSIGHTS_VERSION })).value,
    staleTime: 30_000,
  });

export const templatesQuery = (ws: Workspace) =>
  queryOptions({
    queryKey: ['SecurityInsights', 'alertRuleTemplates', ws.id],
    queryFn: async ({ signal }) => (await api<ArmList<RuleTemplate>>(insights(ws, 'alertRuleTemplates'), { signal, query: INSIGHTS_VERSION })).value,
    staleTime: 60_000,
  });

export const putRule = (ws: Workspace, rule: AnalyticRule): Promise<AnalyticRule> =>
  api<AnalyticRule>(insights(ws, `alertRules/${rule.name}`), { method: 'PUT', query: INSIGHTS_VERSION, body: { kind: rule.kind, etag: rule.etag, properties: rule.properties } });

export const deleteRule = (ws: Workspace, name: string): Promise<void> => api<void>(insights(ws, `alertRules/${name}`), { method: 'DELETE', query: INSIGHTS_VERSION });

export function refreshRules(client: QueryClient, ws: Workspace): void {
  void client.invalidateQueries({ queryKey: rulesQuery(ws).queryKey });
  void client.invalidateQueries({ queryKey: templatesQuery(ws).queryKey });
}

/** A rule as a template would have it; what only templates have stays behind. */
export function ruleOf(template: RuleTemplate): AnalyticRule {
  const { status: _status, alertRulesCreatedByTemplateCount: _count, version, requiredDataConnectors: _connectors, createdDateUTC: _made, lastUpdatedDateUTC: _updated, ...properties } = template.properties;
  return {
    name: crypto.randomUUID(),
    kind: template.kind,
    properties: {
      suppressionEnabled: false,
      suppressionDuration: 'PT5H',
      ...properties,
      enabled: true,
      alertRuleTemplateName: template.name,
      templateVersion: typeof version === 'string' ? version : undefined,
    },
  };
}

export function emptyRule(): AnalyticRule {
  return {
    name: crypto.randomUUID(),
    kind: 'Scheduled',
    properties: { displayName: '', description: '', severity: 'Medium', query: '', queryFrequency: 'PT5M', queryPeriod: 'PT5M', triggerOperator: 'GreaterThan', triggerThreshold: 0, tactics: [], techniques: [], enabled: true, suppressionEnabled: false, suppressionDuration: 'PT5H' },
  };
}
