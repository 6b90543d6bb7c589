import { useState, type FormEvent } from 'react';
import { Button, Checkbox, Input, makeStyles } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { putTask, tasksQuery, type Task } from '@api/investigate';
import { refreshFigures } from '@api/incidents';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { Failure, failureText } from '@ui/Empty';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  page: { maxWidth: '820px', padding: '18px 24px 32px' },
  bar: { display: 'flex', gap: '8px', marginBottom: '12px' },
  input: { flexGrow: 1 },
  item: { borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  none: { color: tokens.colorNeutralForeground3 },
});

/** What is to be done, in the order in which it was written down. */
export function TasksTab({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const [title, setTitle] = useState('');
  const query = tasksQuery(ws, incident.name);
  const { data, error, refetch } = useQuery(query);
  const put = async (task: Task) => {
    try {
      await putTask(ws, incident.name, task);
    } catch (failure) {
      notify({ text: t('task.notSaved', { reason: failureText(failure) }), intent: 'error' });
      return false;
    }
    await client.invalidateQueries({ queryKey: query.queryKey });
    refreshFigures(client, ws);
    return true;
  };
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const text = title.trim();
    if (text && (await put({ name: crypto.randomUUID(), properties: { title: text, status: 'New' } }))) setTitle('');
  };
  const toggle = (task: Task) =>
    void put({ ...task, properties: { ...task.properties, status: task.properties.status === 'New' ? 'Completed' : 'New' } });
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  return (
    <div className={styles.page}>
      <form className={styles.bar} onSubmit={(event) => void add(event)}>
        <Input className={styles.input} value={title} maxLength={150} aria-label={t('task.new')} placeholder={t('task.new')} onChange={(_, d) => setTitle(d.value)} />
        <Button type="submit" appearance="primary" disabledFocusable={title.trim() === ''}>
          {t('task.add')}
        </Button>
      </form>
      {data?.length === 0 && <p className={styles.none}>{t('task.none')}</p>}
      <ul>
        {data?.map((task) => (
          <li key={task.name} className={styles.item}>
            <Checkbox checked={task.properties.status === 'Completed'} label={task.properties.title} onChange={() => toggle(task)} />
          </li>
        ))}
      </ul>
    </div>
  );
}
