/** What may be done to an alert by itself; each shows at once and can be taken back. */
import { useMemo } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { decide, deleteSuppression, patchFinding, putSuppression, refreshFindings, type AlertStatus, type Finding, type Suppression } from '@api/alerts';
import { addAlerts } from '@api/casework';
import { refreshFigures } from '@api/incidents';
import { undoAct } from '@api/investigate';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { alertStatusWord } from '@ui/AlertStatus';
import { failureText } from '@ui/Empty';

export function useFindingActions() {
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  return useMemo(() => {
    const failed = (error: unknown) => notify({ text: t('alertList.notSaved', { reason: failureText(error) }), intent: 'error' });
    const send = async (one: Finding, status: AlertStatus, done: string, undoable: boolean): Promise<void> => {
      const next: Finding = { ...one, properties: { ...one.properties, status } };
      patchFinding(client, ws, next);
      try {
        await decide(ws, one.name, status);
        const undo = () => void send(next, one.properties.status, t('undo.done'), false);
        notify({ text: done, undo: undoable ? undo : undefined });
      } catch (error) {
        patchFinding(client, ws, one);
        failed(error);
      }
    };
    const after = () => {
      refreshFindings(client, ws);
      refreshFigures(client, ws);
    };
    return {
      setStatus: (one: Finding, status: AlertStatus) => send(one, status, t('alertList.statusSet', { status: alertStatusWord(status) }), true),
      addTo: async (one: Finding, incident: Incident) => {
        const { act } = await addAlerts(ws, incident.name, [one.name]);
        const undo = () => undoAct(ws, act).then(after);
        notify({ text: t('alertList.added', { n: incident.properties.incidentNumber }), undo });
        after();
      },
      suppress: async (name: string, rule: Suppression) => {
        await putSuppression(ws, name, rule);
        const undo = () => deleteSuppression(ws, name).then(after);
        notify({ text: t('alertList.suppressedBy', { name }), undo });
        after();
      },
    };
  }, [client, notify, ws]);
}
export type FindingActions = ReturnType<typeof useFindingActions>;
