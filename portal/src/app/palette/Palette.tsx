import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { Dialog, DialogSurface, makeStyles, mergeClasses } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons';
import { t, type MessageKey } from '@i18n/t';
import { tokens } from '@ui/theme';
import { usePaletteItems, type PaletteItem } from './usePaletteItems';

const useStyles = makeStyles({
  surface: { maxWidth: '600px', padding: 0, marginTop: '64px', overflow: 'hidden' },
  head: {
    display: 'flex',
    alignItems: 'center',
    gap: '10px',
    padding: '0 16px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  input: {
    flexGrow: 1,
    height: '48px',
    border: 'none',
    outlineStyle: 'none',
    background: 'none',
    color: tokens.colorNeutralForeground1,
    font: 'inherit',
    fontSize: tokens.fontSizeBase400,
  },
  list: { maxHeight: '420px', overflowY: 'auto', padding: '6px' },
  group: { padding: '8px 10px 4px', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
  item: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: '12px',
    padding: '7px 10px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    cursor: 'pointer',
  },
  on: { backgroundColor: tokens.rowSelBg, color: tokens.rowSelFg },
  text: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  note: { flexShrink: 0, fontSize: tokens.fontSizeBase200, opacity: 0.85 },
  none: { padding: '16px 10px', color: tokens.colorNeutralForeground3 },
});

function PaletteList({ items, at, id, onRun }: { items: PaletteItem[]; at: number; id: string; onRun: (item: PaletteItem) => void }) {
  const styles = useStyles();
  return (
    <div role="listbox" id={id} aria-label={t('palette.label')} className={styles.list}>
      {items.length === 0 && <div className={styles.none}>{t('palette.none')}</div>}
      {items.map((item, index) => (
        <div key={item.id} role="presentation">
          {items[index - 1]?.group !== item.group && (
            <div role="presentation" className={styles.group}>
              {t(`palette.${item.group}` as MessageKey)}
            </div>
          )}
          <div
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            ref={index === at ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            className={mergeClasses(styles.item, index === at && styles.on)}
            onClick={() => onRun(item)}
          >
            <span className={styles.text}>{item.text}</span>
            {item.note && <span className={styles.note}>{item.note}</span>}
          </div>
        </div>
      ))}
    </div>
  );
}

export function Palette({ onClose }: { onClose: () => void }) {
  const styles = useStyles();
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const items = usePaletteItems(text);
  useEffect(() => input.current?.focus(), []);
  useEffect(() => setAt(0), [text]);
  const run = (item: PaletteItem) => {
    onClose();
    setTimeout(item.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const item = items[at];
    if (event.key === 'ArrowDown') setAt((old) => Math.min(items.length - 1, old + 1));
    else if (event.key === 'ArrowUp') setAt((old) => Math.max(0, old - 1));
    else if (event.key === 'Enter' && item) run(item);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className={styles.surface} aria-label={t('palette.label')}>
        <div className={styles.head}>
          <SearchRegular aria-hidden="true" fontSize={20} />
          <input
            ref={input}
            className={styles.input}
            role="combobox"
            aria-expanded="true"
            aria-controls={id}
            aria-activedescendant={items.length > 0 ? `${id}-${at}` : undefined}
            aria-label={t('palette.placeholder')}
            placeholder={t('palette.hint')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKeyDown}
          />
        </div>
        <PaletteList items={items} at={at} id={id} onRun={run} />
      </DialogSurface>
    </Dialog>
  );
}
