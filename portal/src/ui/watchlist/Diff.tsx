import { useState } from 'react';
import { Tab, TabList, makeStyles, mergeClasses } from '@fluentui/react-components';
import type { WatchlistChange, WatchlistDiff } from '@api/watchlists';
import { t, type MessageKey } from '@i18n/t';
import { tokens } from '../theme';

const useStyles = makeStyles({
  frame: { minHeight: '120px', maxHeight: '260px', overflow: 'auto', border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium },
  table: { borderCollapse: 'collapse', minWidth: '100%', fontSize: tokens.fontSizeBase200, fontFamily: tokens.fontMono },
  th: { position: 'sticky', top: 0, textAlign: 'left', padding: '4px 10px', fontFamily: tokens.fontText, fontWeight: tokens.fontWeightSemibold, backgroundColor: tokens.colorNeutralBackground2, whiteSpace: 'nowrap' },
  td: { padding: '3px 10px', borderTop: `1px solid ${tokens.colorNeutralStroke3}`, whiteSpace: 'nowrap', maxWidth: '280px', overflow: 'hidden', textOverflow: 'ellipsis' },
  was: { textDecorationLine: 'line-through', color: tokens.colorNeutralForeground3 },
  none: { padding: '12px', color: tokens.colorNeutralForeground2 },
  bad: { padding: '6px 12px', overflowWrap: 'anywhere' },
});

const KINDS = ['added', 'changed', 'removed', 'bad'] as const;
type Kind = (typeof KINDS)[number];
const SHOWN = 100;

const kindOf = ({ was, became }: WatchlistChange): Kind => (was === null ? 'added' : became === null ? 'removed' : 'changed');

function Cells({ change, index }: { change: WatchlistChange; index: number }) {
  const styles = useStyles();
  const [was, became] = [change.was?.[index], change.became?.[index]];
  if (was === undefined || became === undefined || was === became) return <>{became ?? was}</>;
  return (
    <>
      <span className={styles.was}>{was}</span> {became}
    </>
  );
}

/** What an upload does or a version did: new, changed and removed rows, and lines that do not fit. */
export function Diff({ diff }: { diff: WatchlistDiff }) {
  const styles = useStyles();
  const count: Record<Kind, number> = { added: diff.added, changed: diff.changed, removed: diff.removed, bad: diff.badLines.length };
  const [asked, setAsked] = useState<Kind | null>(null);
  const kind = asked ?? (count.bad > 0 ? 'bad' : (KINDS.find((one) => count[one] > 0) ?? 'added'));
  const changes = diff.changes.filter((one) => kindOf(one) === kind);
  return (
    <div>
      <TabList size="small" selectedValue={kind} onTabSelect={(_, data) => setAsked(data.value as Kind)} aria-label={t('watchlist.changes')}>
        {KINDS.filter((one) => one !== 'bad' || count.bad > 0).map((one) => (
          <Tab key={one} value={one}>
            {t(`watchlist.kind.${one}` as MessageKey, { n: count[one] })}
          </Tab>
        ))}
      </TabList>
      <div className={styles.frame} tabIndex={0} role="region" aria-label={t('watchlist.changes')}>
        {kind === 'bad' && diff.badLines.map((one) => <p key={one.line} className={styles.bad}>{t('watchlist.badLine', { ...one })}</p>)}
        {kind !== 'bad' && changes.length === 0 && <p className={styles.none}>{t('watchlist.noneSuch')}</p>}
        {kind !== 'bad' && changes.length > 0 && (
          <table className={styles.table}>
            <thead>
              <tr>
                {diff.columns.map((column) => (
                  <th key={column} className={styles.th} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {changes.slice(0, SHOWN).map((change) => (
                <tr key={change.id}>
                  {diff.columns.map((column, index) => (
                    <td key={column} className={mergeClasses(styles.td, kind === 'removed' && styles.was)} title={change.became?.[index] ?? change.was?.[index]}>
                      <Cells change={change} index={index} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {kind !== 'bad' && count[kind] > SHOWN && <p className={styles.none}>{t('watchlist.more', { n: count[kind] - SHOWN })}</p>}
      </div>
    </div>
  );
}
