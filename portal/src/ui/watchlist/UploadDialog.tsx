import { useDeferredValue, useRef, useState, type DragEvent } from 'react';
import { Button, Field, Input, Select, Textarea, makeStyles, mergeClasses } from '@fluentui/react-components';
import { ArrowUploadRegular } from '@fluentui/react-icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { deleteWatchlist, previewQuery, putWatchlist, refreshWatchlists, restoreVersion, type Watchlist } from '@api/watchlists';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { failureText } from '../Empty';
import { FormDialog } from '../FormDialog';
import { tokens } from '../theme';
import { aliasOf, headerOf } from './csv';
import { Diff } from './Diff';

const useStyles = makeStyles({
  drop: { display: 'flex', alignItems: 'center', gap: '10px', padding: '10px 12px', border: `1px dashed ${tokens.colorNeutralStroke1}`, borderRadius: tokens.borderRadiusMedium, color: tokens.colorNeutralForeground2 },
  over: { border: `1px dashed ${tokens.colorBrandStroke1}` },
  file: { display: 'none' },
  text: { fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200 },
  row: { display: 'grid', gridTemplateColumns: '1fr 1fr 1fr', columnGap: '12px' },
  wait: { minHeight: '152px', color: tokens.colorNeutralForeground2 },
});

export interface Draft {
  alias: string;
  displayName: string;
  text: string;
  key: string;
}

interface UploadProps {
  /** The list whose content is replaced; without it a new one is made. */
  list?: Watchlist;
  begin?: Draft;
  onCancel: () => void;
  onDone: (alias: string) => void;
}

function useUpload({ list, begin }: UploadProps) {
  const [draft, setDraft] = useState<Draft>(begin ?? { alias: list?.name ?? '', displayName: list?.properties.displayName ?? '', text: '', key: list?.properties.itemsSearchKey ?? '' });
  const columns = headerOf(draft.text);
  const key = columns.includes(draft.key) ? draft.key : (columns[0] ?? '');
  const upload = { displayName: draft.displayName.trim() || draft.alias, itemsSearchKey: key, rawContent: draft.text };
  const later = useDeferredValue(upload);
  const asked = draft.alias.trim().length >= 3 && columns.length > 0;
  const preview = useQuery({ ...previewQuery(useWorkspace(), draft.alias.trim(), later), enabled: asked });
  const read = async (file: File | undefined) => {
    if (!file) return;
    const text = await file.text();
    setDraft((old) => ({ ...old, text, alias: old.alias || aliasOf(file.name), displayName: old.displayName || file.name.replace(/\.[a-z]+$/i, '') }));
  };
  return { draft, setDraft, columns, key, upload, asked, preview, read };
}

/** A CSV, what it would change, and which of its lines do not fit, all before it is sent. */
export function UploadDialog(props: UploadProps) {
  const { list, onCancel, onDone } = props;
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const file = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const { draft, setDraft, columns, key, upload, asked, preview, read } = useUpload(props);
  const patch = (change: Partial<Draft>) => setDraft((old) => ({ ...old, ...change }));
  const diff = preview.data;
  const send = async () => {
    const alias = draft.alias.trim();
    const before = list?.properties.version;
    await putWatchlist(ws, alias, upload, list?.etag);
    const after = () => refreshWatchlists(client, ws);
    const undo = () => (before === undefined ? deleteWatchlist(ws, alias) : restoreVersion(ws, alias, before)).then(after);
    notify({ text: t('watchlist.uploaded', { name: upload.displayName, added: diff?.added ?? 0, changed: diff?.changed ?? 0, removed: diff?.removed ?? 0 }), undo });
    after();
    onDone(alias);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files[0]);
  };
  const works = diff !== undefined && diff.badLines.length === 0 && !preview.isFetching;
  return (
    <FormDialog title={list ? t('watchlist.replaceTitle', { name: list.properties.displayName }) : t('watchlist.newTitle')} act={list ? t('watchlist.replace') : t('watchlist.make')} width={760} ready={asked && works} onCancel={onCancel} onAct={send}>
      <div
        className={mergeClasses(styles.drop, over && styles.over)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <Button icon={<ArrowUploadRegular />} onClick={() => file.current?.click()}>
          {t('watchlist.browse')}
        </Button>
        {t('watchlist.drop')}
        <input ref={file} type="file" accept=".csv,.tsv,text/csv" className={styles.file} tabIndex={-1} aria-label={t('watchlist.browse')} onChange={(event) => void read(event.target.files?.[0])} />
      </div>
      <Field label={t('watchlist.content')}>
        <Textarea textarea={{ className: styles.text }} rows={5} value={draft.text} onChange={(_, data) => patch({ text: data.value })} />
      </Field>
      <div className={styles.row}>
        <Field label={t('watchlist.alias')} required>
          <Input value={draft.alias} disabled={list !== undefined} onChange={(_, data) => patch({ alias: data.value })} />
        </Field>
        <Field label={t('watchlist.name')}>
          <Input value={draft.displayName} onChange={(_, data) => patch({ displayName: data.value })} />
        </Field>
        <Field label={t('watchlist.key')}>
          <Select value={key} onChange={(_, data) => patch({ key: data.value })}>
            {columns.map((column) => (
              <option key={column}>{column}</option>
            ))}
          </Select>
        </Field>
      </div>
      {diff && asked ? <Diff diff={diff} /> : <p className={styles.wait}>{preview.error ? failureText(preview.error) : asked ? t('waiting') : t('watchlist.previewHint')}</p>}
    </FormDialog>
  );
}
