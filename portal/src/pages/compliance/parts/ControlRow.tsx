import { Skeleton, SkeletonItem, makeStyles } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { controlAssessmentsQuery, type ControlAssessment, type StandardControl } from '@api/compliance';
import type { Standing as StandingName } from '@api/assessments';
import { useSubscription } from '@app/usePosture';
import { t } from '@i18n/t';
import { Failure } from '@ui/Empty';
import { Standing } from '@ui/posture/Standing';
import { StateBar } from '@ui/posture/StateBar';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  row: { borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  head: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr) 160px minmax(0, 220px)',
    alignItems: 'center',
    gap: '10px',
    width: '100%',
    padding: '8px 24px',
    border: 'none',
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    textAlign: 'left',
    cursor: 'pointer',
    ':hover': { backgroundColor: tokens.rowHoverBg },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  list: { margin: 0, padding: '0 24px 10px 54px', listStyleType: 'none' },
  item: { display: 'grid', gridTemplateColumns: '180px minmax(0, 1fr) minmax(0, 220px)', gap: '10px', padding: '4px 0', alignItems: 'center' },
});

function standing({ properties: p }: ControlAssessment): StandingName {
  if (p.failedResources > 0) return 'unhealthy';
  if ((p.awaitsAttestationResources ?? 0) > 0) return 'awaits';
  if (p.unsupportedResources > 0) return 'notMeasured';
  return p.passedResources > 0 ? 'healthy' : p.skippedResources > 0 ? 'exempt' : 'notApplicable';
}

const RANK: StandingName[] = ['unhealthy', 'awaits', 'notMeasured', 'exempt', 'healthy', 'notApplicable'];
const byWorst = (a: ControlAssessment, b: ControlAssessment) => RANK.indexOf(standing(a)) - RANK.indexOf(standing(b)) || a.properties.description.localeCompare(b.properties.description);

function Assessments({ standard, control }: { standard: string; control: string }) {
  const styles = useStyles();
  const { data, error, refetch } = useQuery(controlAssessmentsQuery(useSubscription(), standard, control));
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <Skeleton aria-label={t('waiting')} style={{ padding: '0 24px 10px 54px' }}>
        <SkeletonItem style={{ height: 60 }} />
      </Skeleton>
    );
  }
  return (
    <ul className={styles.list}>
      {[...data].sort(byWorst).map((one) => (
        <li key={one.name} className={styles.item}>
          <Standing value={standing(one)} />
          <TextLink to="/recommendations/$id" params={{ id: one.name }}>
            {one.properties.description}
          </TextLink>
          <span className={styles.small}>
            {t('compliance.resources', { failed: one.properties.failedResources, passed: one.properties.passedResources, other: one.properties.unsupportedResources })}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function ControlRow({ one, standard, open, onOpen }: { one: StandardControl; standard: string; open: boolean; onOpen: (name: string | undefined) => void }) {
  const styles = useStyles();
  const { properties: p } = one;
  return (
    <div className={styles.row}>
      <button type="button" className={styles.head} aria-expanded={open} onClick={() => onOpen(open ? undefined : one.name)}>
        {open ? <ChevronDownRegular aria-hidden="true" /> : <ChevronRightRegular aria-hidden="true" />}
        <span>{p.description}</span>
        <StateBar states={{ healthy: p.passedAssessments, unhealthy: p.failedAssessments, manual: p.skippedAssessments, notMeasured: p.unsupportedAssessments ?? 0 }} />
        <span className={styles.small}>{t('compliance.checks', { failed: p.failedAssessments, passed: p.passedAssessments, other: p.skippedAssessments + (p.unsupportedAssessments ?? 0) })}</span>
      </button>
      {open && <Assessments standard={standard} control={one.name} />}
    </div>
  );
}
