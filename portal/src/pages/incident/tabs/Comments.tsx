import { useEffect, useState, type KeyboardEvent } from 'react';
import { Button, Textarea, makeStyles } from '@fluentui/react-components';
import { DeleteRegular, EditRegular } from '@fluentui/react-icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { commentsQuery, deleteComment, putComment, refreshFigures } from '@api/incidents';
import type { Comment, Incident } from '@api/types';
import { keepDraft, readDraft } from '@app/drafts';
import { useSession, useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { Failure, failureText } from '@ui/Empty';
import { Markdown } from '@ui/Markdown';
import { OwnerMark } from '@ui/Owner';
import { When } from '@ui/Time';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  page: { maxWidth: '820px', padding: '18px 24px 32px' },
  editor: { width: '100%' },
  bar: { display: 'flex', alignItems: 'center', gap: '8px', margin: '8px 0 20px' },
  hint: { flexGrow: 1, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
  item: { padding: '12px 0', borderTop: `1px solid ${tokens.colorNeutralStroke3}` },
  head: { display: 'flex', alignItems: 'center', gap: '10px', marginBottom: '4px' },
  time: { flexGrow: 1, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
  none: { color: tokens.colorNeutralForeground3 },
});

interface EditorProps {
  initial: string;
  draftKey?: string;
  send: (text: string) => Promise<void>;
  onCancel?: () => void;
}

/** A failed send keeps every word; a draft survives the tab. */
function Editor({ initial, draftKey, send, onCancel }: EditorProps) {
  const styles = useStyles();
  const { notify } = useNotify();
  const [text, setText] = useState(initial);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (draftKey) void readDraft<string>(draftKey).then((kept) => kept && setText((now) => now || kept));
  }, [draftKey]);
  const change = (value: string) => {
    setText(value);
    if (draftKey) void keepDraft(draftKey, value);
  };
  const save = async () => {
    if (text.trim() === '' || busy) return;
    setBusy(true);
    try {
      await send(text.trim());
      change('');
    } catch (error) {
      notify({ text: t('comment.notSaved', { reason: failureText(error) }), intent: 'error' });
    }
    setBusy(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !event.ctrlKey) return;
    event.preventDefault();
    void save();
  };
  return (
    <>
      <Textarea
        id={draftKey ? 'comment-text' : undefined}
        className={styles.editor}
        rows={3}
        value={text}
        autoFocus={!draftKey}
        aria-label={t('comment.text')}
        placeholder={t('comment.placeholder')}
        onChange={(_, data) => change(data.value)}
        onKeyDown={onKeyDown}
      />
      <div className={styles.bar}>
        <span className={styles.hint}>{t('comment.hint')}</span>
        {onCancel && <Button onClick={onCancel}>{t('action.cancel')}</Button>}
        <Button appearance="primary" disabledFocusable={busy || text.trim() === ''} onClick={() => void save()}>
          {t('comment.add')}
        </Button>
      </div>
    </>
  );
}

function CommentItem({ comment, mine, onSave, onDelete }: { comment: Comment; mine: boolean; onSave: (text: string) => Promise<void>; onDelete: () => void }) {
  const styles = useStyles();
  const [editing, setEditing] = useState(false);
  const p = comment.properties;
  const edited = p.lastModifiedTimeUtc && p.lastModifiedTimeUtc !== p.createdTimeUtc;
  return (
    <li className={styles.item}>
      <div className={styles.head}>
        <OwnerMark owner={{ assignedTo: p.author?.name ?? t('someone') }} word />
        <span className={styles.time}>
          <When iso={p.createdTimeUtc} /> {edited && t('comment.edited')}
        </span>
        {mine && !editing && (
          <>
            <Button size="small" appearance="subtle" icon={<EditRegular />} aria-label={t('comment.edit')} onClick={() => setEditing(true)} />
            <Button size="small" appearance="subtle" icon={<DeleteRegular />} aria-label={t('comment.delete')} onClick={onDelete} />
          </>
        )}
      </div>
      {editing ? (
        <Editor initial={p.message} send={(text) => onSave(text).then(() => setEditing(false))} onCancel={() => setEditing(false)} />
      ) : (
        <Markdown text={p.message} />
      )}
    </li>
  );
}

export function CommentsTab({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { user } = useSession();
  const { notify } = useNotify();
  const query = commentsQuery(ws, incident.name);
  const { data, error, refetch } = useQuery(query);
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: query.queryKey });
    refreshFigures(client, ws);
  };
  const send = (text: string, old?: Comment) =>
    putComment(ws, incident.name, old?.name ?? crypto.randomUUID(), text, old?.etag).then(refresh);
  const remove = async (comment: Comment) => {
    await deleteComment(ws, incident.name, comment.name);
    await refresh();
    notify({ text: t('comment.deleted'), undo: () => send(comment.properties.message) });
  };
  const sorted = [...(data ?? [])].sort((a, b) => Date.parse(b.properties.createdTimeUtc) - Date.parse(a.properties.createdTimeUtc));
  return (
    <div className={styles.page}>
      <Editor initial="" draftKey={`comment ${user.id} ${incident.name}`} send={(text) => send(text)} />
      {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
      {data && sorted.length === 0 && <p className={styles.none}>{t('comment.none')}</p>}
      <ul>
        {sorted.map((comment) => (
          <CommentItem
            key={comment.name}
            comment={comment}
            mine={comment.properties.author?.objectId === user.id || comment.properties.author?.name === user.name}
            onSave={(text) => send(text, comment)}
            onDelete={() => void remove(comment)}
          />
        ))}
      </ul>
    </div>
  );
}
