import { useState } from 'react';
import { Field, Input, Switch } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Bookmark } from '@api/casework';
import { promote } from '@api/hunting';
import { refreshFigures } from '@api/incidents';
import type { Incident, Severity } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';
import { IncidentPicker } from '@ui/incident/IncidentPicker';
import { SeverityInput } from '@ui/SeverityInput';

/** What was found becomes a case: a new incident, or one that there is. */
export function PromoteDialog({ chosen, onCancel, onDone }: { chosen: readonly Bookmark[]; onCancel: () => void; onDone: () => void }) {
  const ws = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { notify } = useNotify();
  const [title, setTitle] = useState(chosen[0]?.properties.displayName ?? '');
  const [severity, setSeverity] = useState<Severity>('Medium');
  const [old, setOld] = useState(false);
  const [incident, setIncident] = useState<Incident | null>(null);
  const act = async () => {
    const made = await promote(ws, { bookmarks: chosen.map((one) => one.name), ...(old ? { incident: incident?.name } : { new: { title: title.trim(), severity, status: 'New' as const } }) });
    void client.invalidateQueries({ queryKey: ['SecurityInsights'] });
    refreshFigures(client, ws);
    const n = made.properties.incidentNumber;
    notify({ text: t('bookmark.promoted', { n, of: chosen.length }) });
    onDone();
    void navigate({ to: '/incidents/$number', params: { number: String(n) }, search: { tab: 'bookmarks' } });
  };
  return (
    <FormDialog title={t('bookmark.promoteTitle', { n: chosen.length })} act={old ? t('bookmark.addAct') : t('bookmark.makeAct')} ready={old ? incident !== null : title.trim() !== ''} onCancel={onCancel} onAct={act}>
      <Switch checked={old} label={t('bookmark.existing')} onChange={(_, data) => setOld(data.checked)} />
      {old ? (
        <IncidentPicker offered={[]} chosen={incident} onChoose={setIncident} />
      ) : (
        <>
          <Field label={t('advice.title')} required>
            <Input autoFocus value={title} onChange={(_, data) => setTitle(data.value)} />
          </Field>
          <SeverityInput value={severity} onChange={setSeverity} />
        </>
      )}
    </FormDialog>
  );
}
