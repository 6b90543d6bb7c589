import { useState, type ReactNode } from 'react';
import { Field, Input, Radio, RadioGroup, Textarea } from '@fluentui/react-components';
import { exempt, type AtWork, type Exemption } from '@api/decisions';
import { useTakeBack } from '@app/usePosture';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';

interface Props {
  /** What is left out, by its name and its id; an empty id is not chosen yet. */
  name: string;
  scope: string;
  work: AtWork;
  /** What it is left out of. */
  title: string;
  /** Fields with which it is chosen, where it is not fixed. */
  children?: ReactNode;
  onClose: () => void;
}

/** Leaves something out of a policy: why, and until when. Undo takes it back. */
export function ExemptDialog({ name, scope, work, title, children, onClose }: Props) {
  const takeBack = useTakeBack();
  const [category, setCategory] = useState<Exemption['category']>('Waiver');
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const save = async () => {
    const undo = await exempt(scope, work, { title, category, reason: reason.trim(), until });
    await takeBack(t('exempt.done', { resource: name }), undo);
    onClose();
  };
  return (
    <FormDialog title={t('exempt.title', { resource: name })} act={t('exempt.do')} ready={scope !== '' && reason.trim() !== ''} onCancel={onClose} onAct={save}>
      {children}
      <Field label={t('exempt.kind')}>
        <RadioGroup value={category} onChange={(_, data) => setCategory(data.value as Exemption['category'])}>
          <Radio value="Waiver" label={t('exempt.waiver')} />
          <Radio value="Mitigated" label={t('exempt.mitigated')} />
        </RadioGroup>
      </Field>
      <Field label={t('exempt.until')} hint={t('exempt.untilHint')}>
        <Input type="date" value={until} onChange={(_, data) => setUntil(data.value)} />
      </Field>
      <Field label={t('exempt.reason')} hint={t('exempt.noReason')} required>
        <Textarea value={reason} rows={3} onChange={(_, data) => setReason(data.value)} />
      </Field>
    </FormDialog>
  );
}
