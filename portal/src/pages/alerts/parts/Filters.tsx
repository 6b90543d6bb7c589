import { useMemo } from 'react';
import { Button, Tooltip, makeStyles } from '@fluentui/react-components';
import { FilterDismissRegular } from '@fluentui/react-icons';
import { ALERT_STATUSES, type Finding } from '@api/alerts';
import { SEVERITIES } from '@api/types';
import { t, type MessageKey } from '@i18n/t';
import { alertStatusWord } from '@ui/AlertStatus';
import { FilterChip, chosenWords } from '@ui/FilterChip';
import { SearchWords } from '@ui/SearchWords';
import { severityWord } from '@ui/Severity';
import { TACTICS, tacticWord } from '@ui/tactics';
import { tokens } from '@ui/theme';
import { NO_FILTERS, filterCount, viewStatus, type AlertsSearch, type AlertsState } from '../search';
import { GROUPINGS, ruleName, type Grouping } from '../groups';

const useStyles = makeStyles({
  bar: { display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: tokens.spacingHorizontalSNudge, padding: '10px 24px' },
});

const lower = (list: string[]) => list.map((one) => one.toLowerCase()).join(',') || undefined;

/** The rules of what is loaded, the one with most alerts first. */
function useRules(rows: readonly Finding[]): { value: string; text: string }[] {
  return useMemo(() => {
    const found = new Map<string, { name: string; n: number }>();
    for (const one of rows) {
      const kept = found.get(one.properties.alertType) ?? { name: ruleName(one), n: 0 };
      found.set(one.properties.alertType, { ...kept, n: kept.n + 1 });
    }
    return [...found].sort((a, b) => b[1].n - a[1].n).map(([value, { name, n }]) => ({ value, text: `${name} (${n})` }));
  }, [rows]);
}

export function Filters({ state, rows, onChange }: { state: AlertsState; rows: readonly Finding[]; onChange: (patch: AlertsSearch) => void }) {
  const styles = useStyles();
  const rules = useRules(rows);
  const rule = rules.find((one) => one.value === state.rule);
  return (
    <div className={styles.bar} role="search">
      <SearchWords id="alert-search" words={state.words} label={t('alertList.searchLabel')} placeholder={t('incidents.search')} onChange={(q) => onChange({ q: q || undefined })} />
      <FilterChip
        name="status"
        label={t('column.status')}
        value={chosenWords(viewStatus(state).map(alertStatusWord), t('filter.any'))}
        checked={viewStatus(state)}
        options={ALERT_STATUSES.map((value) => ({ value, text: alertStatusWord(value) }))}
        onChange={(values) => onChange({ status: lower(values) })}
      />
      <FilterChip
        name="severity"
        label={t('column.severity')}
        value={chosenWords(state.severity.map(severityWord), t('filter.any'))}
        checked={state.severity}
        options={SEVERITIES.map((value) => ({ value, text: severityWord(value) }))}
        onChange={(values) => onChange({ sev: lower(values) })}
      />
      <FilterChip
        name="tactic"
        label={t('column.tactic')}
        value={chosenWords(state.tactics.map(tacticWord), t('filter.any'))}
        checked={state.tactics}
        options={TACTICS.map((value) => ({ value, text: tacticWord(value) }))}
        onChange={(values) => onChange({ tactic: lower(values) })}
      />
      <FilterChip
        name="rule"
        single
        label={t('column.rule')}
        value={state.rule === null ? t('filter.any') : (rule?.text ?? state.rule)}
        checked={[state.rule ?? '']}
        options={[{ value: '', text: t('filter.any') }, ...rules]}
        onChange={(values) => onChange({ rule: values[0] || undefined })}
      />
      <FilterChip
        name="group"
        single
        label={t('alertList.groupBy')}
        value={t(`alertList.group.${state.group}` as MessageKey)}
        checked={[state.group]}
        options={GROUPINGS.map((value) => ({ value, text: t(`alertList.group.${value}` as MessageKey) }))}
        onChange={([value]) => onChange({ group: value === 'none' ? undefined : (value as Grouping) })}
      />
      {filterCount(state) > 0 && (
        <Tooltip content={t('filter.clear')} relationship="label">
          <Button size="small" appearance="subtle" icon={<FilterDismissRegular />} onClick={() => onChange(NO_FILTERS)} />
        </Tooltip>
      )}
    </div>
  );
}
