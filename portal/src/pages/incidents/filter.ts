/** The queue's state as the server's $filter, and as the KQL that asks the same of the log table. */
import type { IncidentStatus } from '@api/types';
import { allOf, anyOf, incidentWords, odataText } from '@api/odata';
import type { QueueState } from './search';

const OPEN: IncidentStatus[] = ['New', 'Active'];
const HOUR = 3_600_000;

export interface FilterContext {
  me: string;
  now: number;
  from: number | null;
  to: number | null;
}

export function viewStatus(state: QueueState): IncidentStatus[] {
  if (state.status.length > 0) return state.status;
  if (state.view === 'all') return [];
  return state.view === 'closed' ? ['Closed'] : OPEN;
}

function ownerPart(state: QueueState, me: string): string | null {
  const owner = state.owner !== 'any' ? state.owner : state.view === 'mine' ? 'me' : state.view === 'unassigned' ? 'none' : 'any';
  if (owner === 'me') return `properties/owner/objectId eq ${odataText(me)}`;
  return owner === 'none' ? 'properties/owner/objectId eq null' : null;
}

/** Minute steps, so that the same view keeps the same query key while one works. */
function stamp(ms: number): string {
  return new Date(Math.floor(ms / 60_000) * 60_000).toISOString();
}

function midnight(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

export function queueFilter(state: QueueState, context: FilterContext): string | undefined {
  const high = state.view === 'high' && state.severity.length === 0;
  return allOf([
    anyOf('properties/status', viewStatus(state)),
    anyOf('properties/severity', high ? ['High'] : state.severity),
    ownerPart(state, context.me),
    state.view === 'high' ? `properties/createdTimeUtc ge ${stamp(context.now - HOUR)}` : null,
    state.view === 'closed' ? `properties/closedTimeUtc ge ${stamp(midnight(context.now))}` : null,
    context.from === null ? null : `properties/createdTimeUtc ge ${stamp(context.from)}`,
    context.to === null ? null : `properties/createdTimeUtc le ${stamp(context.to)}`,
    incidentWords(state.words).filter,
  ]);
}

function kqlText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** The same question in KQL, for "Show KQL". */
export function queueKql(state: QueueState, meName: string): string {
  const lines = ['SecurityIncident', '| summarize arg_max(TimeGenerated, *) by IncidentNumber'];
  const among = (column: string, values: readonly string[]) => {
    if (values.length > 0) lines.push(`| where ${column} in (${values.map(kqlText).join(', ')})`);
  };
  among('Status', viewStatus(state));
  among('Severity', state.view === 'high' && state.severity.length === 0 ? ['High'] : state.severity);
  const owner = state.owner !== 'any' ? state.owner : state.view === 'mine' ? 'me' : state.view === 'unassigned' ? 'none' : 'any';
  if (owner === 'me') lines.push(`| where tostring(Owner.assignedTo) == ${kqlText(meName)}`);
  if (owner === 'none') lines.push('| where isempty(tostring(Owner.assignedTo))');
  if (state.view === 'high') lines.push('| where CreatedTime > ago(1h)');
  if (state.view === 'closed') lines.push('| where ClosedTime >= startofday(now())');
  const { filter, search } = incidentWords(state.words);
  if (filter !== null) lines.push(`| where IncidentNumber == ${filter.replace(/\D+/g, '')}`);
  for (const word of search?.split(' ') ?? []) lines.push(`| where * contains ${kqlText(word)}`);
  lines.push('| project IncidentNumber, Title, Severity, Status, Owner, CreatedTime, LastModifiedTime');
  lines.push('| sort by CreatedTime desc');
  return lines.join('\n');
}
