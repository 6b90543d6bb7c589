import { useState } from 'react';
import { Button, Skeleton, SkeletonItem, makeStyles, mergeClasses } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular, DocumentSearchRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { alertRowsQuery } from '@api/incidents';
import type { AlertRows } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { cellText, filledColumns, isNumber } from '../cells';
import { Failure } from '../Empty';
import { FieldList } from '../FieldList';
import { tokens } from '../theme';

const useStyles = makeStyles({
  head: { display: 'flex', alignItems: 'center', gap: '12px', padding: '4px 0 6px', fontSize: tokens.fontSizeBase200 },
  space: { flexGrow: 1 },
  table: { fontFamily: tokens.fontMono },
  note: { color: tokens.colorNeutralForeground2 },
  frame: {
    overflow: 'auto',
    maxHeight: '420px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  grid: { borderCollapse: 'collapse', minWidth: '100%', fontSize: tokens.fontSizeBase200, fontFamily: tokens.fontMono },
  th: {
    position: 'sticky',
    top: 0,
    padding: '5px 10px',
    textAlign: 'left',
    whiteSpace: 'nowrap',
    fontFamily: tokens.fontText,
    fontWeight: tokens.fontWeightSemibold,
    backgroundColor: tokens.colorNeutralBackground2,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  td: {
    padding: '4px 10px',
    maxWidth: '360px',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  right: { textAlign: 'right' },
  fields: { padding: 0 },
});

const SHOWN = 100;

function Row({ set, row, columns }: { set: AlertRows; row: AlertRows['rows'][number]; columns: number[] }) {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr>
        <td className={styles.td}>
          <Button
            size="small"
            appearance="transparent"
            icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
            aria-expanded={open}
            aria-label={t('rows.fields')}
            onClick={() => setOpen(!open)}
          />
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

function RowsTable({ set }: { set: AlertRows }) {
  const styles = useStyles();
  const columns = filledColumns(set);
  return (
    <div className={styles.frame} tabIndex={0} role="region" aria-label={t('rows.label')}>
      <table className={styles.grid}>
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
          {set.rows.slice(0, SHOWN).map((row, index) => (
            <Row key={index} set={set} row={row} columns={columns} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The rows that fired an alert, in place; they are kept with it, so retention does not take them. */
export function RawRows({ incident, alert }: { incident: string; alert: string }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(alertRowsQuery(useWorkspace(), incident, alert));
  if (error) return <Failure title={t('rows.failed')} error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <Skeleton aria-label={t('waiting')}>
        <SkeletonItem style={{ height: 96 }} />
      </Skeleton>
    );
  }
  return (
    <div data-testid="raw-rows">
      <div className={styles.head}>
        <span>{t('rows.count', { n: data.rows.length })}</span>
        {data.table && <span className={mergeClasses(styles.table, styles.note)}>{data.table}</span>}
        {data.rows.length > SHOWN && <span className={styles.note}>{t('rows.cut', { n: SHOWN })}</span>}
        <span className={styles.space} />
        {data.query && (
          <Button
            size="small"
            appearance="subtle"
            icon={<DocumentSearchRegular />}
            onClick={() => void navigate({ to: '/logs', search: { text: data.query, run: '1', t: 'all' } })}
          >
            {t('rows.openLogs')}
          </Button>
        )}
      </div>
      {data.rows.length === 0 ? <p className={styles.note}>{t('rows.none')}</p> : <RowsTable set={data} />}
    </div>
  );
}
