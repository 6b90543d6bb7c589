/**
 * The table of lists and results: virtual rows on a CSS grid, one tab stop, arrows inside.
 * TanStack Table keeps the row model, TanStack Virtual says which rows exist.
 */
import { useCallback, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { ProgressBar, mergeClasses } from '@fluentui/react-components';
import { getCoreRowModel, useReactTable, type ColumnDef } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Header } from './Header';
import { Row } from './Row';
import { stepIndex } from './step';
import { useTableStyles } from './styles';
import type { TableProps } from './types';

const CHECK_TRACK = '28px';

export function Table<T>(props: TableProps<T>) {
  const { columns, rows, rowKey, rowHeight, checked, selected, padding = 24, onEnd } = props;
  const styles = useTableStyles();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState(-1);
  const lastChecked = useRef(-1);
  const defs = useMemo<ColumnDef<T>[]>(() => columns.map((column) => ({ id: column.id, meta: column })), [columns]);
  const model = useReactTable<T>({ data: rows as T[], columns: defs, getCoreRowModel: getCoreRowModel(), getRowId: rowKey });
  const list = model.getRowModel().rows;
  const template = `${checked ? `${CHECK_TRACK} ` : ''}${columns.map((column) => column.width).join(' ')}`;
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => list[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const lastIndex = items[items.length - 1]?.index ?? 0;

  useEffect(() => virtual.measure(), [rowHeight, virtual]);
  useEffect(() => {
    if (onEnd && list.length > 0 && lastIndex >= list.length - 20) onEnd();
  }, [lastIndex, list.length, onEnd]);
  const selectedIndex = selected == null ? -1 : list.findIndex((row) => row.id === selected);
  useEffect(() => {
    if (selectedIndex >= 0) virtual.scrollToIndex(selectedIndex, { align: 'auto' });
  }, [selectedIndex, virtual]);

  const latest = useRef({ props, list });
  latest.current = { props, list };
  const at = (index: number) => latest.current.list[index]?.original;
  const onClick = useCallback((index: number) => {
    setCursor(index);
    const row = at(index);
    if (row !== undefined) latest.current.props.onSelect?.(row);
  }, []);
  const onOpen = useCallback((index: number) => {
    const row = at(index);
    if (row !== undefined) latest.current.props.onOpen?.(row);
  }, []);
  const onCheck = useCallback((index: number, on: boolean, shift: boolean) => {
    const [from, to] = shift && lastChecked.current >= 0 ? [lastChecked.current, index].sort((a, b) => a - b) : [index, index];
    lastChecked.current = index;
    latest.current.props.onCheck?.(latest.current.list.slice(from, (to ?? index) + 1).map((row) => row.id), on);
  }, []);

  const current = selectedIndex >= 0 ? selectedIndex : cursor;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const next = stepIndex(event.key, current, list.length, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight));
    if (next !== null) {
      event.preventDefault();
      setCursor(next);
      virtual.scrollToIndex(next);
      if (selected !== undefined) onClick(next);
    } else if (event.key === 'Enter' && current >= 0) onOpen(current);
    else if (event.key === ' ' && current >= 0) {
      event.preventDefault();
      onClick(current);
    }
  };

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={(props.total ?? list.length) + 1}
      aria-busy={props.busy || undefined}
      aria-multiselectable={checked ? true : undefined}
      aria-activedescendant={current >= 0 ? `${id}${current}` : undefined}
      tabIndex={0}
      className={styles.scroller}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" style={{ minWidth: props.minWidth }}>
        <Header
          {...props}
          template={template}
          padding={padding}
          allChecked={list.length > 0 && list.every((row) => checked?.has(row.id))}
          onCheckAll={(on) => props.onCheck?.(list.map((row) => row.id), on)}
        />
      </div>
      {props.busy && <div className={styles.bar}><ProgressBar thickness="medium" aria-label={props.label} /></div>}
      {list.length === 0 && props.empty && (
        <div role="rowgroup">
          <div role="row">
            <div role="gridcell">{props.empty}</div>
          </div>
        </div>
      )}
      <div
        role="rowgroup"
        className={mergeClasses(styles.body, props.stale && styles.faded)}
        style={{ height: virtual.getTotalSize(), minWidth: props.minWidth }}
      >
        {items.map((item) => {
          const row = list[item.index];
          if (!row) return null;
          return (
            <div
              key={item.key}
              role="presentation"
              ref={props.detail ? virtual.measureElement : undefined}
              data-index={item.index}
              className={styles.slot}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Row
                id={`${id}${item.index}`}
                row={row.original}
                rowKey={row.id}
                index={item.index}
                columns={columns}
                template={template}
                height={rowHeight}
                padding={padding}
                selected={row.id === selected}
                active={item.index === cursor}
                checked={checked?.has(row.id)}
                onClick={onClick}
                onOpen={onOpen}
                onCheck={onCheck}
                onCellMenu={props.onCellMenu}
                detail={props.detail?.(row.original)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
