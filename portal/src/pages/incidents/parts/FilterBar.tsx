import { Button, makeStyles } from '@fluentui/react-components';
import { SEVERITIES, STATUSES } from '@api/types';
import { t, type MessageKey } from '@i18n/t';
import { FilterChip, chosenWords } from '@ui/FilterChip';
import { SearchWords } from '@ui/SearchWords';
import { severityWord } from '@ui/Severity';
import { statusWord } from '@ui/Status';
import { tokens } from '@ui/theme';
import { viewStatus } from '../filter';
import { OWNERS, filterCount, type IncidentsSearch, type OwnerFilter, type QueueState } from '../search';

const useStyles = makeStyles({
  bar: { display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, padding: '10px 24px' },
});

export function FilterBar({ state, onChange }: { state: QueueState; onChange: (patch: IncidentsSearch) => void }) {
  const styles = useStyles();
  const lower = (list: string[]) => list.map((one) => one.toLowerCase()).join(',') || undefined;
  const count = filterCount(state);
  return (
    <div className={styles.bar} role="search">
      <SearchWords
        id="queue-search"
        words={state.words}
        label={t('incidents.searchLabel')}
        placeholder={t('incidents.search')}
        onChange={(q) => onChange({ q: q || undefined })}
      />
      <FilterChip
        name="status"
        label={t('column.status')}
        value={chosenWords(viewStatus(state).map(statusWord), t('filter.any'))}
        checked={viewStatus(state)}
        options={STATUSES.map((value) => ({ value, text: statusWord(value) }))}
        onChange={(values) => onChange({ status: lower(values) })}
      />
      <FilterChip
        name="severity"
        label={t('column.severity')}
        value={chosenWords(state.severity.map(severityWord), state.view === 'high' ? severityWord('High') : t('filter.any'))}
        checked={state.severity}
        options={SEVERITIES.map((value) => ({ value, text: severityWord(value) }))}
        onChange={(values) => onChange({ sev: lower(values) })}
      />
      <FilterChip
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
