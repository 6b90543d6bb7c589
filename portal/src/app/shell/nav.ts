/**
 * The entries of the navigation. One appears when its page is built and its API is served;
 * `served` names what must be there, so later pages add a row here and nothing else.
 */
import {
  AlertUrgentRegular,
  HomeRegular,
  DocumentSearchRegular,
  HomeFilled,
  AlertUrgentFilled,
  DocumentSearchFilled,
  type FluentIcon,
} from '@fluentui/react-icons';
import type { IncidentCounts } from '@api/types';
import type { MessageKey } from '@i18n/t';

export interface NavEntry {
  to: '/overview' | '/incidents' | '/logs';
  label: MessageKey;
  icon: FluentIcon;
  iconOn: FluentIcon;
  /** The second key of "g …". */
  key: string;
  count?: (counts: IncidentCounts) => number;
}
export interface NavGroup {
  label: MessageKey | null;
  entries: NavEntry[];
}

export const NAV: NavGroup[] = [
  { label: null, entries: [{ to: '/overview', label: 'nav.overview', icon: HomeRegular, iconOn: HomeFilled, key: 'o' }] },
  {
    label: 'nav.investigate',
    entries: [
      {
        to: '/incidents',
        label: 'nav.incidents',
        icon: AlertUrgentRegular,
        iconOn: AlertUrgentFilled,
        key: 'i',
        count: (counts) => counts.open,
      },
      { to: '/logs', label: 'nav.logs', icon: DocumentSearchRegular, iconOn: DocumentSearchFilled, key: 'l' },
    ],
  },
];
