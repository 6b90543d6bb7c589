import { Button, Skeleton, SkeletonItem, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { assessmentsQuery } from '@api/assessments';
import { useSubscription, type Recommendation } from '@app/usePosture';
import { t } from '@i18n/t';
import { Failure } from '@ui/Empty';
import { Markdown } from '@ui/Markdown';
import { PaneTop } from '@ui/PaneTop';
import { EvidenceList } from '@ui/posture/Evidence';
import { Standing } from '@ui/posture/Standing';
import { Section } from '@ui/Section';
import { Severity } from '@ui/Severity';
import { SidePane } from '@ui/SidePane';
import { TextLink } from '@ui/TextLink';

const useStyles = makeStyles({
  first: { display: 'flex', flexDirection: 'column', gap: '6px' },
});

const ORDER = ['unhealthy', 'awaits', 'notMeasured', 'exempt', 'healthy', 'notApplicable'];

/** One of many, looked at: why it matters, the proof on the first resource, the cure. */
export function Pane({ one, onStep, onOpen, onDismiss }: { one: Recommendation; onStep: (by: number) => void; onOpen: () => void; onDismiss: () => void }) {
  const styles = useStyles();
  const { advice } = one;
  const { data, error, refetch } = useQuery(assessmentsQuery(useSubscription(), advice.id));
  const first = [...(data ?? [])].sort((a, b) => ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing))[0];
  const footer = (
    <Button appearance="primary" onClick={onOpen}>
      {t('action.open')}
    </Button>
  );
  return (
    <SidePane label={t('advice.one')} footer={footer}>
      <PaneTop kind={t('advice.kind', { category: advice.category || t('advice.one') })} title={advice.title} onStep={onStep} onDismiss={onDismiss} />
      <Severity value={advice.severity} />
      <Section title={t('advice.why')}>
        <Markdown text={advice.description} />
      </Section>
      <Section title={t('advice.proof')}>
        {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
        {!data && !error && (
          <Skeleton aria-label={t('waiting')}>
            <SkeletonItem style={{ height: 60 }} />
          </Skeleton>
        )}
        {data && !first && t('advice.noResource')}
        {first && (
          <div className={styles.first}>
            <Standing value={first.standing} />
            <TextLink to="/resources/$" params={{ _splat: first.resource.slice(1) }}>
              {first.resourceName}
            </TextLink>
            <EvidenceList one={first} />
          </div>
        )}
      </Section>
      <Section title={t('advice.cure')}>
        <Markdown text={advice.remediation || t('advice.noCure')} />
      </Section>
    </SidePane>
  );
}
