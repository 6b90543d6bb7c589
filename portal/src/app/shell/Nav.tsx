import { Tooltip, makeStyles, mergeClasses } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { countsQuery } from '@api/incidents';
import { t } from '@i18n/t';
import { tokens } from '@ui/theme';
import { figure } from '@ui/time';
import { useWorkspace } from '../hooks';
import { NAV, type NavEntry } from './nav';

const useStyles = makeStyles({
  nav: {
    gridRow: 2,
    gridColumn: 1,
    overflowY: 'auto',
    padding: '8px',
    backgroundColor: tokens.colorNeutralBackground2,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  rail: { padding: '8px 6px' },
  group: { margin: '14px 0 4px', padding: '0 8px' },
  groupText: { fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground2 },
  rule: { height: '14px' },
  link: {
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    gap: '12px',
    height: '32px',
    padding: '0 8px 0 10px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    fontSize: tokens.fontSizeBase300,
    ':hover': { backgroundColor: tokens.colorNeutralBackground2Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '1px' },
  },
  linkRail: { padding: 0, justifyContent: 'center' },
  on: {
    backgroundColor: tokens.navSelBg,
    color: tokens.navSelFg,
    fontWeight: tokens.fontWeightSemibold,
    ':hover': { backgroundColor: tokens.navSelBg },
    '::before': {
      content: '""',
      position: 'absolute',
      left: 0,
      top: '8px',
      bottom: '8px',
      width: '3px',
      borderRadius: tokens.borderRadiusCircular,
      backgroundColor: tokens.navSelBar,
    },
  },
  icon: { fontSize: '20px', flexShrink: 0 },
  label: { flexGrow: 1 },
  count: { fontSize: tokens.fontSizeBase200, fontVariantNumeric: 'tabular-nums' },
});

function Entry({ entry, rail, on, count }: { entry: NavEntry; rail: boolean; on: boolean; count: number | undefined }) {
  const styles = useStyles();
  const Icon = on ? entry.iconOn : entry.icon;
  const link = (
    <Link
      to={entry.to}
      className={mergeClasses(styles.link, rail && styles.linkRail, on && styles.on)}
      aria-current={on ? 'page' : undefined}
    >
      <Icon className={styles.icon} aria-hidden="true" />
      <span className={rail ? 'visually-hidden' : styles.label}>{t(entry.label)}</span>
      {!rail && count !== undefined && count > 0 && <span className={styles.count}>{figure(count)}</span>}
    </Link>
  );
  return (
    <Tooltip content={`${t(entry.label)} (g ${entry.key})`} relationship="description" positioning="after">
      {link}
    </Tooltip>
  );
}

export function Nav({ rail }: { rail: boolean }) {
  const styles = useStyles();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const counts = useQuery(countsQuery(useWorkspace())).data;
  return (
    <nav className={mergeClasses(styles.nav, rail && styles.rail)} aria-label={t('nav.label')}>
      {NAV.map((group, index) => (
        <div key={group.label ?? index}>
          {group.label &&
            (rail ? (
              <div className={styles.rule} />
            ) : (
              <div className={styles.group}>
                <span className={styles.groupText}>{t(group.label)}</span>
              </div>
            ))}
          <ul>
            {group.entries.map((entry) => (
              <li key={entry.to}>
                <Entry entry={entry} rail={rail} on={path.startsWith(entry.to)} count={counts && entry.count?.(counts)} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
