import { Button, Tooltip, makeStyles } from '@fluentui/react-components';
import { NavigationRegular, QuestionCircleRegular, SearchRegular } from '@fluentui/react-icons';
import { Link } from '@tanstack/react-router';
import { t } from '@i18n/t';
import { tokens } from '@ui/theme';
import { prefs, setPrefs } from '../prefs';
import { Bell } from './Bell';
import { Mark } from './Mark';
import { ScopePicker } from './ScopePicker';
import type { Overlay } from './Shell';
import { TimePicker } from './TimePicker';
import { UserMenu } from './UserMenu';

const useStyles = makeStyles({
  bar: {
    gridRow: 1,
    gridColumn: '1 / 3',
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    padding: '0 16px 0 8px',
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    minWidth: 0,
  },
  brand: {
    display: 'flex',
    alignItems: 'center',
    gap: '10px',
    width: '180px',
    flexShrink: 0,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    fontSize: tokens.fontSizeBase400,
    fontWeight: tokens.fontWeightSemibold,
    borderRadius: tokens.borderRadiusMedium,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '1px' },
    '@media (max-width: 900px)': { width: 'auto' },
  },
  word: { '@media (max-width: 700px)': { display: 'none' } },
  search: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    width: '440px',
    minWidth: '32px',
    flexShrink: 1,
    height: '32px',
    padding: '0 8px 0 10px',
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground2,
    font: 'inherit',
    textAlign: 'left',
    cursor: 'text',
    overflow: 'hidden',
    ':hover': { border: `1px solid ${tokens.colorNeutralStroke1Hover}` },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '1px' },
  },
  searchText: { flexGrow: 1, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  hint: {
    flexShrink: 0,
    fontFamily: 'inherit',
    padding: '0 5px',
    fontSize: '11px',
    lineHeight: '18px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusSmall,
  },
  space: { flexGrow: 1 },
});

export function TopBar({ onOpen }: { onOpen: (overlay: Overlay) => void }) {
  const styles = useStyles();
  return (
    <header className={styles.bar}>
      <Tooltip content={`${t('keys.nav')} (Ctrl B)`} relationship="label">
        <Button appearance="subtle" icon={<NavigationRegular />} onClick={() => setPrefs({ rail: !prefs().rail })} />
      </Tooltip>
      <Link to="/overview" className={styles.brand}>
        <Mark />
        <span className={styles.word}>Vedette</span>
      </Link>
      <button type="button" className={styles.search} onClick={() => onOpen('palette')}>
        <SearchRegular aria-hidden="true" />
        <span className={styles.searchText}>{t('palette.placeholder')}</span>
        <kbd className={styles.hint}>Ctrl K</kbd>
      </button>
      <span className={styles.space} />
      <ScopePicker />
      <TimePicker />
      <Bell />
      <Tooltip content={`${t('keys.sheet')} (?)`} relationship="label">
        <Button appearance="subtle" icon={<QuestionCircleRegular />} onClick={() => onOpen('keys')} />
      </Tooltip>
      <UserMenu />
    </header>
  );
}
