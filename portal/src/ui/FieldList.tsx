import { makeStyles } from '@fluentui/react-components';
import type { Cell, RowSet } from '@api/types';
import { cellText, filledColumns } from './cells';
import { tokens } from './theme';

const useStyles = makeStyles({
  list: {
    display: 'grid',
    gridTemplateColumns: 'minmax(140px, auto) minmax(0, 1fr)',
    columnGap: '16px',
    rowGap: '2px',
    padding: '10px 24px 14px 48px',
    margin: 0,
    fontSize: tokens.fontSizeBase200,
    lineHeight: '18px',
    backgroundColor: tokens.colorNeutralBackground2,
    color: tokens.colorNeutralForeground1,
    whiteSpace: 'normal',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  name: { color: tokens.colorNeutralForeground2 },
  value: { fontFamily: tokens.fontMono, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' },
});

function pretty(value: Cell | undefined, type: string): string {
  if (type !== 'dynamic' || typeof value !== 'string') return cellText(value, type);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

/** One row as its fields: only those that hold something. */
export function FieldList({ set, row }: { set: RowSet; row: Cell[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.list}>
      {filledColumns({ columns: set.columns, rows: [row] }).map((index) => {
        const column = set.columns[index];
        if (!column) return null;
        return [
          <dt key={`${column.name} name`} className={styles.name}>
            {column.name}
          </dt>,
          <dd key={`${column.name} value`} className={styles.value}>
            {pretty(row[index], column.type)}
          </dd>,
        ];
      })}
    </dl>
  );
}
