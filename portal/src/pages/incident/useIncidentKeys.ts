import { useKeys, type KeyBinding } from '@app/keys';
import { TABS, type IncidentTab } from './search';

interface Runs {
  take: () => void;
  close: () => void;
  rows: () => void;
  graph: () => void;
  copyLink: () => void;
  tab: (tab: IncidentTab) => void;
  sibling: (by: number) => void;
}

function click(id: string): void {
  document.getElementById(id)?.click();
}

export function useIncidentKeys(run: Runs): void {
  const tabs: KeyBinding[] = TABS.map((tab, index) => ({
    key: String(index + 1),
    label: `tab.${tab}`,
    group: 'incident',
    run: () => run.tab(tab),
  }));
  const note = () => {
    run.tab('comments');
    setTimeout(() => document.getElementById('comment-text')?.focus(), 60);
  };
  useKeys([
    { key: 'm', label: 'keys.take', group: 'incident', run: run.take },
    { key: 'a', label: 'keys.assign', group: 'incident', run: () => click('field-owner') },
    { key: 's', label: 'keys.status', group: 'incident', run: () => click('field-status') },
    { key: 'v', label: 'keys.severity', group: 'incident', run: () => click('field-severity') },
    { key: 'l', label: 'keys.label', group: 'incident', run: () => click('field-label') },
    { key: 'n', label: 'keys.note', group: 'incident', run: note },
    { key: 'r', label: 'keys.rows', group: 'incident', run: run.rows },
    { key: 'i', label: 'keys.graph', group: 'incident', run: run.graph },
    { key: 'c', label: 'keys.close', group: 'incident', run: run.close },
    { key: 'y', label: 'keys.copyLink', group: 'incident', run: run.copyLink },
    { key: '[', label: 'keys.previous', group: 'incident', run: () => run.sibling(-1) },
    { key: ']', label: 'keys.next', group: 'incident', run: () => run.sibling(1) },
    ...tabs,
  ]);
}
