import { useState } from 'react';
import { Checkbox, Field, Input, Label, Radio, RadioGroup, Select, Textarea, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { Standard } from '@api/compliance';
import { assignPolicy, makeStandard, policiesQuery, unassignPolicy, type PolicyObject } from '@api/policies';
import { useSubscription, useTakeBack } from '@app/usePosture';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';
import { ScopeField } from '@ui/posture/ScopeField';

const useStyles = makeStyles({ list: { display: 'grid', maxHeight: '220px', overflowY: 'auto' } });

const titleOf = (one: PolicyObject) => one.properties.displayName ?? one.name;
const same = (a: string | undefined, b: string) => a?.toLowerCase() === b.toLowerCase();

/** What of the definitions becomes a control: its category, with all definitions of it. */
export function byCategory(definitions: readonly PolicyObject[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const one of definitions) {
    const category = one.properties.metadata?.category ?? '–';
    all.set(category, [...(all.get(category) ?? []), one.id]);
  }
  return new Map([...all].sort(([a], [b]) => a.localeCompare(b)));
}

function Ready({ list, value, onPick }: { list: PolicyObject[]; value: string; onPick: (id: string) => void }) {
  if (list.length === 0) return <span>{t('standard.noneLeft')}</span>;
  return (
    <Field label={t('standard.which')} required>
      <Select value={value} onChange={(_, data) => onPick(data.value)}>
        <option value="" />
        {list.map((one) => (
          <option key={one.id} value={one.id}>
            {titleOf(one)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** Holds a scope to a standard: one that is there, or one of one's own, made of groups of definitions. */
export function AddStandard({ assigned, onClose }: { assigned: Standard[]; onClose: () => void }) {
  const styles = useStyles();
  const takeBack = useTakeBack();
  const subscription = useSubscription();
  const sets = useQuery(policiesQuery(subscription, 'initiatives')).data ?? [];
  const groups = byCategory(useQuery(policiesQuery(subscription, 'definitions')).data ?? []);
  const [own, setOwn] = useState(false);
  const [picked, setPicked] = useState('');
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [scope, setScope] = useState(`/subscriptions/${subscription}`);
  const left = sets.filter((one) => (one.properties.policyDefinitionGroups?.length ?? 0) > 0 && !assigned.some((each) => same(each.properties.policySetDefinitionId, one.id)));
  const ready = own ? name.trim() !== '' && chosen.size > 0 : picked !== '';
  const toggle = (category: string, on: boolean) => setChosen(on ? new Set([...chosen, category]) : new Set([...chosen].filter((one) => one !== category)));
  const save = async () => {
    const title = own ? name.trim() : titleOf(left.find((one) => one.id === picked) ?? { id: '', name: '', properties: {} });
    const controls = new Map([...groups].filter(([category]) => chosen.has(category)));
    const id = own ? await makeStandard(subscription, title, text.trim(), controls) : picked;
    const assignment = await assignPolicy(scope, id, title, {});
    await takeBack(t('standard.done', { name: title }), () => unassignPolicy(assignment));
    onClose();
  };
  return (
    <FormDialog title={t('standard.title')} act={t('standard.do')} ready={ready} onCancel={onClose} onAct={save}>
      <RadioGroup value={own ? 'own' : 'ready'} onChange={(_, data) => setOwn(data.value === 'own')} aria-label={t('standard.title')}>
        <Radio value="ready" label={t('standard.ready')} />
        <Radio value="own" label={t('standard.own')} />
      </RadioGroup>
      {!own && <Ready list={left} value={picked} onPick={setPicked} />}
      {own && (
        <>
          <Field label={t('assign.name')} required>
            <Input value={name} onChange={(_, data) => setName(data.value)} />
          </Field>
          <Field label={t('standard.text')}>
            <Textarea value={text} rows={2} onChange={(_, data) => setText(data.value)} />
          </Field>
          <div role="group" aria-label={t('standard.groups')}>
            <Label required>{t('standard.groups')}</Label>
            <div className={styles.list}>
              {[...groups].map(([category, ids]) => (
                <Checkbox key={category} label={t('standard.group', { category, n: ids.length })} checked={chosen.has(category)} onChange={(_, data) => toggle(category, data.checked === true)} />
              ))}
            </div>
          </div>
        </>
      )}
      <ScopeField value={scope} onPick={setScope} />
    </FormDialog>
  );
}
