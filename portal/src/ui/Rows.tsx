import { makeStyles } from '@fluentui/react-components';
import type { Exploration } from '@api/investigate';
import { t } from '@i18n/t';
import { tokens } from './theme';

const useStyles = makeStyles({
  scroll: { overflowX: 'auto', maxHeight: '360px', overflowY: 'auto', border: `1px solid ${tokens.colorNeutralStroke2}` },
  table: { borderCollapse: 'collapse', fontSize: tokens.fontSizeBase200 },
  th: { textAlign: 'left', padding: '4px 10px', position: 'sticky', top: 0, backgroundColor: tokens.colorNeutralBackground2, whiteSpace: 'nowrap' },
  td: { padding: '3px 10px', borderTop: `1px solid ${tokens.colorNeutralStroke3}`, fontFamily: tokens.fontMono, whiteSpace: 'nowrap', maxWidth: '420px', overflow: 'hidden', textOverflow: 'ellipsis' },
  marked: { backgroundColor: tokens.rowHoverBg },
  query: { margin: '8px 0', padding: '8px', fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', backgroundColor: tokens.colorNeutralBackground2 },
  none: { color: tokens.colorNeutralForeground3 },
});

const text = (cell: unknown) => (cell === null || cell === undefined ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell));

/** What a query answered, as it stands, and the query itself. `marked` are rows that something is drawn from. */
export function Rows({ result, marked = [] }: { result: Exploration; marked?: number[] }) {
  const styles = useStyles();
  return (
    <>
      {result.rows.length === 0 && <p className={styles.none}>{t('explore.nothing')}</p>}
      {result.rows.length > 0 && (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={result.title}>
          <table className={styles.table}>
            <thead>
              <tr>
                {result.columns.map((column) => (
                  <th key={column.name} className={styles.th} scope="col">
                    {column.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {result.rows.map((row, index) => (
                <tr key={index} className={marked.includes(index) ? styles.marked : undefined}>
                  {row.map((cell, at) => (
                    <td key={at} className={styles.td} title={text(cell)}>
                      {text(cell)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <details>
        <summary>{t('explore.kql')}</summary>
        <pre className={styles.query} tabIndex={0}>
          {result.query}
        </pre>
      </details>
    </>
  );
}
