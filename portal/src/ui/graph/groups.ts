/** Which nodes stand together as one: six or more alike to which one act led, and to which nothing else leads. */
export interface Link {
  from: string;
  to: string;
  /** The question that found it; empty where an alert names it. */
  question: string;
  kind: string;
}

export const ALIKE = 6;

/** Groups by their id; what somebody asked on from stays by itself. */
export function groupsOf(links: readonly Link[]): Map<string, string[]> {
  const reasons = new Map<string, Set<string>>();
  for (const { from, to, question } of links) reasons.set(to, (reasons.get(to) ?? new Set()).add(`${from}~${question}`));
  const sources = new Set(links.map((one) => one.from));
  const alike = new Map<string, Set<string>>();
  for (const { from, to, question, kind } of links) {
    if (sources.has(to) || reasons.get(to)?.size !== 1) continue;
    const id = `group:${from}~${question}~${kind}`;
    alike.set(id, (alike.get(id) ?? new Set()).add(to));
  }
  return new Map([...alike].filter(([, members]) => members.size >= ALIKE).map(([id, members]) => [id, [...members]]));
}
