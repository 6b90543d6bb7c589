import { useState } from 'react';
import { Radio, RadioGroup, makeStyles } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { mergeIncidents, similarQuery } from '@api/casework';
import { refreshIncident, undoAct } from '@api/investigate';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { FormDialog } from '../FormDialog';
import { tokens } from '../theme';
import { IncidentPicker } from './IncidentPicker';

const useStyles = makeStyles({ note: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 } });

const label = ({ properties }: Incident) => `${properties.incidentNumber} ${properties.title}`;

/** Merging, and taking it back: everything that shows incidents is asked again. */
export function useMerge() {
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  return async (into: Incident, from: readonly Incident[]) => {
    const after = () => {
      void client.invalidateQueries({ queryKey: ['SecurityInsights'] });
      for (const one of [into, ...from]) refreshIncident(client, ws, one.name);
    };
    const done = await mergeIncidents(ws, into.name, from.map((one) => one.name));
    const undo = () => undoAct(ws, done.act).then(after);
    notify({ text: t('merge.done', { n: into.properties.incidentNumber, of: from.length }), undo });
    after();
  };
}

/** One incident into another that is looked for; related ones are offered first. */
export function MergeDialog({ incident, onCancel, onDone }: { incident: Incident; onCancel: () => void; onDone: (into: Incident) => void }) {
  const styles = useStyles();
  const [into, setInto] = useState<Incident | null>(null);
  const merge = useMerge();
  const related = useQuery(similarQuery(useWorkspace(), incident.name)).data ?? [];
  return (
    <FormDialog
      title={t('merge.title', { n: incident.properties.incidentNumber })}
      act={into ? t('merge.act', { n: into.properties.incidentNumber }) : t('merge.any')}
      ready={into !== null}
      onCancel={onCancel}
      onAct={async () => {
        if (!into) return;
        await merge(into, [incident]);
        onDone(into);
      }}
    >
      <IncidentPicker offered={related.map((one) => ({ incident: one.incident, note: one.reason }))} not={incident.name} chosen={into} onChoose={setInto} />
      <p className={styles.note}>{t('merge.note')}</p>
    </FormDialog>
  );
}

/** Several that are checked: which one takes the others in. */
export function MergeChosenDialog({ chosen, onCancel, onDone }: { chosen: readonly Incident[]; onCancel: () => void; onDone: () => void }) {
  const styles = useStyles();
  const oldest = [...chosen].sort((a, b) => a.properties.incidentNumber - b.properties.incidentNumber);
  const [name, setName] = useState(oldest[0]?.name ?? '');
  const merge = useMerge();
  const into = chosen.find((one) => one.name === name);
  return (
    <FormDialog
      title={t('merge.chosen', { n: chosen.length })}
      act={t('merge.act', { n: into?.properties.incidentNumber ?? 0 })}
      ready={into !== undefined && chosen.length > 1}
      onCancel={onCancel}
      onAct={async () => {
        if (!into) return;
        await merge(into, chosen.filter((one) => one !== into));
        onDone();
      }}
    >
      <RadioGroup value={name} aria-label={t('merge.which')} onChange={(_, data) => setName(data.value)}>
        {oldest.map((one) => (
          <Radio key={one.name} value={one.name} label={label(one)} />
        ))}
      </RadioGroup>
      <p className={styles.note}>{t('merge.note')}</p>
    </FormDialog>
  );
}
