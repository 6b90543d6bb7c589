import { useState } from 'react';
import { Dropdown, Field, Input, Option, Select, SpinButton, Switch, Textarea, makeStyles } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { deleteRule, putRule, refreshRules, type AnalyticRule, type RuleProperties } from '@api/rules';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';
import { SeverityInput } from '@ui/SeverityInput';
import { TACTICS, tacticWord } from '@ui/tactics';
import { tokens } from '@ui/theme';
import { SPANS, spanWord } from './words';

const useStyles = makeStyles({
  row: { display: 'grid', gridTemplateColumns: '1fr 1fr 1fr', columnGap: '12px', alignItems: 'start' },
  text: { fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200 },
  narrow: { minWidth: 0 },
});

const known = (list: readonly string[], value: string | undefined) => (value === undefined || list.includes(value) ? list : [value, ...list]);

/** A rule as a form; the server reads and compiles it before it is kept, and its words stay here when it refuses. */
export function RuleDialog({ begin, isNew, onCancel, onDone }: { begin: AnalyticRule; isNew: boolean; onCancel: () => void; onDone: (name: string) => void }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const [p, setP] = useState<RuleProperties>(begin.properties);
  const patch = (change: Partial<RuleProperties>) => setP((old) => ({ ...old, ...change }));
  const scheduled = begin.kind === 'Scheduled';
  const save = async () => {
    await putRule(ws, { ...begin, properties: { ...p, displayName: p.displayName.trim() } });
    const again = () => refreshRules(client, ws);
    const undo = () => (isNew ? deleteRule(ws, begin.name) : putRule(ws, { ...begin, etag: undefined })).then(again);
    notify({ text: t('rules.saved', { name: p.displayName.trim() }), undo });
    again();
    onDone(begin.name);
  };
  return (
    <FormDialog title={isNew ? t('rules.newTitle') : t('rules.editTitle')} act={isNew ? t('rules.make') : t('rules.save')} width={760} ready={p.displayName.trim() !== '' && p.query.trim() !== ''} onCancel={onCancel} onAct={save}>
      <Field label={t('column.name')} required>
        <Input autoFocus value={p.displayName} onChange={(_, data) => patch({ displayName: data.value })} />
      </Field>
      <Field label={t('rules.description')}>
        <Textarea rows={2} value={p.description ?? ''} onChange={(_, data) => patch({ description: data.value })} />
      </Field>
      <Field label="KQL" required>
        <Textarea textarea={{ className: styles.text }} rows={8} value={p.query} onChange={(_, data) => patch({ query: data.value })} />
      </Field>
      <div className={styles.row}>
        <SeverityInput value={p.severity} onChange={(severity) => patch({ severity })} />
        <Field label={t('column.tactic')}>
          <Dropdown className={styles.narrow} multiselect selectedOptions={p.tactics ?? []} value={(p.tactics ?? []).map(tacticWord).join(', ')} onOptionSelect={(_, data) => patch({ tactics: data.selectedOptions })}>
            {TACTICS.map((one) => (
              <Option key={one} value={one}>
                {tacticWord(one)}
              </Option>
            ))}
          </Dropdown>
        </Field>
        <Field label={t('hunt.techniques')}>
          <Input value={(p.techniques ?? []).join(', ')} onChange={(_, data) => patch({ techniques: data.value.split(',').map((one) => one.trim()).filter(Boolean) })} />
        </Field>
      </div>
      {scheduled && (
        <div className={styles.row}>
          <Field label={t('rules.every')}>
            <Select value={p.queryFrequency} onChange={(_, data) => patch({ queryFrequency: data.value })}>
              {known(SPANS, p.queryFrequency).map((one) => (
                <option key={one} value={one}>
                  {spanWord(one)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('rules.over')}>
            <Select value={p.queryPeriod} onChange={(_, data) => patch({ queryPeriod: data.value })}>
              {known(SPANS, p.queryPeriod).map((one) => (
                <option key={one} value={one}>
                  {spanWord(one)}
                </option>
              ))}
            </Select>
          </Field>
          <Field label={t('rules.threshold')}>
            <SpinButton min={0} value={p.triggerThreshold ?? 0} onChange={(_, data) => patch({ triggerThreshold: Math.max(0, data.value ?? (Number(data.displayValue) || 0)) })} />
          </Field>
        </div>
      )}
      <Switch checked={p.enabled === true} label={t('rules.enabled')} onChange={(_, data) => patch({ enabled: data.checked })} />
    </FormDialog>
  );
}
