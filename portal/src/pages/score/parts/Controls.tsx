import { Checkbox, makeStyles } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import type { Control } from '@api/posture';
import type { Recommendation } from '@app/usePosture';
import { t } from '@i18n/t';
import { StateBar } from '@ui/posture/StateBar';
import type { Planned } from '@ui/posture/plan';
import { Severity } from '@ui/Severity';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { points } from './words';

const useStyles = makeStyles({
  table: { width: '100%', borderCollapse: 'collapse', fontVariantNumeric: 'tabular-nums' },
  th: { textAlign: 'left', padding: '6px 12px', fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  right: { textAlign: 'right' },
  td: { padding: '7px 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, verticalAlign: 'middle' },
  open: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '6px',
    padding: '2px 0',
    border: 'none',
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    textAlign: 'left',
    cursor: 'pointer',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '1px' },
  },
  bar: { width: '140px' },
  inner: { backgroundColor: tokens.colorNeutralBackground2 },
  name: { display: 'flex', alignItems: 'center', gap: '8px', paddingLeft: '14px' },
  after: { color: tokens.good },
  dim: { color: tokens.colorNeutralForeground3 },
});

interface Props {
  controls: Control[];
  recommendations: Recommendation[];
  after: Planned | null;
  chosen: ReadonlySet<string>;
  open: string | null;
  onOpen: (name: string | null) => void;
  onToggle: (name: string) => void;
}

/** The figure with the numbers put in, as the documentation writes it. */
function formula(one: Control): string {
  const all = one.healthy + one.unhealthy;
  if (all === 0) return t('score.notCounted');
  return t('score.formula', { max: one.score.max, all, healthy: one.healthy, current: points(one.score.current) });
}

function ControlRow({ one, props }: { one: Control; props: Props }) {
  const styles = useStyles();
  const open = props.open === one.name;
  const counts = one.healthy + one.unhealthy > 0;
  const then = props.after?.byControl.get(one.name);
  return (
    <tr>
      <th scope="row" className={styles.td} style={{ textAlign: 'left', fontWeight: 'inherit' }}>
        <button type="button" className={styles.open} aria-expanded={open} onClick={() => props.onOpen(open ? null : one.name)}>
          {open ? <ChevronDownRegular aria-hidden="true" /> : <ChevronRightRegular aria-hidden="true" />}
          {one.title}
        </button>
      </th>
      <td className={styles.td} title={formula(one)}>
        {counts ? t('score.of', { current: points(one.score.current), max: points(one.score.max) }) : <span className={styles.dim}>{t('score.notCountedShort')}</span>}
        {then !== undefined && then > one.score.current && <span className={styles.after}> → {points(then)}</span>}
      </td>
      <td className={`${styles.td} ${styles.bar}`}>
        <StateBar states={{ healthy: one.healthy, unhealthy: one.unhealthy }} />
      </td>
      <td className={`${styles.td} ${styles.right}`}>{counts && one.potential > 0 ? `+${points(one.potential)}` : '–'}</td>
      <td className={`${styles.td} ${styles.right}`}>{t('posture.healthyOf', { healthy: one.healthy, all: one.healthy + one.unhealthy })}</td>
    </tr>
  );
}

function AdviceRow({ one, props }: { one: Recommendation; props: Props }) {
  const styles = useStyles();
  const { advice, tally } = one;
  return (
    <tr className={styles.inner}>
      <td className={styles.td} colSpan={2}>
        <span className={styles.name}>
          <Checkbox
            checked={props.chosen.has(advice.id)}
            disabled={tally.unhealthy === 0}
            onChange={() => props.onToggle(advice.id)}
            aria-label={t('score.thinkOf', { title: advice.title })}
          />
          <Severity value={advice.severity} word={false} />
          <TextLink to="/recommendations/$id" params={{ id: advice.id }}>
            {advice.title}
          </TextLink>
        </span>
      </td>
      <td className={`${styles.td} ${styles.bar}`}>
        <StateBar states={{ healthy: tally.healthy, unhealthy: tally.unhealthy, manual: tally.awaits, notMeasured: tally.notMeasured }} />
      </td>
      <td className={`${styles.td} ${styles.right}`}>{one.gain > 0.004 ? `+${points(one.gain)}` : '–'}</td>
      <td className={`${styles.td} ${styles.right}`}>{t('posture.healthyOf', { healthy: tally.healthy, all: tally.healthy + tally.unhealthy })}</td>
    </tr>
  );
}

function byWorst(a: Recommendation, b: Recommendation): number {
  return b.tally.unhealthy - a.tally.unhealthy || b.gain - a.gain || a.advice.title.localeCompare(b.advice.title);
}

export function Controls(props: Props) {
  const styles = useStyles();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th className={styles.th}>{t('score.control')}</th>
          <th className={styles.th}>{t('score.points')}</th>
          <th className={styles.th}>{t('posture.resources')}</th>
          <th className={`${styles.th} ${styles.right}`}>{t('score.potential')}</th>
          <th className={`${styles.th} ${styles.right}`}>{t('standing.healthy')}</th>
        </tr>
      </thead>
      <tbody>
        {props.controls.map((one) => [
          <ControlRow key={one.name} one={one} props={props} />,
          ...(props.open === one.name
            ? props.recommendations
                .filter(({ advice }) => advice.control === one.title)
                .sort(byWorst)
                .map((each) => <AdviceRow key={each.advice.id} one={each} props={props} />)
            : []),
        ])}
      </tbody>
    </table>
  );
}
