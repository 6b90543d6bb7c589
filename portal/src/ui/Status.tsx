import { makeStyles } from '@fluentui/react-components';
import { t, type MessageKey } from '@i18n/t';
import type { IncidentStatus } from '@api/types';
import { tokens } from './theme';

const useStyles = makeStyles({
  root: { display: 'inline-flex', verticalAlign: 'bottom', minHeight: '20px', alignItems: 'center', gap: tokens.spacingHorizontalSNudge, whiteSpace: 'nowrap' },
  glyph: { flexShrink: 0, color: tokens.colorBrandForeground1 },
  closed: { flexShrink: 0, color: tokens.colorNeutralForeground3 },
  inherit: { flexShrink: 0, color: 'inherit' },
});

export function statusWord(status: IncidentStatus): string {
  return t(`status.${status}` as MessageKey);
}

function shape(status: IncidentStatus) {
  if (status === 'Active') return <path d="M1.4 8a6.6 6.6 0 0 0 13.2 0z" fill="currentColor" stroke="none" />;
  if (status === 'Closed') return <path d="m4.9 8.2 2.2 2.2 4.1-4.4" />;
  return null;
}

/** New is a circle, in progress half filled, closed a check in a circle. */
export function Status({ value, plain = false, word }: { value: IncidentStatus; plain?: boolean; word?: string }) {
  const styles = useStyles();
  const tone = value === 'Closed' ? styles.closed : styles.glyph;
  return (
    <span className={styles.root}>
      <svg
        className={plain ? styles.inherit : tone}
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.1"
        aria-hidden="true"
      >
        <circle cx="8" cy="8" r="6.5" />
        {shape(value)}
      </svg>
      {word ?? statusWord(value)}
    </span>
  );
}
