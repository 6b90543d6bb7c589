import type { ReactNode } from 'react';

export interface TableColumn<T> {
  id: string;
  /** What the header shows; `label` is what it is called when the header is an icon. */
  header: ReactNode;
  label: string;
  /** A CSS grid track: "96px", "minmax(220px, 1fr)". */
  width: string;
  align?: 'right';
  sortable?: boolean;
  cell: (row: T) => ReactNode;
  /** Full text for the tooltip of a cell that may be cut. */
  title?: (row: T) => string | undefined;
}

export interface TableSort {
  id: string;
  desc: boolean;
}

export interface TableProps<T> {
  label: string;
  columns: TableColumn<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  rowHeight: number;
  /** Rows the server has in all; the screen reader hears it. */
  total?: number;
  padding?: number;
  minWidth?: number;
  selected?: string | null;
  onSelect?: (row: T) => void;
  onOpen?: (row: T) => void;
  checked?: ReadonlySet<string>;
  onCheck?: (keys: string[], on: boolean) => void;
  sort?: TableSort | null;
  sortNote?: string;
  onSort?: (id: string) => void;
  onCellMenu?: (row: T, columnId: string, at: { x: number; y: number }) => void;
  detail?: (row: T) => ReactNode | null;
  busy?: boolean;
  stale?: boolean;
  onEnd?: () => void;
  empty?: ReactNode;
}
