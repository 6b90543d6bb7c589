import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Finding } from '@api/alerts';
import { similarQuery } from '@api/casework';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';
import { IncidentPicker } from '@ui/incident/IncidentPicker';
import type { FindingActions } from '../useFindingActions';

/** An alert is in one incident at most: adding it takes it from where it was. */
export function AddDialog({ one, actions, onDone }: { one: Finding; actions: FindingActions; onDone: () => void }) {
  const [chosen, setChosen] = useState<Incident | null>(null);
  const { correlationKey } = one.properties;
  const similar = useQuery({ ...similarQuery(useWorkspace(), correlationKey ?? ''), enabled: Boolean(correlationKey) }).data ?? [];
  return (
    <FormDialog
      title={t('alertList.addTitle')}
      act={chosen ? t('alertList.addAct', { n: chosen.properties.incidentNumber }) : t('alertList.addAny')}
      ready={chosen !== null}
      onCancel={onDone}
      onAct={async () => {
        if (chosen) await actions.addTo(one, chosen);
        onDone();
      }}
    >
      <IncidentPicker offered={similar.map(({ incident, reason }) => ({ incident, note: reason }))} not={correlationKey} chosen={chosen} onChoose={setChosen} />
    </FormDialog>
  );
}
