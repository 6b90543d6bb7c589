import { useMemo, useState } from 'react';
import { Field, Input, Switch, Textarea, makeStyles } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { deleteBookmark, putBookmark, relateBookmark } from '@api/casework';
import type { Incident, RowSet } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { cellText } from './cells';
import { FieldList } from './FieldList';
import { FormDialog } from './FormDialog';
import { IncidentPicker } from './incident/IncidentPicker';
import { tokens } from './theme';

const useStyles = makeStyles({
  row: { maxHeight: '150px', overflowY: 'auto', border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium },
});

interface BookmarkDialogProps {
  set: RowSet;
  row: RowSet['rows'][number];
  query: string;
  name?: string;
  tactics?: string[];
  techniques?: string[];
  onDone: () => void;
}

/** The first few facts of a row, as its name. */
function nameOf(set: RowSet, row: RowSet['rows'][number]): string {
  const telling = set.columns.flatMap((column, index) => {
    const text = column.type === 'string' ? cellText(row[index], column.type) : '';
    return text !== '' && text.length < 60 ? [text] : [];
  });
  return telling.slice(0, 3).join(', ');
}

const timeOf = (set: RowSet, row: RowSet['rows'][number]) => {
  const at = set.columns.findIndex((column) => column.type === 'datetime');
  const value = at < 0 ? null : row[at];
  return typeof value === 'string' ? value : undefined;
};

/** Keeps a result row with the query that gave it, and puts it into an incident when one is chosen. */
export function BookmarkDialog({ set, row, query, name, tactics, techniques, onDone }: BookmarkDialogProps) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const [title, setTitle] = useState(() => name ?? nameOf(set, row));
  const [notes, setNotes] = useState('');
  const [into, setInto] = useState(false);
  const [incident, setIncident] = useState<Incident | null>(null);
  const cells = useMemo(() => Object.fromEntries(set.columns.map((column, index) => [column.name, row[index] ?? null])), [set, row]);
  const refresh = () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === 'bookmarks' || queryKey[1] === 'incidentBookmarks' });
  const save = async () => {
    const id = crypto.randomUUID();
    await putBookmark(ws, id, { displayName: title.trim(), query, queryResult: JSON.stringify(cells), notes: notes.trim() || undefined, eventTime: timeOf(set, row), tactics, techniques });
    if (into && incident) await relateBookmark(ws, incident.name, id);
    notify({
      text: into && incident ? t('bookmark.keptIn', { n: incident.properties.incidentNumber }) : t('bookmark.kept'),
      undo: () => deleteBookmark(ws, id).then(refresh),
    });
    refresh();
    onDone();
  };
  return (
    <FormDialog title={t('bookmark.title')} act={t('bookmark.act')} ready={title.trim() !== '' && (!into || incident !== null)} onCancel={onDone} onAct={save}>
      <Field label={t('bookmark.name')} required>
        <Input autoFocus value={title} onChange={(_, data) => setTitle(data.value)} />
      </Field>
      <div className={styles.row} tabIndex={0} role="region" aria-label={t('rows.label')}>
        <FieldList set={set} row={row} />
      </div>
      <Field label={t('bookmark.notes')}>
        <Textarea rows={2} value={notes} onChange={(_, data) => setNotes(data.value)} />
      </Field>
      <Switch checked={into} label={t('bookmark.into')} onChange={(_, data) => setInto(data.checked)} />
      {into && <IncidentPicker offered={[]} chosen={incident} onChoose={setIncident} />}
    </FormDialog>
  );
}
