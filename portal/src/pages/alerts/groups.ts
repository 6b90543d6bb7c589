/** Alerts as one line for each rule or thing, which opens to what stands in it. */
import type { Finding } from '@api/alerts';
import { SEVERITIES, type Severity } from '@api/types';

export const GROUPINGS = ['none', 'rule', 'entity'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Heap {
  heap: string;
  title: string;
  open: boolean;
  count: number;
  /** The worst of them. */
  severity: Severity;
  newest: string;
  /** How many different things, or rules, they are about. */
  others: number;
}
export type Line = Finding | Heap;

export const isHeap = (line: Line): line is Heap => 'heap' in line;
export const keyOf = (line: Line): string => (isHeap(line) ? `heap ${line.heap}` : line.name);

/** What an analyst calls the rule: its name, else what made the alert. */
export function ruleName(one: Finding): string {
  return one.properties.extendedProperties?.['Analytic Rule Name'] || one.properties.productName || '';
}

const thing = (one: Finding) => one.properties.compromisedEntity || '–';
const BY: Record<Exclude<Grouping, 'none'>, { key: (one: Finding) => string; title: (one: Finding) => string; other: (one: Finding) => string }> = {
  rule: { key: (one) => one.properties.alertType, title: ruleName, other: thing },
  entity: { key: (one) => thing(one).toLowerCase(), title: thing, other: (one) => one.properties.alertType },
};

/** Groups in the order of their newest alert, as the list is; what is alone stays a line of its own. */
export function linesOf(rows: readonly Finding[], by: Grouping, open: ReadonlySet<string>): Line[] {
  if (by === 'none') return [...rows];
  const { key, title, other } = BY[by];
  const heaps = new Map<string, Finding[]>();
  for (const one of rows) heaps.set(key(one), [...(heaps.get(key(one)) ?? []), one]);
  return [...heaps].flatMap(([heap, members]): Line[] => {
    const [first] = members;
    if (!first || members.length === 1) return members;
    const isOpen = open.has(heap);
    const severity = SEVERITIES.find((each) => members.some((one) => one.properties.severity === each)) ?? first.properties.severity;
    const head: Heap = { heap, title: title(first), open: isOpen, count: members.length, severity, newest: first.properties.timeGeneratedUtc, others: new Set(members.map(other)).size };
    return isOpen ? [head, ...members] : [head];
  });
}
