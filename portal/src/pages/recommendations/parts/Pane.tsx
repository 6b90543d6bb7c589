import { Button, Skeleton, SkeletonItem, Tooltip, makeStyles } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { assessmentsQuery } from '@api/assessments';
import { useSubscription, type Recommendation } from '@app/usePosture';
import { t } from '@i18n/t';
import { Failure } from '@ui/Empty';
import { Markdown } from '@ui/Markdown';
import { EvidenceList } from '@ui/posture/Evidence';
import { Standing } from '@ui/posture/Standing';
import { Section } from '@ui/Section';
import { Severity } from '@ui/Severity';
import { SidePane } from '@ui/SidePane';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  top: { display: 'flex', alignItems: 'center', minHeight: '32px', marginRight: '-8px' },
  kind: { flexGrow: 1, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  title: { margin: '2px 0 10px', fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, fontWeight: tokens.fontWeightSemibold },
  first: { display: 'flex', flexDirection: 'column', gap: '6px' },
});

const ORDER = ['unhealthy', 'awaits', 'notMeasured', 'exempt', 'healthy', 'notApplicable'];

/** One of many, looked at: why it matters, the proof on the first resource, the cure. */
export function Pane({ one, onOpen, onDismiss }: { one: Recommendation; onOpen: () => void; onDismiss: () => void }) {
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
      <div className={styles.top}>
        <span className={styles.kind}>{t('advice.kind', { category: advice.category || t('advice.one') })}</span>
        <Tooltip content={t('keys.closePane')} relationship="label">
          <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={onDismiss} />
        </Tooltip>
      </div>
      <h2 className={styles.title}>{advice.title}</h2>
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
