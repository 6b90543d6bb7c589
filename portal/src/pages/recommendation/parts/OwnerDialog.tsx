import { useState } from 'react';
import { Field, Input } from '@fluentui/react-components';
import type { Assessment } from '@api/assessments';
import { assignOwner, unassignOwner } from '@api/fixes';
import { useTakeBack } from '@app/usePosture';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';

const IN_TWO_WEEKS = () => new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);

/** Who answers for this on one resource, and until when. Undo gives it back to the rules. */
export function OwnerDialog({ one, name, onClose }: { one: Assessment; name: string; onClose: () => void }) {
  const takeBack = useTakeBack();
  const [owner, setOwner] = useState('');
  const [due, setDue] = useState(IN_TWO_WEEKS);
  const save = async () => {
    await assignOwner(one.resource, name, owner.trim(), `${due}T23:59:59Z`);
    await takeBack(t('owner.done', { resource: one.resourceName, owner: owner.trim() }), () => unassignOwner(one.resource, name));
    onClose();
  };
  return (
    <FormDialog title={t('owner.title', { resource: one.resourceName })} act={t('owner.do')} ready={owner.trim() !== '' && due !== ''} onCancel={onClose} onAct={save}>
      <Field label={t('owner.who')} required>
        <Input value={owner} onChange={(_, data) => setOwner(data.value)} placeholder={t('owner.hint')} />
      </Field>
      <Field label={t('owner.due')} required>
        <Input type="date" value={due} onChange={(_, data) => setDue(data.value)} />
      </Field>
    </FormDialog>
  );
}
