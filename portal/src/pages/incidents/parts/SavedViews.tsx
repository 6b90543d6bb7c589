import { useEffect, useRef, useState } from 'react';
import { Checkbox, Field, Input, Menu, MenuButton, MenuDivider, MenuGroup, MenuGroupHeader, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { deleteView, putView, setDefaultView, viewsQuery, type SavedView } from '@api/views';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { failureText } from '@ui/Empty';
import { FormDialog } from '@ui/FormDialog';
import { validateIncidentsSearch, type IncidentsSearch } from '../search';

const PAGE = 'incidents';

/** What of the address makes a view: all but the row that is looked at. */
export function definitionOf(search: IncidentsSearch): Record<string, string> {
  const { sel: _, ...rest } = search;
  return Object.fromEntries(Object.entries(rest).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])));
}

const sameView = (view: SavedView, search: IncidentsSearch) => {
  const sorted = (definition: Record<string, string>) => JSON.stringify(Object.entries(definition).sort());
  return sorted(view.definition.search ?? {}) === sorted(definitionOf(search));
};

function SaveDialog({ search, onDone }: { search: IncidentsSearch; onDone: () => void }) {
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [first, setFirst] = useState(false);
  const save = async () => {
    const id = crypto.randomUUID();
    await putView(ws, id, { displayName: name.trim(), page: PAGE, shared, definition: { search: definitionOf(search) } });
    if (first) await setDefaultView(ws, PAGE, id);
    const again = () => void client.invalidateQueries({ queryKey: viewsQuery(ws, PAGE).queryKey });
    notify({ text: t('views.saved', { name: name.trim() }), undo: () => deleteView(ws, id).then(again) });
    again();
    onDone();
  };
  return (
    <FormDialog title={t('views.saveTitle')} act={t('views.saveAct')} width={440} ready={name.trim() !== ''} onCancel={onDone} onAct={save}>
      <Field label={t('column.name')} required>
        <Input autoFocus value={name} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Checkbox label={t('views.shared')} checked={shared} onChange={(_, data) => setShared(data.checked === true)} />
      <Checkbox label={t('views.first')} checked={first} onChange={(_, data) => setFirst(data.checked === true)} />
    </FormDialog>
  );
}

/** Views that people named: opened, saved, begun with, deleted. The default one opens when the address says nothing. */
export function SavedViews({ search, onOpen }: { search: IncidentsSearch; onOpen: (search: IncidentsSearch, replace: boolean) => void }) {
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const [saving, setSaving] = useState(false);
  const { data: views, isFetching } = useQuery(viewsQuery(ws, PAGE));
  const current = views?.find((view) => sameView(view, search));
  const bare = useRef(Object.keys(definitionOf(search)).length === 0 && search.sel === undefined);
  const first = views?.find((view) => view.isDefault);
  useEffect(() => {
    if (Object.keys(definitionOf(search)).length > 0) bare.current = false;
    if (!bare.current || isFetching) return;
    bare.current = views === undefined;
    if (first) onOpen(validateIncidentsSearch(first.definition.search ?? {}), true);
  }, [views, first, isFetching, search, onOpen]);
  const again = () => void client.invalidateQueries({ queryKey: viewsQuery(ws, PAGE).queryKey });
  const failed = (error: unknown) => notify({ text: failureText(error), intent: 'error' });
  const setFirst = (view: SavedView | undefined) => void setDefaultView(ws, PAGE, view?.id).then(again, failed);
  const remove = (view: SavedView) => {
    const undo = () => putView(ws, view.id, { displayName: view.displayName, page: PAGE, shared: view.shared, definition: view.definition }).then(again);
    void deleteView(ws, view.id).then(() => {
      notify({ text: t('views.deleted', { name: view.displayName }), undo });
      again();
    }, failed);
  };
  const group = (title: string, list: SavedView[]) =>
    list.length > 0 && (
      <MenuGroup>
        <MenuGroupHeader>{title}</MenuGroupHeader>
        {list.map((view) => (
          <MenuItem key={view.id} secondaryContent={view.isDefault ? t('views.default') : undefined} onClick={() => onOpen(validateIncidentsSearch(view.definition.search ?? {}), false)}>
            {view.displayName}
          </MenuItem>
        ))}
      </MenuGroup>
    );
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <MenuButton size="small" appearance="subtle" aria-label={current ? t('views.label', { name: current.displayName }) : t('views.title')}>
            {current?.displayName ?? t('views.title')}
          </MenuButton>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {group(t('views.own'), views?.filter((view) => !view.shared) ?? [])}
            {group(t('views.everybody'), views?.filter((view) => view.shared) ?? [])}
            {views && views.length > 0 && <MenuDivider />}
            <MenuItem onClick={() => setSaving(true)}>{t('views.save')}</MenuItem>
            {current && (
              <>
                <MenuItem onClick={() => setFirst(current.isDefault ? undefined : current)}>{current.isDefault ? t('views.notFirst') : t('views.makeFirst')}</MenuItem>
                <MenuItem onClick={() => remove(current)}>{t('views.delete', { name: current.displayName })}</MenuItem>
              </>
            )}
          </MenuList>
        </MenuPopover>
      </Menu>
      {saving && <SaveDialog search={search} onDone={() => setSaving(false)} />}
    </>
  );
}
