import { useCallback, useMemo, useState } from 'react';
import { Button, Tab, TabList, makeStyles } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { verdictsQuery } from '@api/alerts';
import { deleteRule, emptyRule, putRule, refreshRules, ruleOf, rulesQuery, templatesQuery, type AnalyticRule, type RuleTemplate } from '@api/rules';
import { SEVERITIES } from '@api/types';
import { useTitle, useWorkspace } from '@app/hooks';
import { stepFrom, useListKeys, usePatch } from '@app/useList';
import { useNotify } from '@app/Notify';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { t } from '@i18n/t';
import { Empty, Failure, failureText } from '@ui/Empty';
import { FilterChip, chosenWords } from '@ui/FilterChip';
import { PageHead } from '@ui/PageHead';
import { SearchWords } from '@ui/SearchWords';
import { Severity, severityWord } from '@ui/Severity';
import { Table, type TableColumn } from '@ui/Table';
import { tacticWord } from '@ui/tactics';
import { tokens } from '@ui/theme';
import { percent } from '@ui/time';
import { RuleDialog } from './parts/RuleDialog';
import { RulePane } from './parts/RulePane';
import { spanWord } from './parts/words';
import { select, severitiesOf, type RulesSearch, type RulesTab } from './search';

const useStyles = makeStyles({
  split: { flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', position: 'relative' },
  list: { display: 'flex', flexDirection: 'column', minWidth: 0, minHeight: 0, backgroundColor: tokens.colorNeutralBackground1 },
  tabs: { padding: '0 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, flexShrink: 0 },
  filters: { display: 'flex', alignItems: 'center', gap: '8px', padding: '10px 24px' },
  off: { color: tokens.colorNeutralForeground3 },
});

const route = getRouteApi('/shell/analytics');
type Listed = AnalyticRule | RuleTemplate;

function useColumns(tab: RulesTab, narrow: boolean, precision: ReadonlyMap<string, number | null>): TableColumn<Listed>[] {
  const styles = useStyles();
  return useMemo(() => {
    const p = (one: Listed) => one.properties;
    const columns: (TableColumn<Listed> | null)[] = [
      { id: 'severity', header: narrow ? '' : t('column.severity'), label: t('column.severity'), width: narrow ? '30px' : '120px', cell: (one) => <Severity value={p(one).severity} word={!narrow} /> },
      { id: 'name', header: t('column.name'), label: t('column.name'), width: 'minmax(220px, 2fr)', title: (one) => p(one).displayName, cell: (one) => <span className={tab === 'rules' && p(one).enabled !== true ? styles.off : undefined}>{p(one).displayName}</span> },
      narrow ? null : { id: 'tactic', header: t('column.tactic'), label: t('column.tactic'), width: 'minmax(0, 1fr)', title: (one) => p(one).tactics?.map(tacticWord).join(', '), cell: (one) => p(one).tactics?.map(tacticWord).join(', ') || '–' },
      narrow ? null : { id: 'every', header: t('rules.every'), label: t('rules.every'), width: '100px', align: 'right', cell: (one) => (one.kind === 'NRT' ? t('time.now') : spanWord(p(one).queryFrequency)) },
      tab === 'rules' ? { id: 'right', header: t('rules.right'), label: t('rules.rightHint'), width: '76px', align: 'right', cell: (one) => { const share = precision.get(one.name); return share == null ? '–' : percent(share); } } : null,
      tab === 'rules'
        ? { id: 'state', header: t('column.status'), label: t('column.status'), width: '76px', cell: (one) => (p(one).enabled === true ? t('rules.on') : t('rules.off')) }
        : { id: 'used', header: t('rules.used'), label: t('rules.used'), width: '90px', align: 'right', cell: (one) => String(p(one)['alertRulesCreatedByTemplateCount'] ?? 0) },
    ];
    return columns.filter((column): column is TableColumn<Listed> => column !== null);
  }, [tab, narrow, precision, styles]);
}

/** What raises alerts: rules as they are in force, and the templates they may be made of. */
export default function RulesPage() {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const search = route.useSearch();
  const { notify } = useNotify();
  const { density } = usePrefs();
  const tab: RulesTab = search.tab ?? 'rules';
  const rules = useQuery(rulesQuery(ws));
  const templates = useQuery(templatesQuery(ws));
  const verdicts = useQuery(verdictsQuery(ws)).data;
  const [editing, setEditing] = useState<{ rule: AnalyticRule; isNew: boolean } | null>(null);
  const asked = tab === 'rules' ? rules : templates;
  const rows = useMemo(() => select<Listed>(asked.data ?? [], search), [asked.data, search]);
  const current = asked.data?.find((one) => one.name === search.sel) ?? null;
  const precision = useMemo(() => new Map(verdicts?.map((one) => [one.rule, one.precision])), [verdicts]);
  const columns = useColumns(tab, current !== null, precision);
  useTitle(t('nav.analytics'));
  const write = usePatch<RulesSearch>();
  const patch = useCallback((change: RulesSearch) => write(change, true), [write]);
  const step = (by: number) => {
    const next = stepFrom(rows, current ? rows.indexOf(current) : -1, by);
    if (next) patch({ sel: next.name });
  };
  useListKeys({ step, search: 'rule-search', escape: () => patch({ sel: undefined }) });
  const again = () => refreshRules(client, ws);
  const failed = (error: unknown) => notify({ text: failureText(error), intent: 'error' });
  const back = (rule: AnalyticRule) => () => putRule(ws, { ...rule, etag: undefined }).then(again);
  const toggle = (rule: AnalyticRule) => {
    const on = rule.properties.enabled !== true;
    void putRule(ws, { ...rule, properties: { ...rule.properties, enabled: on } }).then(() => {
      notify({ text: t(on ? 'rules.isOn' : 'rules.isOff', { name: rule.properties.displayName }), undo: back(rule) });
      again();
    }, failed);
  };
  const remove = (rule: AnalyticRule) =>
    void deleteRule(ws, rule.name).then(() => {
      notify({ text: t('rules.deleted', { name: rule.properties.displayName }), undo: back(rule) });
      patch({ sel: undefined });
      again();
    }, failed);
  const rule = tab === 'rules' ? (current as AnalyticRule | null) : null;
  return (
    <div className={styles.split}>
      <div className={styles.list}>
        <PageHead title={t('nav.analytics')}>
          <Button size="small" appearance="primary" icon={<AddRegular />} onClick={() => setEditing({ rule: emptyRule(), isNew: true })}>
            {t('rules.new')}
          </Button>
        </PageHead>
        <div className={styles.tabs}>
          <TabList selectedValue={tab} onTabSelect={(_, data) => patch({ tab: data.value === 'templates' ? 'templates' : undefined, sel: undefined })} aria-label={t('view.label')}>
            <Tab value="rules">{t('rules.rules', { n: rules.data?.length ?? 0 })}</Tab>
            <Tab value="templates">{t('rules.templates', { n: templates.data?.length ?? 0 })}</Tab>
          </TabList>
        </div>
        <div className={styles.filters} role="search">
          <SearchWords id="rule-search" words={search.q ?? ''} label={t('rules.find')} placeholder={t('incidents.search')} onChange={(q) => patch({ q: q || undefined })} />
          <FilterChip name="severity" label={t('column.severity')} value={chosenWords(severitiesOf(search).map(severityWord), t('filter.any'))} checked={severitiesOf(search)} options={SEVERITIES.map((value) => ({ value, text: severityWord(value) }))} onChange={(values) => patch({ sev: values.map((one) => one.toLowerCase()).join(',') || undefined })} />
        </div>
        {asked.error && <Failure title={t('failure.load')} error={asked.error} onRetry={() => void asked.refetch()} />}
        <Table label={t('nav.analytics')} columns={columns} rows={rows} rowKey={(one) => one.name} rowHeight={ROW_HEIGHT[density]} selected={current?.name ?? null} onSelect={(one) => patch({ sel: one.name })} onOpen={(one) => patch({ sel: one.name })} busy={asked.isPending} empty={asked.isPending || asked.error ? null : <Empty text={t('rules.none')} />} />
      </div>
      {current && (
        <RulePane
          key={current.name}
          one={current}
          precision={precision.get(current.name)}
          onStep={step}
          onEdit={() => setEditing(rule ? { rule, isNew: false } : { rule: ruleOf(current as RuleTemplate), isNew: true })}
          onToggle={rule ? () => toggle(rule) : undefined}
          onDelete={rule ? () => remove(rule) : undefined}
          onDismiss={() => patch({ sel: undefined })}
        />
      )}
      {editing && <RuleDialog begin={editing.rule} isNew={editing.isNew} onCancel={() => setEditing(null)} onDone={(name) => { setEditing(null); patch({ tab: undefined, sel: name, q: undefined, sev: undefined }); }} />}
    </div>
  );
}
