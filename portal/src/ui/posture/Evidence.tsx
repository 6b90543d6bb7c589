import { makeStyles } from '@fluentui/react-components';
import type { Assessment, Evidence } from '@api/assessments';
import { t } from '@i18n/t';
import { tokens } from '../theme';

const useStyles = makeStyles({
  list: { display: 'grid', gridTemplateColumns: 'auto minmax(0, 1fr)', columnGap: '12px', rowGap: '2px', margin: 0, fontSize: tokens.fontSizeBase200 },
  name: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0, fontFamily: tokens.fontMono, overflowWrap: 'anywhere' },
});

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** The proof of a verdict: which path was looked at, what stood there, what was wanted. */
export function EvidenceList({ one }: { one: Assessment }) {
  const styles = useStyles();
  const rows: [string, string][] = [];
  if (one.evidence?.path) rows.push([t('posture.path'), one.evidence.path]);
  if (one.evidence?.found !== undefined) rows.push([t('posture.found'), text(one.evidence.found)]);
  if (one.evidence?.wanted !== undefined) rows.push([t('posture.wanted'), `${one.evidence.operator ?? ''} ${text(one.evidence.wanted)}`.trim()]);
  if (one.evidence?.missing) rows.push([t('posture.missing'), one.evidence.missing]);
  if (one.reason) rows.push([t('posture.reason'), one.reason]);
  if (rows.length === 0) return <span>{t('posture.noEvidence')}</span>;
  return (
    <dl className={styles.list}>
      {rows.map(([name, value]) => [
        <dt key={`${name} name`} className={styles.name}>
          {name}
        </dt>,
        <dd key={`${name} value`} className={styles.value}>
          {value}
        </dd>,
      ])}
    </dl>
  );
}

/** What was found where, in one line; empty when nothing was. */
export function evidenceText(evidence: Evidence | null): string {
  if (evidence?.path && evidence.found !== undefined) return `${evidence.path.replace(/^properties\./, '')}: ${text(evidence.found)}`;
  return evidence?.missing ?? evidence?.path ?? '';
}

/** One line of it, for tables. */
export function evidenceLine(one: Assessment): string {
  return evidenceText(one.evidence) || one.reason;
}
