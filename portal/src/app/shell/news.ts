/** Which incidents came after what was seen last. Somebody who never looked has seen nothing. */
import type { Incident } from '@api/types';

export function unseen(list: readonly Incident[], seen: string | null): ReadonlySet<string> {
  return new Set(list.filter(({ properties }) => seen === null || Date.parse(properties.createdTimeUtc) > Date.parse(seen)).map((one) => one.name));
}
