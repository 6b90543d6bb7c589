import { useState } from 'react';
import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons';
import { ApiError } from '@api/client';
import { deleteItem, putItem, type Watchlist, type WatchlistItem } from '@api/watchlists';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { failureText } from '@ui/Empty';
import { PaneTop } from '@ui/PaneTop';
import { SidePane } from '@ui/SidePane';
import { Time } from './Time';

const useStyles = makeStyles({ form: { display: 'flex', flexDirection: 'column', gap: '12px' }, space: { flexGrow: 1 } });

interface ItemPaneProps {
  list: Watchlist;
  item: WatchlistItem | null;
  onDone: () => void;
  onChanged: () => void;
}

/** One row as a form: saved as one version, taken back by one Undo. Somebody faster is named, and nothing typed is lost. */
export function ItemPane({ list, item, onDone, onChanged }: ItemPaneProps) {
  const styles = useStyles();
  const ws = useWorkspace();
  const { notify } = useNotify();
  const { columns, itemsSearchKey } = list.properties;
  const before = item?.properties.itemsKeyValue;
  const [cells, setCells] = useState<Record<string, string>>(() => before ?? {});
  const [refusal, setRefusal] = useState<string | null>(null);
  const changed = columns.some((column) => (cells[column] ?? '') !== (before?.[column] ?? ''));
  const run = async (act: () => Promise<void>) => {
    try {
      await act();
      onChanged();
      onDone();
    } catch (error) {
      setRefusal(error instanceof ApiError && error.status === 412 ? t('watchlist.faster') : failureText(error));
    }
  };
  const save = () =>
    run(async () => {
      const id = item?.name ?? crypto.randomUUID();
      await putItem(ws, list.name, id, cells, item?.etag);
      const undo = () => (before ? putItem(ws, list.name, id, before) : deleteItem(ws, list.name, id)).then(onChanged);
      notify({ text: t('watchlist.saved', { name: cells[itemsSearchKey] ?? '' }), undo });
    });
  const remove = () =>
    run(async () => {
      if (!item) return;
      await deleteItem(ws, list.name, item.name);
      const undo = () => putItem(ws, list.name, item.name, item.properties.itemsKeyValue).then(onChanged);
      notify({ text: t('watchlist.removed', { name: before?.[itemsSearchKey] ?? '' }), undo });
    });
  const footer = (
    <>
      <Button appearance="primary" disabledFocusable={!changed} onClick={() => changed && void save()}>
        {item ? t('watchlist.saveRow') : t('watchlist.addRow')}
      </Button>
      <span className={styles.space} />
      {item && (
        <Button icon={<DeleteRegular />} onClick={() => void remove()}>
          {t('watchlist.removeRow')}
        </Button>
      )}
    </>
  );
  return (
    <SidePane label={t('watchlist.row')} footer={footer}>
      <PaneTop kind={t('watchlist.row')} title={before?.[itemsSearchKey] || t('watchlist.newRow')} onDismiss={onDone} />
      <div className={styles.form}>
        {item && <Time item={item} />}
        {columns.map((column) => (
          <Field key={column} label={column === itemsSearchKey ? t('watchlist.keyColumn', { column }) : column}>
            <Input value={cells[column] ?? ''} onChange={(_, data) => setCells((old) => ({ ...old, [column]: data.value }))} onKeyDown={(event) => event.key === 'Enter' && changed && void save()} />
          </Field>
        ))}
        {refusal && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{refusal}</MessageBarBody>
          </MessageBar>
        )}
      </div>
    </SidePane>
  );
}
