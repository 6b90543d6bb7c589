import { makeStyles } from '@fluentui/react-components';
import { RISK_LEVELS, type Risk as RiskRecord, type RiskLevel } from '@api/assessments';
import { t, type MessageKey } from '@i18n/t';
import { tokens } from '../theme';

const COLOR: Record<RiskLevel, string> = {
  Critical: tokens.sevCritical,
  High: tokens.sevHigh,
  Medium: tokens.sevMedium,
  Low: tokens.sevLow,
  NotEvaluated: tokens.sevInformational,
};
const FILLED: Record<RiskLevel, number> = { Critical: 3, High: 3, Medium: 2, Low: 1, NotEvaluated: 0 };

const useStyles = makeStyles({
  root: { display: 'inline-flex', minHeight: '20px', alignItems: 'center', gap: '6px', whiteSpace: 'nowrap' },
  glyph: { flexShrink: 0, display: 'block' },
  list: { margin: 0, padding: 0, listStyleType: 'none', display: 'grid', gap: '3px' },
  row: { display: 'grid', gridTemplateColumns: '36px minmax(0, 1fr)', columnGap: '8px' },
  points: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
  sum: { borderTop: `1px solid ${tokens.colorNeutralStroke2}`, fontWeight: tokens.fontWeightSemibold },
  small: { display: 'block', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

export const riskWord = (level: RiskLevel) => t(`risk.${level}` as MessageKey);
export const factorWord = (name: string) => (FACTORS.has(name) ? t(`risk.factor.${name}` as MessageKey) : name);
const FACTORS = new Set(['InternetExposure', 'SensitiveData', 'LateralMovement', 'BusinessCriticality']);
export const riskAt = (rank: number): RiskLevel => RISK_LEVELS[rank] ?? 'NotEvaluated';

/** Three blocks as severity has them; critical has a mark beside, so that colour never stands alone. */
export function Risk({ level, word = true }: { level: RiskLevel; word?: boolean }) {
  const styles = useStyles();
  return (
    <span className={styles.root} title={word ? undefined : riskWord(level)}>
      <svg className={styles.glyph} width="23" height="14" viewBox="0 0 23 14" aria-hidden="true">
        {[0, 1, 2].map((block) => (
          <rect
            key={block}
            x={0.6 + block * 6}
            y={1}
            width={4.6}
            height={12}
            rx={1.2}
            fill={block < FILLED[level] ? COLOR[level] : 'none'}
            stroke={block < FILLED[level] ? COLOR[level] : tokens.colorNeutralStroke1}
            strokeWidth={0.9}
          />
        ))}
        {level === 'Critical' && <path d="M20.5 1v7.5M20.5 11v2" stroke={COLOR[level]} strokeWidth="2" />}
      </svg>
      <span className={word ? undefined : 'visually-hidden'}>{riskWord(level)}</span>
    </span>
  );
}

/** Where the level comes from: points of the severity, points of each factor, their sum. */
export function RiskSum({ risk }: { risk: RiskRecord }) {
  const styles = useStyles();
  if (risk.level === 'NotEvaluated') return <span>{t('risk.unknown')}</span>;
  const has = risk.factors?.filter((one) => one.state === 'Present') ?? [];
  const unknown = risk.factors?.filter((one) => one.state === 'NotEvaluated') ?? [];
  return (
    <ul className={styles.list}>
      <li className={styles.row}>
        <span className={styles.points}>{risk.severityPoints}</span>
        <span>{t('risk.severity')}</span>
      </li>
      {has.map((one) => (
        <li key={one.name} className={styles.row}>
          <span className={styles.points}>+{one.points}</span>
          <span>
            {factorWord(one.name)}
            <span className={styles.small}>{one.because}</span>
          </span>
        </li>
      ))}
      <li className={styles.row}>
        <span className={`${styles.points} ${styles.sum}`}>{risk.points}</span>
        <span className={styles.sum}>{riskWord(risk.level)}</span>
      </li>
      {unknown.length > 0 && (
        <li className={styles.small}>{t('risk.notEvaluated', { factors: unknown.map((one) => factorWord(one.name).toLowerCase()).join(', ') })}</li>
      )}
    </ul>
  );
}
