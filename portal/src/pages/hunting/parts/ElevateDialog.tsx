import { useState } from 'react';
import { Field, Input } from '@fluentui/react-components';
import { elevate, type Livestream } from '@api/hunting';
import type { Severity } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';
import { SeverityInput } from '@ui/SeverityInput';

const MOST = 50;

/** The newest rows of a livestream become an alert, which joins or makes an incident. */
export function ElevateDialog({ stream, rows, onDone }: { stream: Livestream; rows: number[]; onDone: () => void }) {
  const ws = useWorkspace();
  const { notify } = useNotify();
  const [title, setTitle] = useState(stream.title);
  const [severity, setSeverity] = useState<Severity>('Medium');
  const taken = rows.slice(0, MOST);
  return (
    <FormDialog
      title={t('live.elevateTitle')}
      act={t('live.elevateAct', { n: taken.length })}
      ready={title.trim() !== ''}
      onCancel={onDone}
      onAct={async () => {
        await elevate(ws, stream.id, { rows: taken, title: title.trim(), severity });
        notify({ text: t('live.elevated', { name: title.trim() }) });
        onDone();
      }}
    >
      <Field label={t('live.alertTitle')} required>
        <Input autoFocus value={title} onChange={(_, data) => setTitle(data.value)} />
      </Field>
      <SeverityInput value={severity} onChange={setSeverity} />
    </FormDialog>
  );
}
