import { useState } from 'react';
import { Button, SearchBox, Skeleton, SkeletonItem, makeStyles } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import type { Schema, Word } from '@api/types';
import { t } from '@i18n/t';
import { tokens } from '@ui/theme';
import { figure } from '@ui/time';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    minHeight: 0,
    width: '248px',
    flexShrink: 0,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    '@media (max-width: 900px)': { display: 'none' },
  },
  find: { margin: '8px', maxWidth: 'none' },
  list: { flexGrow: 1, minHeight: 0, overflowY: 'auto', padding: '0 4px 12px' },
  heading: { padding: '8px 8px 2px', fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200, fontWeight: tokens.fontWeightSemibold },
  item: { width: '100%', justifyContent: 'flex-start', minWidth: 0, padding: '2px 6px', fontWeight: tokens.fontWeightRegular },
  name: { flexGrow: 1, textAlign: 'left', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  note: { flexShrink: 0, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3, paddingLeft: '6px' },
  column: { paddingLeft: '30px' },
  more: { padding: '6px 8px', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
});

type TableShape = Schema['tables'][number];
const MOST_FUNCTIONS = 200;

function TableItem({ table, open, onToggle, onInsert }: { table: TableShape; open: boolean; onToggle: () => void; onInsert: (text: string) => void }) {
  const styles = useStyles();
  return (
    <li>
      <Button
        size="small"
        appearance="subtle"
        className={styles.item}
        icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
        title={table.description || table.name}
        aria-expanded={open}
        onClick={onToggle}
        onDoubleClick={() => onInsert(table.name)}
      >
        <span className={styles.name}>{table.name}</span>
        {table.rows24h ? <span className={styles.note}>{figure(table.rows24h)}</span> : null}
      </Button>
      {open && (
        <ul>
          {table.columns.map((column) => (
            <li key={column.name}>
              <Button
                size="small"
                appearance="subtle"
                className={`${styles.item} ${styles.column}`}
                title={column.description || `${column.name}: ${column.type}`}
                onClick={() => onInsert(column.name)}
              >
                <span className={styles.name}>{column.name}</span>
                <span className={styles.note}>{column.type}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** A word as far as it is the same in every query. */
function written(word: Word): string {
  if (word.kind === 'operator') return `${word.name} `;
  return `${word.kind === 'plugin' ? 'evaluate ' : ''}${word.name}(`;
}

/** Tables that have rows come first; a name is put where the cursor stands. */
export function SchemaTree({ schema, onInsert }: { schema: Schema | undefined; onInsert: (text: string) => void }) {
  const styles = useStyles();
  const [text, setText] = useState('');
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const words = text.toLowerCase();
  const hit = (name: string) => name.toLowerCase().includes(words);
  const tables = [...(schema?.tables ?? [])]
    .filter((table) => hit(table.name) || (words.length > 1 && table.columns.some((column) => hit(column.name))))
    .sort((a, b) => Number((b.rows24h ?? 0) > 0) - Number((a.rows24h ?? 0) > 0) || a.name.localeCompare(b.name));
  const functions = words.length > 1 ? (schema?.functions ?? []).filter((one) => hit(one.name)) : [];
  const toggle = (name: string) =>
    setOpen((old) => {
      const next = new Set(old);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  return (
    <aside className={styles.root} aria-label={t('logs.schema')}>
      <SearchBox size="small" className={styles.find} placeholder={t('logs.findTable')} aria-label={t('logs.findTable')} value={text} onChange={(_, data) => setText(data.value)} />
      <div className={styles.list} tabIndex={0} role="region" aria-label={t('logs.tables')}>
        {!schema && (
          <Skeleton aria-label={t('waiting')}>
            {[0, 1, 2, 3, 4, 5].map((row) => (
              <SkeletonItem key={row} style={{ margin: 8 }} />
            ))}
          </Skeleton>
        )}
        {schema && <h2 className={styles.heading}>{t('logs.tablesCount', { n: tables.length })}</h2>}
        <ul>
          {tables.map((table) => (
            <TableItem key={table.name} table={table} open={open.has(table.name)} onToggle={() => toggle(table.name)} onInsert={onInsert} />
          ))}
        </ul>
        {functions.length > 0 && <h2 className={styles.heading}>{t('logs.functionsCount', { n: functions.length })}</h2>}
        <ul>
          {functions.slice(0, MOST_FUNCTIONS).map((one) => (
            <li key={`${one.kind} ${one.name}`}>
              <Button size="small" appearance="subtle" className={styles.item} title={`${one.signature}\n${one.doc ?? ''}`} onClick={() => onInsert(written(one))}>
                <span className={styles.name}>{one.kind === 'operator' ? one.name : `${one.name}()`}</span>
              </Button>
            </li>
          ))}
        </ul>
        {schema && words === '' && schema.functions.length > 0 && <p className={styles.more}>{t('logs.functionsHint', { n: schema.functions.length })}</p>}
      </div>
    </aside>
  );
}
