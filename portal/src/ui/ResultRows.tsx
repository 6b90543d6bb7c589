import { useState } from 'react';
import { Button, makeStyles, mergeClasses } from '@fluentui/react-components';
import { BookmarkAddRegular, ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import type { RowSet } from '@api/types';
import { t } from '@i18n/t';
import { BookmarkDialog } from './BookmarkDialog';
import { cellText, filledColumns, isNumber } from './cells';
import { FieldList } from './FieldList';
import { tokens } from './theme';

const useStyles = makeStyles({
  frame: { overflow: 'auto', border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground1, ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` } },
  table: { borderCollapse: 'collapse', minWidth: '100%', fontSize: tokens.fontSizeBase200, fontFamily: tokens.fontMono },
  th: { position: 'sticky', top: 0, zIndex: 1, padding: '5px 10px', textAlign: 'left', whiteSpace: 'nowrap', fontFamily: tokens.fontText, fontWeight: tokens.fontWeightSemibold, backgroundColor: tokens.colorNeutralBackground2, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  td: { padding: '3px 10px', maxWidth: '360px', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  acts: { whiteSpace: 'nowrap', padding: '2px 4px' },
  right: { textAlign: 'right' },
  fields: { padding: 0 },
});

interface RowProps {
  set: RowSet;
  row: RowSet['rows'][number];
  columns: number[];
  onKeep?: (() => void) | undefined;
}

function Row({ set, row, columns, onKeep }: RowProps) {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr>
        <td className={mergeClasses(styles.td, styles.acts)}>
          <Button size="small" appearance="transparent" icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />} aria-expanded={open} aria-label={t('rows.fields')} onClick={() => setOpen(!open)} />
          {onKeep && <Button size="small" appearance="transparent" icon={<BookmarkAddRegular />} aria-label={t('bookmark.row')} title={t('bookmark.row')} onClick={onKeep} />}
        </td>
        {columns.map((index) => {
          const type = set.columns[index]?.type ?? 'string';
          const text = cellText(row[index], type);
          return (
            <td key={index} className={mergeClasses(styles.td, isNumber(type) && styles.right)} title={text}>
              {text}
            </td>
          );
        })}
      </tr>
      {open && (
        <tr>
          <td className={styles.fields} colSpan={columns.length + 1}>
            <FieldList set={set} row={row} />
          </td>
        </tr>
      )}
    </>
  );
}

interface ResultRowsProps {
  set: RowSet;
  label: string;
  height: string;
  /** Where the rows come from; with it they may be kept as bookmarks. */
  query?: string;
  tactics?: string[];
  techniques?: string[];
}

/** Rows of a result, each of which opens as fields. */
export function ResultRows({ set, query, label, height, tactics, techniques }: ResultRowsProps) {
  const styles = useStyles();
  const [kept, setKept] = useState<number | null>(null);
  const columns = filledColumns(set);
  const row = kept === null ? undefined : set.rows[kept];
  return (
    <div className={styles.frame} style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th className={styles.th} scope="col">
              <span className="visually-hidden">{t('rows.fields')}</span>
            </th>
            {columns.map((index) => (
              <th key={index} className={styles.th} scope="col">
                {set.columns[index]?.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {set.rows.map((cells, at) => (
            <Row key={at} set={set} row={cells} columns={columns} onKeep={query === undefined ? undefined : () => setKept(at)} />
          ))}
        </tbody>
      </table>
      {row && query !== undefined && <BookmarkDialog set={set} row={row} query={query} tactics={tactics} techniques={techniques} onDone={() => setKept(null)} />}
    </div>
  );
}
