import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { CheckmarkCircleRegular, CircleHintRegular, DismissCircleRegular, PersonQuestionMarkRegular, ShieldDismissRegular, SubtractCircleRegular, type FluentIcon } from '@fluentui/react-icons';
import type { Standing as StandingName } from '@api/assessments';
import { t, type MessageKey } from '@i18n/t';
import { tokens } from '../theme';

const ICONS: Record<StandingName, FluentIcon> = {
  unhealthy: DismissCircleRegular,
  healthy: CheckmarkCircleRegular,
  exempt: ShieldDismissRegular,
  notMeasured: CircleHintRegular,
  notApplicable: SubtractCircleRegular,
  awaits: PersonQuestionMarkRegular,
};

const useStyles = makeStyles({
  root: { display: 'inline-flex', alignItems: 'center', gap: '6px', whiteSpace: 'nowrap' },
  icon: { fontSize: '16px', flexShrink: 0 },
  good: { color: tokens.good },
  bad: { color: tokens.sevHigh },
});

export const standingWord = (value: StandingName) => t(`standing.${value}` as MessageKey);

/** Six different looks: not measured is neither good nor bad. */
export function Standing({ value }: { value: StandingName }) {
  const styles = useStyles();
  const Icon = ICONS[value];
  return (
    <span className={styles.root}>
      <Icon className={mergeClasses(styles.icon, value === 'healthy' && styles.good, value === 'unhealthy' && styles.bad)} aria-hidden="true" />
      {standingWord(value)}
    </span>
  );
}
