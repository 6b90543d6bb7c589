import { Button, makeStyles, mergeClasses } from '@fluentui/react-components';
import { AddRegular, DismissRegular } from '@fluentui/react-icons';
import { t } from '@i18n/t';
import { tokens } from '@ui/theme';
import { tabName, type LogTab } from '../tabs';

const useStyles = makeStyles({
  strip: { display: 'flex', alignItems: 'flex-end', gap: '2px', minWidth: 0, overflowX: 'auto', overflowY: 'hidden' },
  tab: {
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    height: '36px',
    paddingLeft: '10px',
    borderRadius: `${tokens.borderRadiusMedium} ${tokens.borderRadiusMedium} 0 0`,
    whiteSpace: 'nowrap',
    color: tokens.colorNeutralForeground2,
  },
  on: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    boxShadow: `inset 0 -2px 0 ${tokens.colorCompoundBrandStroke}`,
  },
  name: {
    padding: '0 2px',
    border: 'none',
    background: 'none',
    font: 'inherit',
    color: 'inherit',
    height: '28px',
    cursor: 'pointer',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  close: { minWidth: '24px', width: '24px', height: '24px' },
});

interface Props {
  tabs: LogTab[];
  active: string;
  onSelect: (id: string) => void;
  onClose: (id: string) => void;
  onAdd: () => void;
}

export function TabStrip({ tabs, active, onSelect, onClose, onAdd }: Props) {
  const styles = useStyles();
  return (
    <div className={styles.strip} role="group" aria-label={t('logs.tabs')}>
      {tabs.map((tab, index) => {
        const name = tabName(tab.text) ?? t('logs.untitled', { n: index + 1 });
        const on = tab.id === active;
        return (
          <div key={tab.id} className={mergeClasses(styles.tab, on && styles.on)}>
            <button type="button" className={styles.name} aria-pressed={on} onClick={() => onSelect(tab.id)}>
              {name}
            </button>
            <Button
              size="small"
              appearance="transparent"
              className={styles.close}
              icon={<DismissRegular fontSize={12} />}
              aria-label={t('logs.closeTab', { name })}
              onClick={() => onClose(tab.id)}
            />
          </div>
        );
      })}
      <Button size="small" appearance="subtle" icon={<AddRegular />} aria-label={t('logs.newTab')} title={t('logs.newTab')} onClick={onAdd} />
    </div>
  );
}
