/** Alerts, comments and changes in one order, with the gaps between them named. */
import type { Alert, Comment, HistoryEntry } from '@api/types';

export const KINDS = ['alert', 'comment', 'change'] as const;
export type TimelineKind = (typeof KINDS)[number];

export interface TimelineItem {
  kind: TimelineKind;
  time: string;
  id: string;
  alert?: Alert;
  comment?: Comment;
  change?: HistoryEntry;
}
export type TimelineEntry = TimelineItem | { kind: 'gap'; id: string; hours: number };

const HOUR = 3_600_000;

export function timeline(alerts: readonly Alert[], comments: readonly Comment[], history: readonly HistoryEntry[]): TimelineItem[] {
  const items: TimelineItem[] = [
    ...alerts.map((alert): TimelineItem => ({
      kind: 'alert',
      id: alert.properties.systemAlertId,
      time: alert.properties.startTimeUtc ?? alert.properties.timeGenerated ?? '',
      alert,
    })),
    ...comments.map((comment): TimelineItem => ({ kind: 'comment', id: comment.name, time: comment.properties.createdTimeUtc, comment })),
    ...history.map((change, index): TimelineItem => ({ kind: 'change', id: `change ${index}`, time: change.time, change })),
  ];
  return items.sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}

/** Between things more than an hour apart stands how long nothing happened. */
export function withGaps(items: readonly TimelineItem[]): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  items.forEach((item, index) => {
    const before = items[index - 1];
    const gap = before ? Date.parse(item.time) - Date.parse(before.time) : 0;
    if (gap > HOUR) entries.push({ kind: 'gap', id: `gap ${index}`, hours: Math.floor(gap / HOUR) });
    entries.push(item);
  });
  return entries;
}
