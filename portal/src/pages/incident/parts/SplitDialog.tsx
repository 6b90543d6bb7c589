import { useState } from 'react';
import { Checkbox, Field, Input, makeStyles } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { splitIncident } from '@api/casework';
import { alertsQuery } from '@api/incidents';
import { refreshIncident, undoAct } from '@api/investigate';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';
import { alertTime, byTime } from '@ui/incident/Story';
import { when } from '@ui/time';

const useStyles = makeStyles({ list: { display: 'flex', flexDirection: 'column', maxHeight: '280px', overflowY: 'auto' } });

/** Some of the alerts become an incident of their own; one at least stays. */
export function SplitDialog({ incident, onDone }: { incident: Incident; onDone: () => void }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const alerts = byTime(useQuery(alertsQuery(ws, incident.name)).data ?? []);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [title, setTitle] = useState('');
  const toggle = (id: string) => setChosen((old) => new Set(old.has(id) ? [...old].filter((one) => one !== id) : [...old, id]));
  const after = () => {
    void client.invalidateQueries({ queryKey: ['SecurityInsights'] });
    refreshIncident(client, ws, incident.name);
  };
  const split = async () => {
    const done = await splitIncident(ws, incident.name, [...chosen], title.trim());
    const undo = () => undoAct(ws, done.act).then(after);
    notify({ text: t('split.done', { n: chosen.size }), undo });
    after();
    onDone();
  };
  const ready = chosen.size > 0 && chosen.size < alerts.length;
  return (
    <FormDialog title={t('split.title', { n: incident.properties.incidentNumber })} act={t('split.act', { n: chosen.size })} ready={ready} onCancel={onDone} onAct={split}>
      <Field label={t('split.which')} validationMessage={chosen.size > 0 && chosen.size === alerts.length ? t('split.all') : undefined}>
        <div className={styles.list}>
          {alerts.map((one) => {
            const id = one.properties.systemAlertId;
            return <Checkbox key={id} checked={chosen.has(id)} label={`${when(alertTime(one))} ${one.properties.alertDisplayName}`} onChange={() => toggle(id)} />;
          })}
        </div>
      </Field>
      <Field label={t('split.name')} hint={t('split.nameHint')}>
        <Input value={title} onChange={(_, data) => setTitle(data.value)} />
      </Field>
    </FormDialog>
  );
}
