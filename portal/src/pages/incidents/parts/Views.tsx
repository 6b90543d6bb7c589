import { useQuery } from '@tanstack/react-query';
import { countsQuery } from '@api/incidents';
import type { IncidentCounts } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t, type MessageKey } from '@i18n/t';
import { ViewTabs } from '@ui/ListPage';
import { VIEWS, type View } from '../search';

const COUNT: Record<View, (counts: IncidentCounts) => number> = {
  open: (c) => c.open,
  mine: (c) => c.mine,
  unassigned: (c) => c.unassigned,
  high: (c) => c.highLastHour,
  closed: (c) => c.closedToday,
  all: (c) => c.total,
};

/** The saved views as tabs, each with what waits in it. */
export function Views({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  const counts = useQuery(countsQuery(useWorkspace())).data;
  return <ViewTabs views={VIEWS} view={view} label={t('incidents.views')} word={(one) => t(`view.${one}` as MessageKey)} count={(one) => counts && COUNT[one](counts)} onChange={onChange} />;
}
