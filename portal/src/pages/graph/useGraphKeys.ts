import { useKeys, type KeyBinding } from '@app/keys';

interface Runs {
  walk: (key: string) => void;
  explore: () => void;
  fold: () => void;
  hide: () => void;
  fit: () => void;
  zoom: () => void;
  table: () => void;
  copyLink: () => void;
  leave: () => void;
}

export function useGraphKeys(run: Runs): void {
  const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].map(
    (key): KeyBinding => ({ key, label: 'keys.walk', group: 'graph', run: () => run.walk(key) }),
  );
  useKeys([
    ...arrows,
    { key: '+', label: 'keys.explore', group: 'graph', run: run.explore },
    { key: '-', label: 'keys.fold', group: 'graph', run: run.fold },
    { key: 'h', label: 'keys.hide', group: 'graph', run: run.hide },
    { key: 'f', label: 'keys.fit', group: 'graph', run: run.fit },
    { key: 'z', label: 'keys.zoom', group: 'graph', run: run.zoom },
    { key: 'o', label: 'keys.table', group: 'graph', run: run.table },
    { key: 'y', label: 'keys.copyLink', group: 'graph', run: run.copyLink },
    { key: 'Escape', label: 'keys.closePane', group: 'graph', run: run.leave },
  ]);
}
