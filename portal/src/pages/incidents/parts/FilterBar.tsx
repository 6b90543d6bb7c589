import { useEffect, useRef, useState } from 'react';
import {
  Button,
  Menu,
  MenuItemCheckbox,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  SearchBox,
  makeStyles,
} from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons';
import { SEVERITIES, STATUSES } from '@api/types';
import { t, type MessageKey } from '@i18n/t';
import { severityWord } from '@ui/Severity';
import { statusWord } from '@ui/Status';
import { tokens } from '@ui/theme';
import { viewStatus } from '../filter';
import { OWNERS, filterCount, type IncidentsSearch, type OwnerFilter, type QueueState } from '../search';

const useStyles = makeStyles({
  bar: { display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, padding: '10px 24px' },
  search: { width: '220px', minWidth: '120px' },
  chip: { fontWeight: tokens.fontWeightRegular, minWidth: 0, height: '28px', padding: '0 8px', gap: '5px', whiteSpace: 'nowrap' },
  value: { fontWeight: tokens.fontWeightSemibold },
});

const PAUSE_MS = 200;

interface ChipProps {
  name: string;
  label: string;
  value: string;
  checked: string[];
  options: { value: string; text: string }[];
  single?: boolean;
  onChange: (values: string[]) => void;
}

function Chip({ name, label, value, checked, options, single, onChange }: ChipProps) {
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
        <MenuList>
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

/** What is typed goes into the address after a short pause. */
function Words({ words, onChange }: { words: string; onChange: (words: string) => void }) {
  const styles = useStyles();
  const [text, setText] = useState(words);
  const sent = useRef(words);
  useEffect(() => {
    if (words !== sent.current) setText(words);
    sent.current = words;
  }, [words]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      onChange(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  return (
    <SearchBox
      id="queue-search"
      size="small"
      className={styles.search}
      placeholder={t('incidents.search')}
      aria-label={t('incidents.searchLabel')}
      value={text}
      onChange={(_, data) => setText(data.value)}
    />
  );
}

const words = (list: readonly string[], all: string) => (list.length === 0 ? all : list.join(', '));

export function FilterBar({ state, onChange }: { state: QueueState; onChange: (patch: IncidentsSearch) => void }) {
  const styles = useStyles();
  const lower = (list: string[]) => list.map((one) => one.toLowerCase()).join(',') || undefined;
  const count = filterCount(state);
  return (
    <div className={styles.bar} role="search">
      <Words words={state.words} onChange={(q) => onChange({ q: q || undefined })} />
      <Chip
        name="status"
        label={t('column.status')}
        value={words(viewStatus(state).map(statusWord), t('filter.any'))}
        checked={viewStatus(state)}
        options={STATUSES.map((value) => ({ value, text: statusWord(value) }))}
        onChange={(values) => onChange({ status: lower(values) })}
      />
      <Chip
        name="severity"
        label={t('column.severity')}
        value={words(state.severity.map(severityWord), state.view === 'high' ? severityWord('High') : t('filter.any'))}
        checked={state.severity}
        options={SEVERITIES.map((value) => ({ value, text: severityWord(value) }))}
        onChange={(values) => onChange({ sev: lower(values) })}
      />
      <Chip
        name="owner"
        single
        label={t('column.owner')}
        value={t(`ownerFilter.${state.owner}` as MessageKey)}
        checked={[state.owner]}
        options={OWNERS.map((value) => ({ value, text: t(`ownerFilter.${value}` as MessageKey) }))}
        onChange={(values) => onChange({ owner: values[0] === 'any' ? undefined : (values[0] as OwnerFilter) })}
      />
      {count > 0 && (
        <Button size="small" appearance="subtle" onClick={() => onChange(NO_FILTERS)}>
          {t('filter.clear')}
        </Button>
      )}
    </div>
  );
}

export const NO_FILTERS: IncidentsSearch = { status: undefined, sev: undefined, owner: undefined, q: undefined };
