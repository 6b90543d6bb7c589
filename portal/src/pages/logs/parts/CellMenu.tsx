import { Menu, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components';
import type { Cell, Column } from '@api/types';
import { t } from '@i18n/t';
import { cellFilter, cellText } from '@ui/cells';

export interface CellAt {
  column: Column;
  value: Cell;
  x: number;
  y: number;
}

interface Props {
  cell: CellAt;
  onFilter: (line: string) => void;
  onClose: () => void;
}

/** Keep only this, leave this out, copy: what the menu button, a right click or Alt and a click open. */
export function CellMenu({ cell, onFilter, onClose }: Props) {
  const target = { getBoundingClientRect: () => new DOMRect(cell.x, cell.y, 0, 0) };
  return (
    <Menu open positioning={{ target, position: 'below', align: 'start' }} onOpenChange={(_, data) => !data.open && onClose()}>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => onFilter(cellFilter(cell.column, cell.value, true))}>{t('cell.keep')}</MenuItem>
          <MenuItem onClick={() => onFilter(cellFilter(cell.column, cell.value, false))}>{t('cell.leaveOut')}</MenuItem>
          <MenuItem onClick={() => void navigator.clipboard.writeText(cellText(cell.value, cell.column.type))}>{t('action.copy')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
