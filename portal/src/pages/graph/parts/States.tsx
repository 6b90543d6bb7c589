import { useState } from 'react';
import { Button, Field, Input, Menu, MenuButton, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { LinkRegular, SaveRegular } from '@fluentui/react-icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { saveGraph, savedGraphQuery, savedGraphsQuery, type GraphView } from '@api/investigate';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';
import { when } from '@ui/time';

const slug = (text: string) => text.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 50);

interface StatesProps {
  incident: Incident;
  name: string | undefined;
  view: GraphView;
  onOpen: (name: string) => void;
}

/** Saving what is seen under a name, and the states that were saved; a name is shared as part of the address. */
export function States({ incident, name, view, onOpen }: StatesProps) {
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const saved = useQuery(savedGraphsQuery(ws, incident.name)).data ?? [];
  const current = saved.find((one) => one.name === name);
  const [title, setTitle] = useState<string | null>(null);
  const save = async () => {
    const words = (title ?? '').trim();
    const id = slug(words) || crypto.randomUUID();
    const after = saved.find((one) => one.name === id)?.properties.version ?? 0;
    const done = await saveGraph(ws, incident.name, id, { title: words, after, graph: view });
    client.setQueryData(savedGraphQuery(ws, incident.name, id).queryKey, { ...done, properties: { ...done.properties, graph: view } });
    void client.invalidateQueries({ queryKey: savedGraphsQuery(ws, incident.name).queryKey });
    notify({ text: t('graph.saved', { name: words, n: done.properties.version }) });
    setTitle(null);
    onOpen(id);
  };
  const copy = () => void navigator.clipboard.writeText(location.href).then(() => notify({ text: t('copied.link') }));
  return (
    <>
      {saved.length > 0 && (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <MenuButton size="small" appearance="subtle">
              {current?.properties.title || t('graph.states', { n: saved.length })}
            </MenuButton>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {saved.map((one) => (
                <MenuItem key={one.name} secondaryContent={t('graph.savedBy', { who: one.properties.createdBy?.name ?? '', when: when(one.properties.createdTimeUtc) })} onClick={() => onOpen(one.name)}>
                  {one.properties.title || one.name}
                </MenuItem>
              ))}
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
      <Button size="small" appearance="subtle" icon={<SaveRegular />} onClick={() => setTitle(current?.properties.title ?? '')}>
        {t('graph.save')}
      </Button>
      <Button size="small" appearance="subtle" icon={<LinkRegular />} onClick={copy} title={`${t('keys.copyLink')} (y)`}>
        {t('action.copyLink')}
      </Button>
      {title !== null && (
        <FormDialog title={t('graph.saveTitle')} act={t('graph.saveAct')} ready={title.trim() !== ''} onCancel={() => setTitle(null)} onAct={save}>
          <Field label={t('graph.stateName')} hint={t('graph.stateHint')} required>
            <Input autoFocus value={title} onChange={(_, data) => setTitle(data.value)} />
          </Field>
        </FormDialog>
      )}
    </>
  );
}
