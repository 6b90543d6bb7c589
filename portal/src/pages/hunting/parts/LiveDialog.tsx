import { useState } from 'react';
import { Field, Input, Select, Textarea, makeStyles } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { livestreamsQuery, putLivestream } from '@api/hunting';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({ text: { fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200 } });
const EVERY = ['5', '10', '30', '60', '300'] as const;

/** A query that goes on running: what it is called, what it asks, how often. */
export function LiveDialog({ begin, onCancel, onDone }: { begin?: { title: string; query: string }; onCancel: () => void; onDone: (id: string) => void }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const [title, setTitle] = useState(begin?.title ?? '');
  const [query, setQuery] = useState(begin?.query ?? '');
  const [every, setEvery] = useState<string>('30');
  const start = async () => {
    const id = crypto.randomUUID();
    await putLivestream(ws, id, { title: title.trim(), query, status: 'Running', everySeconds: Number(every) });
    void client.invalidateQueries({ queryKey: livestreamsQuery(ws).queryKey });
    onDone(id);
  };
  return (
    <FormDialog title={t('live.new')} act={t('live.start')} width={640} ready={title.trim() !== '' && query.trim() !== ''} onCancel={onCancel} onAct={start}>
      <Field label={t('column.name')} required>
        <Input autoFocus value={title} onChange={(_, data) => setTitle(data.value)} />
      </Field>
      <Field label="KQL" hint={t('live.hint')} required>
        <Textarea textarea={{ className: styles.text }} rows={8} value={query} onChange={(_, data) => setQuery(data.value)} />
      </Field>
      <Field label={t('live.every')}>
        <Select value={every} onChange={(_, data) => setEvery(data.value)}>
          {EVERY.map((one) => (
            <option key={one} value={one}>
              {t('live.seconds', { n: Number(one) })}
            </option>
          ))}
        </Select>
      </Field>
    </FormDialog>
  );
}
