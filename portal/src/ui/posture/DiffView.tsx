import { makeStyles, mergeClasses } from '@fluentui/react-components';
import type { FixDiff } from '@api/fixes';
import { t } from '@i18n/t';
import { tokens } from '../theme';

const useStyles = makeStyles({
  root: { margin: 0, padding: '6px 8px', borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground3, fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200, overflowX: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  gone: { color: tokens.sevHigh },
  come: { color: tokens.good },
});

const shown = (value: unknown) => (value === undefined ? t('diff.nothing') : typeof value === 'string' ? value : JSON.stringify(value));

/** What would change, line by line; the sign in front says which is which. */
export function DiffView({ diff, label }: { diff: FixDiff; label: string }) {
  const styles = useStyles();
  const lines: string[] = diff.text
    ? diff.text.replace(/\n$/, '').split('\n')
    : Object.entries(diff.changes ?? {}).flatMap(([path, one]) => [`- ${path}: ${shown(one.previousValue)}`, `+ ${path}: ${shown(one.newValue)}`]);
  return (
    <pre className={styles.root} tabIndex={0} aria-label={label}>
      {lines.map((line, index) => (
        <span key={index} className={mergeClasses(line.startsWith('-') && styles.gone, line.startsWith('+') && styles.come)}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
