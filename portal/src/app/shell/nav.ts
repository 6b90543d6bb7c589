/**
 * The entries of the navigation. One appears when its page is built and its API is served;
 * `served` names what must be there, so later pages add a row here and nothing else.
 */
import {
  AlertRegular,
  AlertFilled,
  AlertUrgentRegular,
  TargetFilled,
  TargetRegular,
  BoxMultipleFilled,
  BoxMultipleRegular,
  CheckboxCheckedFilled,
  CheckboxCheckedRegular,
  ClipboardTaskListLtrFilled,
  ClipboardTaskListLtrRegular,
  GaugeFilled,
  GaugeRegular,
  HomeRegular,
  DocumentSearchRegular,
  HomeFilled,
  AlertUrgentFilled,
  DocumentSearchFilled,
  LightbulbFilled,
  LightbulbRegular,
  ShieldTaskFilled,
  ShieldTaskRegular,
  TableSimpleFilled,
  TableSimpleRegular,
  type FluentIcon,
} from '@fluentui/react-icons';
import type { IncidentCounts } from '@api/types';
import type { MessageKey } from '@i18n/t';

export interface NavEntry {
  to: '/overview' | '/incidents' | '/alerts' | '/logs' | '/hunting' | '/watchlists' | '/score' | '/recommendations' | '/compliance' | '/inventory' | '/policies' | '/analytics';
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
      { to: '/alerts', label: 'nav.alerts', icon: AlertRegular, iconOn: AlertFilled, key: 'a' },
      { to: '/logs', label: 'nav.logs', icon: DocumentSearchRegular, iconOn: DocumentSearchFilled, key: 'l' },
      { to: '/hunting', label: 'nav.hunting', icon: TargetRegular, iconOn: TargetFilled, key: 'h' },
      { to: '/watchlists', label: 'nav.watchlists', icon: TableSimpleRegular, iconOn: TableSimpleFilled, key: 'w' },
    ],
  },
  {
    label: 'nav.posture',
    entries: [
      { to: '/score', label: 'nav.score', icon: GaugeRegular, iconOn: GaugeFilled, key: 's' },
      { to: '/recommendations', label: 'nav.recommendations', icon: LightbulbRegular, iconOn: LightbulbFilled, key: 'r' },
      { to: '/compliance', label: 'nav.compliance', icon: CheckboxCheckedRegular, iconOn: CheckboxCheckedFilled, key: 'c' },
      { to: '/inventory', label: 'nav.inventory', icon: BoxMultipleRegular, iconOn: BoxMultipleFilled, key: 'v' },
      { to: '/policies', label: 'nav.policies', icon: ClipboardTaskListLtrRegular, iconOn: ClipboardTaskListLtrFilled, key: 'p' },
    ],
  },
  {
    label: 'nav.detect',
    entries: [{ to: '/analytics', label: 'nav.analytics', icon: ShieldTaskRegular, iconOn: ShieldTaskFilled, key: 'n' }],
  },
];
