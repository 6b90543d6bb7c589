import { Button, Menu, MenuItemCheckbox, MenuItemRadio, MenuList, MenuPopover, MenuTrigger, makeStyles } from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons';
import { tokens } from './theme';

const useStyles = makeStyles({
  chip: { fontWeight: tokens.fontWeightRegular, minWidth: 0, height: '28px', padding: '0 8px', gap: '5px', whiteSpace: 'nowrap' },
  value: { fontWeight: tokens.fontWeightSemibold },
  list: { maxHeight: '420px', overflowY: 'auto' },
});

export interface FilterChipProps {
  name: string;
  label: string;
  value: string;
  checked: string[];
  options: { value: string; text: string }[];
  single?: boolean;
  onChange: (values: string[]) => void;
}

/** One filter of a list: its name, what it is set to, and the choices. */
export function FilterChip({ name, label, value, checked, options, single, onChange }: FilterChipProps) {
  const styles = useStyles();
  const Item = single ? MenuItemRadio : MenuItemCheckbox;
  return (
    <Menu checkedValues={{ [name]: checked }} onCheckedValueChange={(_, data) => onChange(data.checkedItems)}>
      <MenuTrigger disableButtonEnhancement>
        <Button size="small" className={styles.chip}>
          {label} <span className={styles.value}>{value}</span>
          <ChevronDownRegular fontSize={12} aria-hidden="true" />
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList className={styles.list}>
          {options.map((option) => (
            <Item key={option.value} name={name} value={option.value}>
              {option.text}
            </Item>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** What a chip says of several values. */
export const chosenWords = (list: readonly string[], all: string) => (list.length === 0 ? all : list.join(', '));
