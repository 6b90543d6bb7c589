import { Tab, TabList } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { bookmarksQuery } from '@api/casework';
import { alertsQuery, commentsQuery, entitiesQuery } from '@api/incidents';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t, type MessageKey } from '@i18n/t';
import { TABS, type IncidentTab } from '../search';

export function Tabs({ incident, tab, onChange }: { incident: Incident; tab: IncidentTab; onChange: (tab: IncidentTab) => void }) {
  const ws = useWorkspace();
  const counts: Partial<Record<IncidentTab, number | undefined>> = {
    alerts: useQuery(alertsQuery(ws, incident.name)).data?.length ?? incident.properties.additionalData?.alertsCount,
    entities: useQuery(entitiesQuery(ws, incident.name)).data?.entities.length,
    bookmarks: useQuery(bookmarksQuery(ws, incident.name)).data?.length ?? incident.properties.additionalData?.bookmarksCount,
    comments: useQuery(commentsQuery(ws, incident.name)).data?.length ?? incident.properties.additionalData?.commentsCount,
  };
  return (
    <TabList selectedValue={tab} onTabSelect={(_, data) => onChange(data.value as IncidentTab)} aria-label={t('incident.tabs')}>
      {TABS.map((one) => (
        <Tab key={one} value={one}>
          {t(`tab.${one}` as MessageKey)}
          {counts[one] !== undefined && ` ${counts[one]}`}
        </Tab>
      ))}
    </TabList>
  );
}
