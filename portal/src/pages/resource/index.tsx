import { Skeleton, SkeletonItem, Tab, TabList, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { resourceQuery, type ResourceDocument } from '@api/inventory';
import { useTitle } from '@app/hooks';
import { oneWord } from '@app/search';
import { useSubscription } from '@app/usePosture';
import { t, type MessageKey } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { JsonTree } from '@ui/JsonTree';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { Changes } from './parts/Changes';
import { Recommendations } from './parts/Recommendations';
import { TABS, type ResourceTab } from './search';

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground1 },
  head: { padding: '10px 24px 0' },
  title: { fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600, fontWeight: tokens.fontWeightSemibold },
  meta: { display: 'flex', flexWrap: 'wrap', columnGap: '18px', padding: '2px 0 8px', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  tabs: { padding: '0 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflowX: 'auto', flexShrink: 0 },
  body: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column', overflowY: 'auto' },
  json: { padding: '12px 24px' },
});

const route = getRouteApi('/shell/resources/$');

function Body({ one }: { one: ResourceDocument }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const tab = oneWord(route.useSearch().tab, TABS, 'recommendations');
  const tags = Object.entries(one.tags ?? {}).map(([name, value]) => `${name}=${value}`);
  useTitle(one.name);
  const setTab = (next: ResourceTab) => void navigate({ to: '.', search: (old: object) => ({ ...old, tab: next === 'recommendations' ? undefined : next }) });
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <nav aria-label={t('breadcrumb')}>
          <TextLink to="/inventory">{t('nav.inventory')}</TextLink>
        </nav>
        <h1 className={styles.title}>{one.name}</h1>
        <div className={styles.meta}>
          <span>{one.type}</span>
          <span>{one.location}</span>
          {tags.length > 0 && <span>{tags.join(', ')}</span>}
          <span>{one.id}</span>
        </div>
      </div>
      <div className={styles.tabs}>
        <TabList selectedValue={tab} onTabSelect={(_, data) => setTab(data.value as ResourceTab)} aria-label={t('resource.tabs')}>
          {TABS.map((each) => (
            <Tab key={each} value={each}>
              {t(`resource.tab.${each}` as MessageKey)}
            </Tab>
          ))}
        </TabList>
      </div>
      <div className={styles.body} tabIndex={0} role="region" aria-label={t(`resource.tab.${tab}` as MessageKey)}>
        {tab === 'recommendations' && <Recommendations resource={one.id} />}
        {tab === 'configuration' && (
          <div className={styles.json}>
            <JsonTree value={one.properties} label={one.name} />
          </div>
        )}
        {tab === 'changes' && <Changes resource={one.id} />}
      </div>
    </div>
  );
}

export default function ResourcePage() {
  const id = `/${route.useParams()._splat ?? ''}`;
  const { data, error, isPending, refetch } = useQuery(resourceQuery(useSubscription(), id));
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (isPending) {
    return (
      <Skeleton aria-label={t('waiting')} style={{ padding: 24 }}>
        <SkeletonItem style={{ height: 320 }} />
      </Skeleton>
    );
  }
  if (!data) {
    return (
      <Empty text={t('resource.unknown', { id })}>
        <TextLink to="/inventory">{t('nav.inventory')}</TextLink>
      </Empty>
    );
  }
  return <Body key={data.id} one={data} />;
}
