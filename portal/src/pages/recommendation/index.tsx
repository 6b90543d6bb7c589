import { useMemo } from 'react';
import { Skeleton, SkeletonItem, Tab, TabList, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { assessmentsQuery, type Assessment, type Standing } from '@api/assessments';
import { adviceQuery, type Advice } from '@api/posture';
import { useTitle } from '@app/hooks';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { oneWord } from '@app/search';
import { useSubscription } from '@app/usePosture';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { Markdown } from '@ui/Markdown';
import { EvidenceList } from '@ui/posture/Evidence';
import { standingWord } from '@ui/posture/Standing';
import { Section } from '@ui/Section';
import { Severity } from '@ui/Severity';
import { Table } from '@ui/Table';
import { TextLink } from '@ui/TextLink';
import { useMinute } from '@ui/Time';
import { tokens } from '@ui/theme';
import { Acts } from './parts/Acts';
import { assessmentColumns } from './parts/columns';
import { Explained, Why } from './parts/Why';

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground1 },
  head: { padding: '10px 24px 0' },
  title: { fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600, fontWeight: tokens.fontWeightSemibold },
  meta: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '14px', padding: '4px 0 8px' },
  space: { flexGrow: 1 },
  texts: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(260px, 1fr))', columnGap: '32px', padding: '0 24px 12px', flexShrink: 0, maxHeight: '52vh', overflowY: 'auto', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  tabs: { padding: '0 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflowX: 'auto', flexShrink: 0 },
});

export const STANDINGS: readonly Standing[] = ['unhealthy', 'healthy', 'notMeasured', 'awaits', 'exempt', 'notApplicable'];
/** What one comes for, the first that there is: what fails, what waits for a word. */
const NEEDS: readonly Standing[] = ['unhealthy', 'awaits', ...STANDINGS];
const route = getRouteApi('/shell/recommendations/$id');

function Body({ advice, list }: { advice: Advice; list: Assessment[] }) {
  const styles = useStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { density } = usePrefs();
  const now = useMinute();
  const filled = STANDINGS.filter((one) => one === 'unhealthy' || list.some((each) => each.standing === one));
  const fallback = NEEDS.find((one) => list.some((each) => each.standing === one)) ?? 'unhealthy';
  const tab = oneWord(search.tab, STANDINGS, fallback);
  const rows = useMemo(() => list.filter((one) => one.standing === tab), [list, tab]);
  const current = rows.find((one) => one.resource === search.res) ?? rows[0] ?? null;
  const columns = useMemo(() => assessmentColumns(now), [now]);
  useTitle(advice.title);
  const patch = (change: object) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...change }), replace: true });
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <nav aria-label={t('breadcrumb')}>
          <TextLink to="/recommendations">{t('nav.recommendations')}</TextLink>
        </nav>
        <h1 className={styles.title}>{advice.title}</h1>
        <div className={styles.meta}>
          <Severity value={advice.severity} />
          {advice.control && <TextLink to="/score">{advice.control}</TextLink>}
          {advice.preview && <span>{t('advice.preview')}</span>}
          <span className={styles.space} />
          <Acts advice={advice} tab={tab} rows={rows} current={current} />
        </div>
      </div>
      <div className={styles.texts}>
        <Section title={t('advice.why')}>
          <Markdown text={advice.description} />
        </Section>
        <Section title={current ? t('advice.proofOf', { resource: current.resourceName }) : t('advice.proof')}>
          {current ? <EvidenceList one={current} /> : t('advice.noResource')}
        </Section>
        <Section title={t('advice.cure')}>
          <Markdown text={advice.remediation || t('advice.noCure')} />
        </Section>
        {current && <Why one={current} name={advice.id} />}
        {current && <Explained key={current.resource} one={current} name={advice.id} />}
      </div>
      <div className={styles.tabs}>
        <TabList selectedValue={tab} onTabSelect={(_, data) => patch({ tab: data.value as Standing, res: undefined })} aria-label={t('posture.resources')}>
          {filled.map((one) => (
            <Tab key={one} value={one}>
              {standingWord(one)} {list.filter((each) => each.standing === one).length}
            </Tab>
          ))}
        </TabList>
      </div>
      <Table
        label={t('posture.resources')}
        columns={columns}
        rows={rows}
        rowKey={(one) => one.resource}
        rowHeight={ROW_HEIGHT[density]}
        selected={current?.resource ?? null}
        onSelect={(one) => patch({ res: one.resource })}
        onOpen={(one) => void navigate({ to: '/resources/$', params: { _splat: one.resource.slice(1) } })}
        empty={<Empty text={t('advice.nothingHere')} />}
      />
    </div>
  );
}

export default function RecommendationPage() {
  const { id } = route.useParams();
  const advice = useQuery(adviceQuery);
  const list = useQuery(assessmentsQuery(useSubscription(), id));
  const error = advice.error ?? list.error;
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void Promise.all([advice.refetch(), list.refetch()])} />;
  if (!advice.data || !list.data) {
    return (
      <Skeleton aria-label={t('waiting')} style={{ padding: 24 }}>
        <SkeletonItem style={{ height: 320 }} />
      </Skeleton>
    );
  }
  const one = advice.data.get(id);
  if (!one) {
    return (
      <Empty text={t('advice.unknown', { id })}>
        <TextLink to="/recommendations">{t('nav.recommendations')}</TextLink>
      </Empty>
    );
  }
  return <Body advice={one} list={list.data} />;
}
