/** What every list page is made of: the list beside its pane, and the views above it. */
import { Tab, TabList, makeStyles } from '@fluentui/react-components';
import { t } from '@i18n/t';
import { tokens } from './theme';
import { grouped } from './time';

export const useListStyles = makeStyles({
  split: { flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', position: 'relative' },
  list: { flexGrow: 1, display: 'flex', flexDirection: 'column', minWidth: 0, minHeight: 0, backgroundColor: tokens.colorNeutralBackground1 },
  filters: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '8px', padding: '8px 24px' },
});

const useStyles = makeStyles({
  tabs: { padding: '0 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflowX: 'auto', overflowY: 'hidden', flexShrink: 0 },
});

interface ViewTabsProps<V extends string> {
  views: readonly V[];
  view: V;
  word: (view: V) => string;
  /** How many are in it; nothing while that is not known. */
  count?: (view: V) => number | undefined;
  label?: string;
  onChange: (view: V) => void;
}

/** The views of a list as tabs, each with what waits in it. */
export function ViewTabs<V extends string>({ views, view, word, count, label = t('view.label'), onChange }: ViewTabsProps<V>) {
  const styles = useStyles();
  return (
    <div className={styles.tabs}>
      <TabList selectedValue={view} onTabSelect={(_, data) => onChange(data.value as V)} aria-label={label}>
        {views.map((one) => {
          const n = count?.(one);
          return (
            <Tab key={one} value={one}>
              {word(one)}
              {n === undefined ? '' : ` ${grouped(n)}`}
            </Tab>
          );
        })}
      </TabList>
    </div>
  );
}
