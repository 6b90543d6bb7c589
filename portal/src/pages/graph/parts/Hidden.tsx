import { Menu, MenuButton, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { EyeOffRegular } from '@fluentui/react-icons';
import { t } from '@i18n/t';

interface HiddenProps {
  list: readonly { id: string; label: string }[];
  onShow: (id: string) => void;
  onShowAll: () => void;
}

/** What was hidden, each to be shown again; nothing of it is lost, and it says that there is some. */
export function Hidden({ list, onShow, onShowAll }: HiddenProps) {
  if (list.length === 0) return null;
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <MenuButton size="small" appearance="subtle" icon={<EyeOffRegular />}>
          {t('graph.hidden', { n: list.length })}
        </MenuButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {list.map((one) => (
            <MenuItem key={one.id} onClick={() => onShow(one.id)}>
              {t('graph.showOne', { name: one.label })}
            </MenuItem>
          ))}
          <MenuDivider />
          <MenuItem onClick={onShowAll}>{t('graph.showAll')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
