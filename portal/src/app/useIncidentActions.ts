/** One click acts, one undo takes back: every change of an incident goes through here. */
import { useCallback, useMemo, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { ApiError } from '@api/client';
import { changeMany } from '@api/casework';
import { findCached, incidentQuery, patchCaches, putIncident, refreshFigures } from '@api/incidents';
import { undoAct } from '@api/investigate';
import type { Incident, IncidentOwner, IncidentProperties, Session } from '@api/types';
import { t } from '@i18n/t';
import { failureText } from '@ui/Empty';
import { useSession, useWorkspace } from './hooks';
import { useNotify } from './Notify';

export type Patch = Partial<IncidentProperties>;
export interface Conflict {
  theirs: Incident;
  mine: Patch;
}

export function ownerOf(session: Session): IncidentOwner {
  return {
    objectId: session.user.id,
    assignedTo: session.user.name,
    userPrincipalName: session.user.name,
  };
}
export const NOBODY: IncidentOwner = { objectId: null, assignedTo: null, email: null, userPrincipalName: null };

/** The patch that would take `patch` back. */
export function inverse(before: Incident, patch: Patch): Patch {
  const keys = Object.keys(patch) as (keyof IncidentProperties)[];
  const back = Object.fromEntries(keys.map((key) => [key, before.properties[key] ?? null])) as Patch;
  return 'owner' in patch && !back.owner ? { ...back, owner: NOBODY } : back;
}

/** Did somebody change one of the very fields that the patch sets? A comment or a new alert is no conflict. */
export function collides(before: Incident, theirs: Incident, patch: Patch): boolean {
  const keys = Object.keys(patch) as (keyof IncidentProperties)[];
  const text = (incident: Incident, key: keyof IncidentProperties) => JSON.stringify(incident.properties[key] ?? null);
  return keys.some((key) => text(before, key) !== text(theirs, key));
}

export function useIncidentActions() {
  const client = useQueryClient();
  const ws = useWorkspace();
  const session = useSession();
  const { notify } = useNotify();
  const [conflict, setConflict] = useState<Conflict | null>(null);

  const send = useCallback(
    async (incident: Incident, patch: Patch, done: string | null, undoable: boolean): Promise<boolean> => {
      const before = findCached(client, ws, incident.name) ?? incident;
      patchCaches(client, ws, { ...before, properties: { ...before.properties, ...patch } });
      try {
        const after = await putIncident(ws, before, patch).catch(async (error: unknown) => {
          if (!(error instanceof ApiError) || error.status !== 412) throw error;
          const theirs = await client.fetchQuery({ ...incidentQuery(ws, incident.name), staleTime: 0 });
          if (collides(before, theirs, patch)) throw error;
          return putIncident(ws, theirs, patch);
        });
        patchCaches(client, ws, after);
        refreshFigures(client, ws);
        const undo = () => void send(after, inverse(before, patch), t('undo.done'), false);
        if (done) notify({ text: done, undo: undoable ? undo : undefined });
        return true;
      } catch (error) {
        patchCaches(client, ws, before);
        if (error instanceof ApiError && error.status === 412) {
          const theirs = await client.fetchQuery({ ...incidentQuery(ws, incident.name), staleTime: 0 });
          patchCaches(client, ws, theirs);
          setConflict({ theirs, mine: patch });
        } else notify({ text: t('incident.notSaved', { reason: failureText(error) }), intent: 'error' });
        return false;
      }
    },
    [client, notify, ws],
  );

  return useMemo(() => {
    const number = (incident: Incident) => incident.properties.incidentNumber;
    const change = (incident: Incident, patch: Patch, done: string) => send(incident, patch, done, true);
    return {
      conflict,
      dropConflict: () => setConflict(null),
      keepMine: () => {
        if (conflict) void send(conflict.theirs, conflict.mine, t('incident.saved', { n: number(conflict.theirs) }), true);
        setConflict(null);
      },
      change,
      take: (incident: Incident) =>
        change(
          incident,
          { owner: ownerOf(session), status: incident.properties.status === 'New' ? 'Active' : incident.properties.status },
          t('incident.taken', { n: number(incident) }),
        ),
      /** Several at once: one act of the server, whole or not at all, and undone as one. */
      changeAll: async (incidents: Incident[], patch: Patch): Promise<boolean> => {
        const before = incidents.map((one) => findCached(client, ws, one.name) ?? one);
        const again = () => {
          void client.invalidateQueries({ queryKey: ['SecurityInsights', 'incidents', ws.id] });
          for (const one of before) void client.invalidateQueries({ queryKey: incidentQuery(ws, one.name).queryKey });
          refreshFigures(client, ws);
        };
        for (const one of before) patchCaches(client, ws, { ...one, properties: { ...one.properties, ...patch } });
        try {
          const { act } = await changeMany(ws, before, patch);
          const undo = () => undoAct(ws, act).then(again);
          notify({ text: t('incidents.changed', { n: before.length, of: before.length }), undo });
          return true;
        } catch (error) {
          for (const one of before) patchCaches(client, ws, one);
          notify({ text: t('incidents.notChanged', { reason: failureText(error) }), intent: 'error' });
          return false;
        } finally {
          again();
        }
      },
    };
  }, [client, conflict, notify, send, session, ws]);
}

export type IncidentActions = ReturnType<typeof useIncidentActions>;
