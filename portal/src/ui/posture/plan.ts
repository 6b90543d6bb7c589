/** What the score would be after a set of fixes: the documented formula with other numbers put in. */
import type { Finding } from '@api/assessments';
import type { Control, Score } from '@api/posture';

/** Healthy in a control is a resource that passes all of it. */
function afterFixes(control: Control, findings: readonly Finding[], inControl: (name: string) => boolean, fixed: ReadonlySet<string>): number {
  const bad = new Set(findings.filter((one) => inControl(one.name) && !fixed.has(one.name)).map((one) => one.resource));
  const all = control.healthy + control.unhealthy;
  return all === 0 ? 0 : (control.score.max / all) * Math.max(0, all - bad.size);
}

export interface Planned extends Score {
  byControl: ReadonlyMap<string, number>;
}

/** `controlOf` gives the title of the control that a recommendation counts in; null: it does not count. */
export function planned(controls: readonly Control[], findings: readonly Finding[], controlOf: (name: string) => string | null, fixed: ReadonlySet<string>): Planned {
  const counting = controls.filter((one) => one.healthy + one.unhealthy > 0);
  const byControl = new Map(counting.map((one) => [one.name, afterFixes(one, findings, (name) => controlOf(name) === one.title, fixed)]));
  const current = [...byControl.values()].reduce((sum, points) => sum + points, 0);
  const max = counting.reduce((sum, one) => sum + one.score.max, 0);
  return { current, max, percentage: max === 0 ? 0 : current / max, byControl };
}

/** Points that each recommendation would bring if it alone were fixed everywhere. */
export function gains(controls: readonly Control[], findings: readonly Finding[], controlOf: (name: string) => string | null): Map<string, number> {
  const now = planned(controls, findings, controlOf, new Set()).current;
  const names = new Set(findings.map((one) => one.name));
  return new Map([...names].map((name) => [name, planned(controls, findings, controlOf, new Set([name])).current - now]));
}
