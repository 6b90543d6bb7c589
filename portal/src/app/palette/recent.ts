/** Incidents opened lately, newest first; only for the palette of this browser. */
export interface Recent {
  number: number;
  title: string;
}
const STORE = 'vedette.recent';
const KEPT = 5;

export function readRecent(): Recent[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(STORE) ?? '[]');
    if (!Array.isArray(list)) return [];
    return (list as Recent[]).filter((one) => typeof one.number === 'number' && typeof one.title === 'string').slice(0, KEPT);
  } catch {
    return [];
  }
}

export function addRecent(entry: Recent): void {
  const list = [entry, ...readRecent().filter((one) => one.number !== entry.number)].slice(0, KEPT);
  localStorage.setItem(STORE, JSON.stringify(list));
}
