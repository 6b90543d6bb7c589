/** What several posture pages ask: where, and the recommendations with their counts and what they would bring. */
import { useMemo } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { findingsQuery, tallyQuery, type Tally } from '@api/assessments';
import { adviceQuery, controlsQuery, type Advice } from '@api/posture';
import { gains } from '@ui/posture/plan';
import { usePlaces } from './hooks';
import { useNotify } from './Notify';

export function useSubscription(): string {
  return usePlaces().subscriptions[0]?.subscription.subscriptionId ?? '';
}

/** After a decision over policies: all that hangs on it is asked again, and a toast offers to take it back. */
export function useTakeBack(): (text: string, undo: () => Promise<unknown>) => Promise<void> {
  const client = useQueryClient();
  const { notify } = useNotify();
  const changed = async () => {
    await Promise.all([client.invalidateQueries({ queryKey: ['Authorization'] }), client.invalidateQueries({ queryKey: ['Security'] })]);
  };
  return async (text, undo) => {
    await changed();
    notify({ text, undo: () => undo().then(changed) });
  };
}

export interface Recommendation {
  advice: Advice;
  tally: Tally;
  /** Points that mending it everywhere would bring. */
  gain: number;
}

/** The title of the score control in which a recommendation counts; null when it counts in none. */
export function controlOf(advice: ReadonlyMap<string, Advice> | undefined): (name: string) => string | null {
  return (name) => {
    const one = advice?.get(name);
    return one === undefined || one.preview ? null : one.control;
  };
}

export function useRecommendations() {
  const subscription = useSubscription();
  const advice = useQuery(adviceQuery);
  const tally = useQuery(tallyQuery(subscription));
  const controls = useQuery(controlsQuery(subscription));
  const findings = useQuery(findingsQuery(subscription));
  const list = useMemo(() => {
    if (!advice.data || !tally.data) return [];
    const points = gains(controls.data ?? [], findings.data ?? [], controlOf(advice.data));
    return tally.data.flatMap((one): Recommendation[] => {
      const known = advice.data.get(one.name);
      return known ? [{ advice: known, tally: one, gain: points.get(one.name) ?? 0 }] : [];
    });
  }, [advice.data, tally.data, controls.data, findings.data]);
  return {
    list,
    advice: advice.data,
    controls: controls.data,
    findings: findings.data,
    pending: advice.isPending || tally.isPending,
    busy: tally.isFetching,
    error: advice.error ?? tally.error ?? controls.error ?? findings.error,
    refetch: () => void Promise.all([advice.refetch(), tally.refetch(), controls.refetch(), findings.refetch()]),
  };
}
