/** OData text: quotes are doubled, nothing else is special. */
export function odataText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** One word of a search: a number is an incident's number, anything else stands in the title or names an entity. */
export function incidentWord(word: string): string {
  if (/^#?\d+$/.test(word)) return `properties/incidentNumber eq ${word.replace('#', '')}`;
  const text = odataText(word);
  return `(contains(properties/title, ${text}) or contains(properties/entities, ${text}))`;
}

export function anyOf(field: string, values: readonly string[]): string | null {
  if (values.length === 0) return null;
  const parts = values.map((value) => `${field} eq ${odataText(value)}`);
  return parts.length === 1 ? (parts[0] ?? null) : `(${parts.join(' or ')})`;
}

export function allOf(parts: readonly (string | null)[]): string | undefined {
  const some = parts.filter((part): part is string => part !== null && part !== '');
  return some.length === 0 ? undefined : some.join(' and ');
}
