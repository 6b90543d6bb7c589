import { useMemo, useState } from 'react';
import { Button, makeStyles } from '@fluentui/react-components';
import { AddRegular, DocumentSearchRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { allBookmarksQuery, type Bookmark } from '@api/casework';
import { useWorkspace } from '@app/hooks';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { Table, type TableColumn } from '@ui/Table';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { exact, when } from '@ui/time';
import { PromoteDialog } from './PromoteDialog';

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column' },
  bar: { display: 'flex', alignItems: 'center', gap: '10px', padding: '8px 24px', minHeight: '48px', color: tokens.colorNeutralForeground2 },
});

function Case({ one }: { one: Bookmark }) {
  const info = one.properties.incidentInfo;
  if (!info?.incidentId) return <>–</>;
  const name = info.incidentId.split('/').pop() ?? '';
  return (
    <TextLink to="/incidents" search={{ view: 'all', q: info.title }} title={name}>
      {info.title}
    </TextLink>
  );
}

/** All rows that were kept; some of them together become an incident, or go into one. */
export function Kept() {
  const styles = useStyles();
  const navigate = useNavigate();
  const { density } = usePrefs();
  const { data, error, isPending, refetch } = useQuery(allBookmarksQuery(useWorkspace()));
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  const [promoting, setPromoting] = useState(false);
  const columns = useMemo((): TableColumn<Bookmark>[] => {
    const p = (one: Bookmark) => one.properties;
    return [
      { id: 'name', header: t('column.name'), label: t('column.name'), width: 'minmax(200px, 2fr)', title: (one) => p(one).displayName, cell: (one) => p(one).displayName },
      { id: 'notes', header: t('bookmark.notes'), label: t('bookmark.notes'), width: 'minmax(0, 1fr)', title: (one) => p(one).notes ?? undefined, cell: (one) => p(one).notes || '–' },
      { id: 'incident', header: t('column.incident'), label: t('column.incident'), width: 'minmax(0, 1fr)', title: (one) => p(one).incidentInfo?.title, cell: (one) => <Case one={one} /> },
      { id: 'who', header: t('history.who'), label: t('history.who'), width: '120px', cell: (one) => p(one).createdBy?.name || '–' },
      { id: 'time', header: t('column.time'), label: t('column.time'), width: '150px', align: 'right', title: (one) => exact(p(one).eventTime ?? p(one).created), cell: (one) => when(p(one).eventTime ?? p(one).created) },
    ];
  }, []);
  const chosen = (data ?? []).filter((one) => checked.has(one.name));
  const onCheck = (keys: string[], on: boolean) => setChecked((old) => new Set(on ? [...old, ...keys] : [...old].filter((one) => !keys.includes(one))));
  const first = chosen[0];
  return (
    <div className={styles.page}>
      <div className={styles.bar} role="toolbar" aria-label={t('bookmark.acts')}>
        <span>{t('bookmark.chosen', { n: chosen.length })}</span>
        <Button size="small" appearance="primary" icon={<AddRegular />} disabled={chosen.length === 0} onClick={() => setPromoting(true)}>
          {t('bookmark.promote')}
        </Button>
        <Button size="small" icon={<DocumentSearchRegular />} disabled={chosen.length !== 1} onClick={() => first && void navigate({ to: '/logs', search: { text: first.properties.query, run: '1', t: 'all' } })}>
          {t('rows.openLogs')}
        </Button>
      </div>
      {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
      <Table label={t('tab.bookmarks')} columns={columns} rows={data ?? []} rowKey={(one) => one.name} rowHeight={ROW_HEIGHT[density]} checked={checked} onCheck={onCheck} onSelect={(one) => onCheck([one.name], !checked.has(one.name))} busy={isPending} empty={isPending || error ? null : <Empty text={t('hunt.noBookmarks')} />} />
      {promoting && <PromoteDialog chosen={chosen} onCancel={() => setPromoting(false)} onDone={() => { setPromoting(false); setChecked(new Set()); }} />}
    </div>
  );
}
