import { useCallback, useState } from 'react';
import { Button, Tab, TabList, makeStyles } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { allBookmarksQuery } from '@api/casework';
import { huntingQueriesQuery, livestreamsQuery } from '@api/hunting';
import { useTitle, useWorkspace } from '@app/hooks';
import { t, type MessageKey } from '@i18n/t';
import { LiveMark } from '@ui/LiveMark';
import { PageHead } from '@ui/PageHead';
import { tokens } from '@ui/theme';
import { Kept } from './parts/Kept';
import { Live } from './parts/Live';
import { NewQueryDialog } from './parts/NewQueryDialog';
import { Queries } from './parts/Queries';
import { RunBar } from './parts/RunBar';
import { TABS, type HuntTab, type HuntingSearch } from './search';

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground1 },
  tabs: { padding: '0 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, flexShrink: 0 },
});

const route = getRouteApi('/shell/hunting');

/** Looking for what no rule found: queries with what they gave, rows that were kept, queries that go on running. */
export default function HuntingPage() {
  const styles = useStyles();
  const ws = useWorkspace();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  const tab = search.tab ?? 'queries';
  const counts: Record<HuntTab, number | undefined> = {
    queries: useQuery(huntingQueriesQuery(ws)).data?.length,
    bookmarks: useQuery(allBookmarksQuery(ws)).data?.length,
    livestream: useQuery(livestreamsQuery(ws)).data?.length,
  };
  useTitle(t('nav.hunting'));
  const patch = useCallback((change: HuntingSearch, replace = false) => void navigate({ to: '/hunting', search: (old: object) => ({ ...old, ...change }), replace }), [navigate]);
  return (
    <div className={styles.page}>
      <PageHead title={t('nav.hunting')} beside={<LiveMark />}>
        {tab === 'queries' && (
          <>
            <RunBar />
            <Button size="small" appearance="subtle" icon={<AddRegular />} onClick={() => setMaking(true)}>
              {t('hunt.newQuery')}
            </Button>
          </>
        )}
      </PageHead>
      <div className={styles.tabs}>
        <TabList selectedValue={tab} onTabSelect={(_, data) => void navigate({ to: '/hunting', search: { tab: data.value === 'queries' ? undefined : (data.value as HuntTab) } })} aria-label={t('view.label')}>
          {TABS.map((one) => (
            <Tab key={one} value={one}>
              {t(`hunt.tab.${one}` as MessageKey)}
              {counts[one] !== undefined && ` ${counts[one]}`}
            </Tab>
          ))}
        </TabList>
      </div>
      {tab === 'queries' && <Queries search={search} onChange={patch} />}
      {tab === 'bookmarks' && <Kept />}
      {tab === 'livestream' && <Live search={search} onChange={patch} />}
      {making && <NewQueryDialog onDone={() => setMaking(false)} />}
    </div>
  );
}
