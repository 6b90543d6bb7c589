/** OData text: quotes are doubled, nothing else is special. */
export function odataText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** What is typed into a search of incidents: "#12", or a number alone, is an incident; all else stands anywhere in one. */
export function incidentWords(text: string): { filter: string | null; search: string | undefined } {
  const words = text.split(/\s+/).filter(Boolean);
  const numbers = words.filter((word) => /^#\d+$/.test(word) || (words.length === 1 && /^\d+$/.test(word)));
  const rest = words.filter((word) => !numbers.includes(word));
  return {
    filter: numbers.length === 0 ? null : numbers.map((word) => `properties/incidentNumber eq ${word.replace('#', '')}`).join(' and '),
    search: rest.length === 0 ? undefined : rest.join(' '),
  };
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
