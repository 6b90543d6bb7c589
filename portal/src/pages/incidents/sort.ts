/** Sorting what is loaded. The rows are few hundreds; the server's order decides only which pages come. */
import { STATUSES, type Incident, type Severity } from '@api/types';
import { priority } from '@ui/incident/priority';
import { ownerName } from '@ui/Owner';
import type { SortColumn } from './search';

const RANK: Record<Severity, number> = { High: 3, Medium: 2, Low: 1, Informational: 0 };

type Compare = (a: Incident, b: Incident) => number;
const text = (pick: (incident: Incident) => string): Compare => (a, b) => pick(a).localeCompare(pick(b));
const number = (pick: (incident: Incident) => number): Compare => (a, b) => pick(a) - pick(b);

function compare(column: SortColumn, now: number): Compare {
  switch (column) {
    case 'priority':
      return number((one) => priority(one, now).sum);
    case 'severity':
      return number((one) => RANK[one.properties.severity]);
    case 'number':
      return number((one) => one.properties.incidentNumber);
    case 'title':
      return text((one) => one.properties.title);
    case 'status':
      return number((one) => STATUSES.indexOf(one.properties.status));
    case 'owner':
      return text((one) => ownerName(one.properties.owner) ?? '');
    case 'alerts':
      return number((one) => one.properties.additionalData?.alertsCount ?? 0);
    case 'created':
      return text((one) => one.properties.createdTimeUtc);
  }
}

/** Equal ones keep the newest first, so that the order is the same at every visit. */
export function sortIncidents(list: readonly Incident[], sort: { id: SortColumn; desc: boolean }, now: number): Incident[] {
  const by = compare(sort.id, now);
  const sign = sort.desc ? -1 : 1;
  return [...list].sort((a, b) => sign * by(a, b) || b.properties.incidentNumber - a.properties.incidentNumber);
}
