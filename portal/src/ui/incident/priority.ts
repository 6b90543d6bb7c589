/**
 * Which incident to look at first. The formula is published (docs/portal.md) and its sum stands in the tooltip:
 * severity 300, 200, 100 or 0, alerts up to 20 × 2, tactics × 5, new 10, less one for each hour waited, to 48.
 */
import type { Incident, Severity } from '@api/types';

const WEIGHT: Record<Severity, number> = { High: 300, Medium: 200, Low: 100, Informational: 0 };
const HOUR = 3_600_000;

export interface Priority {
  severity: number;
  alerts: number;
  tactics: number;
  fresh: number;
  waited: number;
  sum: number;
}

export function priority(incident: Incident, now: number): Priority {
  const p = incident.properties;
  const severity = WEIGHT[p.severity] ?? 0;
  const alerts = Math.min(20, p.additionalData?.alertsCount ?? 0) * 2;
  const tactics = (p.additionalData?.tactics?.length ?? 0) * 5;
  const fresh = p.status === 'New' ? 10 : 0;
  const hours = Math.floor((now - Date.parse(p.createdTimeUtc)) / HOUR);
  const waited = -Math.min(48, Math.max(0, Number.isNaN(hours) ? 0 : hours));
  return { severity, alerts, tactics, fresh, waited, sum: severity + alerts + tactics + fresh + waited };
}
