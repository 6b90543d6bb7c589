/** The address as text: plain names and values, never JSON, with the marks people type left readable. */

export type RawSearch = Record<string, string | undefined>;

function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|3A|2F|20|40|5B|5D|24|3B)/g, (all, hex: string) =>
    hex === '20' ? '+' : hex === '5B' || hex === '5D' ? all : String.fromCharCode(parseInt(hex, 16)),
  );
}

export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${encode(name)}=${encode(String(value))}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

export function parseSearch(text: string): RawSearch {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Comma lists of known words; unknown ones fall out and are named in `broken`. */
export function wordList<T extends string>(text: string | undefined, known: readonly T[], broken: string[]): T[] {
  const words = (text ?? '').split(',').filter(Boolean);
  const good = words.filter((word): word is T => (known as readonly string[]).includes(word));
  broken.push(...words.filter((word) => !(known as readonly string[]).includes(word)));
  return good;
}

export function oneWord<T extends string>(text: string | undefined, known: readonly T[], fallback: T): T {
  return (known as readonly string[]).includes(text ?? '') ? (text as T) : fallback;
}

export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : undefined;
}
