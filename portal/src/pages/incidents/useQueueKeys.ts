import { useKeys } from '@app/keys';
import { useListKeys } from '@app/useList';

export interface QueueKeyRuns {
  step: (by: number) => void;
  open: () => void;
  pane: () => void;
  check: () => void;
  checkAll: () => void;
  take: () => void;
  closeIncident: () => void;
  note: () => void;
  showKql: () => void;
  escape: () => void;
}

function click(id: string): void {
  document.getElementById(id)?.click();
}

export function useQueueKeys(run: QueueKeyRuns): void {
  useListKeys({ step: run.step, search: 'queue-search', open: run.open, showKql: run.showKql, escape: run.escape });
  useKeys([
    { key: ' ', label: 'keys.pane', group: 'list', run: run.pane },
    { key: 'x', label: 'keys.check', group: 'list', run: run.check },
    { key: 'ctrl+a', label: 'keys.checkAll', group: 'list', run: run.checkAll },
    { key: 'm', label: 'keys.take', group: 'incident', run: run.take },
    { key: 'a', label: 'keys.assign', group: 'incident', run: () => click('field-owner') },
    { key: 's', label: 'keys.status', group: 'incident', run: () => click('field-status') },
    { key: 'v', label: 'keys.severity', group: 'incident', run: () => click('field-severity') },
    { key: 'n', label: 'keys.note', group: 'incident', run: run.note },
    { key: 'c', label: 'keys.close', group: 'incident', run: run.closeIncident },
  ]);
}
