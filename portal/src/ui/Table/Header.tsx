import { mergeClasses } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular } from '@fluentui/react-icons';
import { t } from '@i18n/t';
import { useTableStyles } from './styles';
import type { TableColumn, TableProps } from './types';

type HeaderProps<T> = Pick<TableProps<T>, 'columns' | 'checked' | 'sort' | 'sortNote' | 'onSort'> & {
  template: string;
  padding: number;
  allChecked: boolean;
  onCheckAll: (on: boolean) => void;
};

function ariaSort<T>(column: TableColumn<T>, sort: TableProps<T>['sort']) {
  if (!column.sortable) return undefined;
  if (sort?.id !== column.id) return 'none';
  return sort.desc ? 'descending' : 'ascending';
}

export function Header<T>({ columns, checked, sort, sortNote, onSort, template, padding, allChecked, onCheckAll }: HeaderProps<T>) {
  const styles = useTableStyles();
  const Arrow = sort?.desc ? ArrowDownRegular : ArrowUpRegular;
  return (
    <div role="row" aria-rowindex={1} className={styles.header} style={{ gridTemplateColumns: template, paddingLeft: padding }}>
      {checked !== undefined && (
        <div role="columnheader" className={styles.headCell}>
          <input
            type="checkbox"
            className={styles.check}
            checked={allChecked}
            aria-label={t('table.checkAll')}
            onChange={() => onCheckAll(!allChecked)}
          />
        </div>
      )}
      {columns.map((column) => (
        <div
          key={column.id}
          role="columnheader"
          aria-sort={ariaSort(column, sort)}
          className={mergeClasses(styles.headCell, column.align === 'right' && styles.headRight)}
          title={column.label}
        >
          {column.sortable ? (
            <button type="button" className={styles.sortButton} onClick={() => onSort?.(column.id)}>
              <span className={styles.ellipsis}>{column.header}</span>
              {sort?.id === column.id && <Arrow aria-hidden="true" />}
              {sort?.id === column.id && sortNote && <span className={styles.sortNote}>{sortNote}</span>}
            </button>
          ) : (
            <span className={styles.ellipsis}>{column.header}</span>
          )}
        </div>
      ))}
    </div>
  );
}
