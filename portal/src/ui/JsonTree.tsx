import { useMemo, useState } from 'react';
import { makeStyles } from '@fluentui/react-components';
import { t } from '@i18n/t';
import { FindBox } from './FindBox';
import { tokens } from './theme';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: '8px' },
  list: { margin: 0, padding: '0 0 0 16px', listStyleType: 'none', fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200, lineHeight: '24px' },
  summary: { cursor: 'pointer', ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` } },
  name: { color: tokens.colorNeutralForeground2 },
  value: { overflowWrap: 'anywhere' },
  none: { color: tokens.colorNeutralForeground3 },
});

type Branch = Record<string, unknown> | unknown[];
const isBranch = (value: unknown): value is Branch => typeof value === 'object' && value !== null;
const entries = (value: Branch): [string, unknown][] => (Array.isArray(value) ? value.map((one, index) => [String(index), one]) : Object.entries(value));

/** Only what has the words in a name or a value, with what leads there. */
export function prune(value: unknown, words: string): unknown {
  const has = (text: string) => text.toLowerCase().includes(words);
  if (!isBranch(value)) return has(String(value)) ? value : undefined;
  const kept = entries(value).flatMap(([name, one]): [string, unknown][] => {
    if (!Array.isArray(value) && has(name)) return [[name, one]];
    const inner = prune(one, words);
    return inner === undefined ? [] : [[name, inner]];
  });
  if (kept.length === 0) return undefined;
  return Array.isArray(value) ? kept.map(([, one]) => one) : Object.fromEntries(kept);
}

const MOST_CHILDREN = 200;

function Node({ name, value, open }: { name: string; value: unknown; open: boolean }) {
  const styles = useStyles();
  if (!isBranch(value)) {
    return (
      <li>
        <span className={styles.name}>{name}: </span>
        <span className={styles.value}>{JSON.stringify(value)}</span>
      </li>
    );
  }
  const all = entries(value);
  return (
    <li>
      <details open={open}>
        <summary className={styles.summary}>
          <span className={styles.name}>{name}</span> <span className={styles.none}>{Array.isArray(value) ? `[${all.length}]` : `{${all.length}}`}</span>
        </summary>
        <ul className={styles.list}>
          {all.slice(0, MOST_CHILDREN).map(([key, one]) => (
            <Node key={key} name={key} value={one} open={open && all.length < 12} />
          ))}
          {all.length > MOST_CHILDREN && <li className={styles.none}>{t('json.more', { n: all.length - MOST_CHILDREN })}</li>}
        </ul>
      </details>
    </li>
  );
}

/** A JSON document as a tree that folds, and that can be searched. */
export function JsonTree({ value, label }: { value: unknown; label: string }) {
  const styles = useStyles();
  const [words, setWords] = useState('');
  const lower = words.trim().toLowerCase();
  const shown = useMemo(() => (lower === '' ? value : prune(value, lower)), [value, lower]);
  return (
    <div className={styles.root}>
      <FindBox label={t('json.find')} value={words} onFind={setWords} />
      {shown === undefined ? (
        <p>{t('json.noMatch')}</p>
      ) : (
        <ul className={styles.list} aria-label={label}>
          {isBranch(shown) ? entries(shown).map(([key, one]) => <Node key={`${lower} ${key}`} name={key} value={one} open={lower !== ''} />) : <Node name={label} value={shown} open />}
        </ul>
      )}
    </div>
  );
}
