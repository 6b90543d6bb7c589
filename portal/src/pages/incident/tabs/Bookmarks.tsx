import { useState } from 'react';
import { Button, makeStyles } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular, DocumentSearchRegular, DismissRegular } from '@fluentui/react-icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { bookmarksQuery, relateBookmark, unrelate, type Bookmark } from '@api/casework';
import { refreshFigures } from '@api/incidents';
import type { Cell, Incident, RowSet } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { Empty, Failure, failureText } from '@ui/Empty';
import { FieldList } from '@ui/FieldList';
import { Markdown } from '@ui/Markdown';
import { When } from '@ui/Time';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  page: { maxWidth: '1100px', padding: '6px 24px 32px' },
  row: { borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  head: { display: 'flex', alignItems: 'center', gap: '10px', minHeight: '44px' },
  name: { flexGrow: 1, minWidth: 0, fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
  note: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, whiteSpace: 'nowrap' },
  body: { margin: '0 0 14px 34px' },
  fields: { border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, overflow: 'hidden', marginTop: '8px' },
});

/** The kept row as columns; what was kept by others may hold no row. */
function keptRow(text: string | null | undefined): RowSet | null {
  try {
    const cells = JSON.parse(text ?? '') as Record<string, unknown>;
    const plain = (value: unknown): Cell => (typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Cell));
    return { columns: Object.keys(cells).map((name) => ({ name, type: 'string' })), rows: [Object.values(cells).map(plain)] };
  } catch {
    return null;
  }
}

function BookmarkRow({ one, onRemove }: { one: Bookmark; onRemove: () => void }) {
  const styles = useStyles();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const p = one.properties;
  const set = keptRow(p.queryResult);
  return (
    <li className={styles.row}>
      <div className={styles.head}>
        <Button size="small" appearance="transparent" icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />} aria-expanded={open} aria-label={t('bookmark.rowOf', { name: p.displayName })} onClick={() => setOpen(!open)} />
        <span className={styles.name}>{p.displayName}</span>
        <span className={styles.note}>{p.createdBy?.name}</span>
        <span className={styles.note}>
          <When iso={p.eventTime ?? p.created} />
        </span>
        <Button size="small" appearance="subtle" icon={<DocumentSearchRegular />} onClick={() => void navigate({ to: '/logs', search: { text: p.query, run: '1', t: 'all' } })}>
          {t('rows.openLogs')}
        </Button>
        <Button size="small" appearance="subtle" icon={<DismissRegular />} aria-label={t('bookmark.remove', { name: p.displayName })} title={t('bookmark.removeShort')} onClick={onRemove} />
      </div>
      {(open || p.notes) && (
        <div className={styles.body}>
          {p.notes && <Markdown text={p.notes} />}
          {open && set?.rows[0] && (
            <div className={styles.fields}>
              <FieldList set={set} row={set.rows[0]} />
            </div>
          )}
        </div>
      )}
    </li>
  );
}

/** Rows that somebody kept, each with the query that gave it. */
export function BookmarksTab({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { notify } = useNotify();
  const { data, error, refetch } = useQuery(bookmarksQuery(ws, incident.name));
  const fresh = () => {
    void refetch();
    refreshFigures(client, ws);
  };
  const failed = (failure: unknown) => notify({ text: failureText(failure), intent: 'error' });
  const remove = async (one: Bookmark) => {
    try {
      await unrelate(ws, incident.name, one.name);
      notify({ text: t('bookmark.removed', { name: one.properties.displayName }), undo: () => relateBookmark(ws, incident.name, one.name).then(fresh) });
      fresh();
    } catch (failure) {
      failed(failure);
    }
  };
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (data && data.length === 0) {
    return (
      <Empty text={t('bookmark.none')}>
        <Button onClick={() => void navigate({ to: '/logs' })}>{t('bookmark.toLogs')}</Button>
      </Empty>
    );
  }
  return (
    <div className={styles.page}>
      <ul>
        {data?.map((one) => (
          <BookmarkRow key={one.name} one={one} onRemove={() => void remove(one)} />
        ))}
      </ul>
    </div>
  );
}
