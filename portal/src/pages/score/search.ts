/** The score's address: how far back, which control is open, which fixes are being thought about. */
import { type RawSearch } from '@app/search';

export const DAYS = [30, 90, 365] as const;
export interface ScoreSearch {
  days?: number;
  control?: string;
  plan?: string;
}

export function validateScoreSearch(raw: RawSearch): ScoreSearch {
  return { days: raw['days'] === undefined ? undefined : Number(raw['days']), control: raw['control'], plan: raw['plan'] };
}

export function days(search: ScoreSearch): number {
  return (DAYS as readonly number[]).includes(search.days ?? 0) ? (search.days ?? 30) : 30;
}

export function plan(search: ScoreSearch): Set<string> {
  return new Set((search.plan ?? '').split(',').filter((one) => /^[\w-]{1,64}$/.test(one)));
}
