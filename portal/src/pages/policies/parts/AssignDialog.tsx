import { useState } from 'react';
import { Field, Input, Select } from '@fluentui/react-components';
import { assignPolicy, typed, unassignPolicy, type Parameter, type PolicyObject } from '@api/policies';
import { useSubscription, useTakeBack } from '@app/usePosture';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';
import { ScopeField } from '@ui/posture/ScopeField';
import { titleOf } from '../search';

const MOST = 12;
const text = (value: unknown) => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

function ParameterField({ name, one, value, onChange }: { name: string; one: Parameter; value: string; onChange: (value: string) => void }) {
  const label = one.metadata?.displayName ?? name;
  return (
    <Field label={label} hint={one.metadata?.description} required={one.defaultValue === undefined}>
      {one.allowedValues ? (
        <Select value={value} onChange={(_, data) => onChange(data.value)}>
          {one.defaultValue === undefined && <option value="" />}
          {one.allowedValues.map((each) => (
            <option key={text(each)} value={text(each)}>
              {text(each)}
            </option>
          ))}
        </Select>
      ) : (
        <Input value={value} onChange={(_, data) => onChange(data.value)} />
      )}
    </Field>
  );
}

/** Puts a definition or an initiative to work at a scope, its parameters as a form. Undo takes it back. */
export function AssignDialog({ one, onClose }: { one: PolicyObject; onClose: () => void }) {
  const takeBack = useTakeBack();
  const subscription = useSubscription();
  const [scope, setScope] = useState(`/subscriptions/${subscription}`);
  const [name, setName] = useState(titleOf(one));
  const declared = Object.entries(one.properties.parameters ?? {});
  const asked = [...declared].sort(([, a], [, b]) => Number(a.defaultValue !== undefined) - Number(b.defaultValue !== undefined)).slice(0, MOST);
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(declared.map(([key, each]) => [key, text(each.defaultValue)])));
  const ready = name.trim() !== '' && declared.every(([key, each]) => each.defaultValue !== undefined || values[key] !== '');
  const save = async () => {
    const given = declared.filter(([key, each]) => values[key] !== text(each.defaultValue)).map(([key, each]): [string, unknown] => [key, typed(each, values[key] ?? '')]);
    const id = await assignPolicy(scope, one.id, name.trim(), Object.fromEntries(given));
    await takeBack(t('assign.done', { name: name.trim() }), () => unassignPolicy(id));
    onClose();
  };
  return (
    <FormDialog title={t('assign.title', { name: titleOf(one) })} act={t('assign.do')} ready={ready} onCancel={onClose} onAct={save}>
      <Field label={t('assign.name')} required>
        <Input value={name} onChange={(_, data) => setName(data.value)} />
      </Field>
      <ScopeField value={scope} onPick={setScope} />
      {asked.map(([key, each]) => (
        <ParameterField key={key} name={key} one={each} value={values[key] ?? ''} onChange={(value) => setValues({ ...values, [key]: value })} />
      ))}
      {declared.length > MOST && <span>{t('assign.more', { n: declared.length - MOST })}</span>}
    </FormDialog>
  );
}
