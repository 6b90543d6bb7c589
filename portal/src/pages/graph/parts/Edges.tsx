import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { t } from '@i18n/t';
import type { Drawing } from '@ui/graph/layout';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { when } from '@ui/time';
import type { Mark } from '../times';

const useStyles = makeStyles({
  frame: { flexGrow: 1, minWidth: 0, overflow: 'auto', padding: '6px 24px 24px' },
  table: { width: '100%', borderCollapse: 'collapse' },
  th: { textAlign: 'left', padding: '6px 12px 6px 0', fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  td: { padding: '6px 12px 6px 0', verticalAlign: 'top', overflowWrap: 'anywhere', borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  on: { backgroundColor: tokens.rowHoverBg },
});

/** The same graph as a table: what screen readers get, and whoever would rather read. */
export function Edges({ drawn, marks, chosen }: { drawn: Drawing; marks: readonly Mark[]; chosen: string | null }) {
  const styles = useStyles();
  const labels = new Map(drawn.nodes.map((one) => [one.id, one.label]));
  const timeOf = (from: string, to: string) => marks.find((mark) => mark.nodes.includes(from) && mark.nodes.includes(to))?.time;
  const cell = (id: string) => (
    <TextLink to="." search={(old: object) => ({ ...old, node: id })} replace>
      {labels.get(id)}
    </TextLink>
  );
  return (
    <div className={styles.frame} tabIndex={0} role="region" aria-label={t('graph.table')}>
      <table className={styles.table}>
        <thead>
          <tr>
            {(['graph.edgeFrom', 'graph.edgeVerb', 'graph.edgeTo', 'column.time'] as const).map((key) => (
              <th key={key} className={styles.th} scope="col">
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {drawn.lines.map((line) => {
            const time = timeOf(line.from, line.to);
            return (
              <tr key={line.id} className={mergeClasses(chosen !== null && (line.from === chosen || line.to === chosen) && styles.on)}>
                <td className={styles.td}>{cell(line.from)}</td>
                <td className={styles.td}>{line.verb || t('graph.names')}</td>
                <td className={styles.td}>{cell(line.to)}</td>
                <td className={styles.td}>{time === undefined ? '–' : when(new Date(time).toISOString())}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
