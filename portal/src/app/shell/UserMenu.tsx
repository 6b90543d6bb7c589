import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemCheckbox,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
} from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { stopLive } from '@api/live';
import { signOut } from '@api/session';
import { LANGUAGES, setLanguage, t, type Language, type MessageKey } from '@i18n/t';
import { initials } from '@ui/Owner';
import { tokens } from '@ui/theme';
import { useSession } from '../hooks';
import { DENSITIES, THEME_CHOICES, setPrefs, usePrefs, type Prefs } from '../prefs';

const useStyles = makeStyles({
  avatar: {
    minWidth: '28px',
    width: '28px',
    height: '28px',
    padding: 0,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorBrandForeground2,
  },
  name: { padding: '8px 10px 2px', fontWeight: tokens.fontWeightSemibold },
  roles: { padding: '0 10px 8px', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
  popover: { minWidth: '220px' },
});

function Choices({ name, title, values, label }: { name: string; title: MessageKey; values: readonly string[]; label: string }) {
  return (
    <MenuGroup>
      <MenuGroupHeader>{t(title)}</MenuGroupHeader>
      {values.map((value) => (
        <MenuItemRadio key={value} name={name} value={value}>
          {t(`${label}.${value}` as MessageKey)}
        </MenuItemRadio>
      ))}
    </MenuGroup>
  );
}

async function applyChoice(name: string, value: string | undefined, checked: readonly string[]): Promise<void> {
  if (name === 'theme') setPrefs({ theme: value as Prefs['theme'] });
  if (name === 'density') setPrefs({ density: value as Prefs['density'] });
  if (name === 'keys') setPrefs({ singleKeys: checked.includes('single') });
  if (name === 'language') {
    await setLanguage(value as Language);
    setPrefs({ language: value as Language });
  }
}

export function UserMenu() {
  const styles = useStyles();
  const session = useSession();
  const current = usePrefs();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    await signOut();
    stopLive();
    client.clear();
    void navigate({ to: '/signin' });
  };
  return (
    <Menu
      positioning="below-end"
      checkedValues={{
        theme: [current.theme],
        density: [current.density],
        language: [current.language],
        keys: current.singleKeys ? ['single'] : [],
      }}
      onCheckedValueChange={(_, data) => void applyChoice(data.name, data.checkedItems[0], data.checkedItems)}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button shape="circular" className={styles.avatar} aria-label={t('user.menu', { name: session.user.name, short: initials(session.user.name) })}>
          {initials(session.user.name)}
        </Button>
      </MenuTrigger>
      <MenuPopover className={styles.popover}>
        <div className={styles.name}>{session.user.name}</div>
        <div className={styles.roles}>{session.user.roles.join(', ')}</div>
        <MenuList>
          <Choices name="theme" title="user.theme" values={THEME_CHOICES} label="theme" />
          <MenuDivider />
          <Choices name="density" title="user.density" values={DENSITIES} label="density" />
          <MenuDivider />
          <Choices name="language" title="user.language" values={LANGUAGES} label="language" />
          <MenuDivider />
          <MenuItemCheckbox name="keys" value="single">
            {t('user.singleKeys')}
          </MenuItemCheckbox>
          <MenuItem onClick={() => void leave()}>{t('user.signOut')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
