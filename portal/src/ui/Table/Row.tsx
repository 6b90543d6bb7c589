import { memo, type MouseEvent, type ReactNode } from 'react';
import { mergeClasses } from '@fluentui/react-components';
import { t } from '@i18n/t';
import { useTableStyles } from './styles';
import type { TableColumn } from './types';

interface RowProps<T> {
  id: string;
  row: T;
  rowKey: string;
  index: number;
  columns: TableColumn<T>[];
  template: string;
  height: number;
  padding: number;
  selected: boolean;
  active: boolean;
  checked: boolean | undefined;
  onClick: (index: number, shift: boolean) => void;
  onOpen: (index: number) => void;
  onCheck: (index: number, on: boolean, shift: boolean) => void;
  onCellMenu?: (row: T, columnId: string, at: { x: number; y: number }) => void;
  detail?: ReactNode;
}

function menuHandler<T>({ row, onCellMenu }: RowProps<T>, columnId: string) {
  if (!onCellMenu) return undefined;
  return (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onCellMenu(row, columnId, { x: event.clientX, y: event.clientY });
  };
}

/** Plain elements and memoised: unmemoised rows of Fluent controls miss frames when scrolled. */
function RowInner<T>(props: RowProps<T>) {
  const { row, index, columns, checked, selected, active } = props;
  const styles = useTableStyles();
  const onAltClick = (event: MouseEvent, columnId: string) => {
    if (!event.altKey || !props.onCellMenu) return;
    event.preventDefault();
    event.stopPropagation();
    props.onCellMenu(row, columnId, { x: event.clientX, y: event.clientY });
  };
  return (
    <>
      <div
        id={props.id}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={selected}
        data-key={props.rowKey}
        className={mergeClasses(styles.row, selected && styles.selected, active && !selected && styles.active)}
        style={{ gridTemplateColumns: props.template, height: props.height, paddingLeft: props.padding }}
        onClick={(event) => props.onClick(index, event.shiftKey)}
        onDoubleClick={() => props.onOpen(index)}
      >
        {checked !== undefined && (
          <div role="gridcell" className={styles.cell}>
            <input
              type="checkbox"
              className={styles.check}
              checked={checked}
              tabIndex={-1}
              aria-label={t('table.checkRow', { row: index + 1 })}
              onClick={(event) => {
                event.stopPropagation();
                props.onCheck(index, !checked, event.shiftKey);
              }}
              onChange={() => undefined}
            />
          </div>
        )}
        {columns.map((column) => (
          <div
            key={column.id}
            role="gridcell"
            className={mergeClasses(styles.cell, column.align === 'right' && styles.right)}
            title={column.title?.(row)}
            onClick={(event) => onAltClick(event, column.id)}
            onContextMenu={menuHandler(props, column.id)}
          >
            {column.cell(row)}
          </div>
        ))}
      </div>
      {props.detail}
    </>
  );
}

export const Row = memo(RowInner) as typeof RowInner;
