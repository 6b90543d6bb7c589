import { makeStyles } from '@fluentui/react-components';
import { t, type MessageKey } from '@i18n/t';
import type { Severity as SeverityName } from '@api/types';
import { tokens } from './theme';

export const SEVERITY_COLOR: Record<SeverityName, string> = {
  High: tokens.sevHigh,
  Medium: tokens.sevMedium,
  Low: tokens.sevLow,
  Informational: tokens.sevInformational,
};
const FILLED: Record<SeverityName, number> = { High: 3, Medium: 2, Low: 1, Informational: 0 };

const useStyles = makeStyles({
  root: { display: 'inline-flex', verticalAlign: 'bottom', minHeight: '20px', alignItems: 'center', gap: tokens.spacingHorizontalSNudge, whiteSpace: 'nowrap' },
  glyph: { flexShrink: 0, display: 'block' },
});

export function severityWord(severity: SeverityName): string {
  return t(`severity.${severity}` as MessageKey);
}

/** Three bars; the word is seen or at least heard, so colour never stands alone. */
export function Severity({ value, word = true, hint }: { value: SeverityName; word?: boolean; hint?: string }) {
  const styles = useStyles();
  const color = SEVERITY_COLOR[value] ?? tokens.sevInformational;
  return (
    <span className={styles.root} title={hint ?? (word ? undefined : severityWord(value))}>
      <svg className={styles.glyph} width="18" height="14" viewBox="0 0 18 14" aria-hidden="true">
        {[0, 1, 2].map((bar) => (
          <rect
            key={bar}
            x={0.6 + bar * 6}
            y={1}
            width={4.6}
            height={12}
            rx={1.2}
            fill={bar < FILLED[value] ? color : 'none'}
            stroke={bar < FILLED[value] ? color : tokens.colorNeutralStroke1}
            strokeWidth={0.9}
          />
        ))}
      </svg>
      <span className={word ? undefined : 'visually-hidden'}>{severityWord(value)}</span>
    </span>
  );
}
