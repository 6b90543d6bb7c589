/** The address of the alerts: view, filters, words, what is looked at. Unknown values fall back and are named. */
import { ALERT_STATUSES, type AlertStatus } from '@api/alerts';
import { allOf, anyOf, odataText } from '@api/odata';
import { SEVERITIES, type Severity } from '@api/types';
import { oneWord, wordList, type RawSearch } from '@app/search';
import { TACTICS } from '@ui/tactics';
import { GROUPINGS, type Grouping } from './groups';

export const VIEWS = ['open', 'loose', 'suppressed', 'all'] as const;
export type View = (typeof VIEWS)[number];

export interface AlertsSearch {
  view?: View;
  status?: string;
  sev?: string;
  tactic?: string;
  rule?: string;
  q?: string;
  group?: Grouping;
  sel?: string;
  t?: string;
}

export interface AlertsState {
  view: View;
  status: AlertStatus[];
  severity: Severity[];
  tactics: string[];
  rule: string | null;
  words: string;
  group: Grouping;
  selected: string | null;
  broken: string[];
}

const lower = (words: readonly string[]) => words.map((word) => word.toLowerCase());

export function validateAlertsSearch(raw: RawSearch): AlertsSearch {
  return { view: raw['view'] as View | undefined, status: raw['status'], sev: raw['sev'], tactic: raw['tactic'], rule: raw['rule'], q: raw['q'], group: raw['group'] as Grouping | undefined, sel: raw['sel'], t: raw['t'] };
}

export function alertsState(search: AlertsSearch): AlertsState {
  const broken: string[] = [];
  const known = <T extends string>(text: string | undefined, words: readonly T[]): T[] => {
    const good = wordList(text, lower(words), broken);
    return words.filter((word) => good.includes(word.toLowerCase()));
  };
  const view = oneWord(search.view, VIEWS, 'open');
  if (search.view !== undefined && search.view !== view) broken.push(search.view);
  return {
    view,
    status: known(search.status, ALERT_STATUSES),
    severity: known(search.sev, SEVERITIES),
    tactics: known(search.tactic, TACTICS),
    rule: search.rule ?? null,
    words: search.q ?? '',
    group: oneWord(search.group, GROUPINGS, 'none'),
    selected: search.sel ?? null,
    broken,
  };
}

export const NO_FILTERS: AlertsSearch = { status: undefined, sev: undefined, tactic: undefined, rule: undefined, q: undefined };

export function filterCount(state: AlertsState): number {
  return [state.status.length, state.severity.length, state.tactics.length, state.rule, state.words].filter(Boolean).length;
}

export function viewStatus(state: AlertsState): AlertStatus[] {
  if (state.status.length > 0) return state.status;
  return state.view === 'open' || state.view === 'loose' ? ['Active', 'InProgress'] : [];
}

function word(text: string): string {
  const found = odataText(text);
  return `(contains(properties/alertDisplayName, ${found}) or contains(properties/compromisedEntity, ${found}) or contains(properties/description, ${found}))`;
}

function tacticsPart(tactics: readonly string[]): string | null {
  const parts = tactics.map((one) => `properties/tactics/any(l: l eq ${odataText(one)})`);
  return parts.length > 1 ? `(${parts.join(' or ')})` : (parts[0] ?? null);
}

export interface Ends {
  from: number | null;
  to: number | null;
}
/** Minute steps, so that the same view keeps the same query key while one works. */
const stamp = (ms: number) => new Date(Math.floor(ms / 60_000) * 60_000).toISOString();

export function alertsFilter(state: AlertsState, { from, to }: Ends): string | undefined {
  return allOf([
    state.view === 'loose' ? 'properties/incidentNumber eq 0' : null,
    state.view === 'suppressed' ? 'properties/suppressionRule ne null' : null,
    anyOf('properties/status', viewStatus(state)),
    anyOf('properties/severity', state.severity),
    tacticsPart(state.tactics),
    state.rule === null ? null : `properties/alertType eq ${odataText(state.rule)}`,
    from === null ? null : `properties/timeGeneratedUtc ge ${stamp(from)}`,
    to === null ? null : `properties/timeGeneratedUtc le ${stamp(to)}`,
    ...state.words.split(/\s+/).filter(Boolean).map(word),
  ]);
}

const kqlText = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const KQL_STATUS: Record<AlertStatus, string> = { Active: 'New', InProgress: 'InProgress', Resolved: 'Resolved', Dismissed: 'Dismissed' };

/** The same question in KQL, for "Show KQL". */
export function alertsKql(state: AlertsState): string {
  const lines = ['SecurityAlert', '| summarize arg_max(TimeGenerated, *) by SystemAlertId'];
  const among = (column: string, values: readonly string[]) => {
    if (values.length > 0) lines.push(`| where ${column} in (${values.map(kqlText).join(', ')})`);
  };
  among('Status', viewStatus(state).map((one) => KQL_STATUS[one]));
  among('AlertSeverity', state.severity);
  if (state.tactics.length > 0) lines.push(`| where Tactics has_any (${state.tactics.map(kqlText).join(', ')})`);
  if (state.rule !== null) lines.push(`| where AlertType has ${kqlText(state.rule)}`);
  for (const one of state.words.split(/\s+/).filter(Boolean)) lines.push(`| where DisplayName contains ${kqlText(one)} or CompromisedEntity contains ${kqlText(one)} or Description contains ${kqlText(one)}`);
  if (state.view === 'loose') {
    lines.push('| join kind=leftanti (SecurityIncident | summarize arg_max(TimeGenerated, *) by IncidentNumber | mv-expand Alert = AlertIds to typeof(string)) on $left.SystemAlertId == $right.Alert');
  }
  if (state.view === 'suppressed') lines.push('| where ExtendedProperties has "Suppression Rule"');
  return [...lines, '| project TimeGenerated, AlertSeverity, DisplayName, CompromisedEntity, Tactics, Status, SystemAlertId', '| sort by TimeGenerated desc'].join('\n');
}
