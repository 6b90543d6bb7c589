import { useKeys } from '@app/keys';

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
  copyLink: () => void;
  escape: () => void;
}

function click(id: string): void {
  document.getElementById(id)?.click();
}

export function useQueueKeys(run: QueueKeyRuns): void {
  useKeys([
    { key: 'j', label: 'keys.next', group: 'list', run: () => run.step(1) },
    { key: 'k', label: 'keys.previous', group: 'list', run: () => run.step(-1) },
    { key: 'Enter', label: 'keys.open', group: 'list', run: run.open },
    { key: ' ', label: 'keys.pane', group: 'list', run: run.pane },
    { key: 'x', label: 'keys.check', group: 'list', run: run.check },
    { key: 'ctrl+a', label: 'keys.checkAll', group: 'list', run: run.checkAll },
    { key: '/', label: 'keys.filter', group: 'list', run: () => document.getElementById('queue-search')?.focus() },
    { key: 'f', label: 'keys.filter', group: 'list', run: () => document.getElementById('queue-search')?.focus() },
    { key: 'q', label: 'keys.kql', group: 'list', run: run.showKql },
    { key: 'y', label: 'keys.copyLink', group: 'list', run: run.copyLink },
    { key: 'Escape', label: 'keys.closePane', group: 'list', run: run.escape },
    { key: 'm', label: 'keys.take', group: 'incident', run: run.take },
    { key: 'a', label: 'keys.assign', group: 'incident', run: () => click('field-owner') },
    { key: 's', label: 'keys.status', group: 'incident', run: () => click('field-status') },
    { key: 'v', label: 'keys.severity', group: 'incident', run: () => click('field-severity') },
    { key: 'n', label: 'keys.note', group: 'incident', run: run.note },
    { key: 'c', label: 'keys.close', group: 'incident', run: run.closeIncident },
  ]);
}
