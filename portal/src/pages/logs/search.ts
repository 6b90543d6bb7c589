/** The address of Logs is the query: deflated in `q`, or plain in `text` for links made by hand or by pages. */
import type { RawSearch } from '@app/search';

export const LOG_VIEWS = ['results', 'chart', 'stats', 'json'] as const;
export type LogsView = (typeof LOG_VIEWS)[number];

export interface LogsSearch {
  q?: string;
  text?: string;
  t?: string;
  run?: '1';
  view?: LogsView;
}

export function validateLogsSearch(raw: RawSearch): LogsSearch {
  return {
    q: raw['q'],
    text: raw['text'],
    t: raw['t'],
    run: raw['run'] === '1' ? '1' : undefined,
    view: (LOG_VIEWS as readonly string[]).includes(raw['view'] ?? '') ? (raw['view'] as LogsView) : undefined,
  };
}
