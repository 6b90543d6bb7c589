import { useState } from 'react';
import { Field, Input, Select, Textarea, makeStyles } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { huntingQueriesQuery, saveHuntingQuery } from '@api/hunting';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';
import { TACTICS, tacticWord } from '@ui/tactics';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({ text: { fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200 } });

/** A question of one's own, kept beside those that ship. */
export function NewQueryDialog({ onDone }: { onDone: () => void }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const [title, setTitle] = useState('');
  const [query, setQuery] = useState('');
  const [description, setDescription] = useState('');
  const [tactic, setTactic] = useState('');
  const save = async () => {
    await saveHuntingQuery(ws, crypto.randomUUID(), { title: title.trim(), query, description: description.trim(), tactics: tactic === '' ? [] : [tactic] });
    void client.invalidateQueries({ queryKey: huntingQueriesQuery(ws).queryKey });
    notify({ text: t('hunt.madeQuery', { name: title.trim() }) });
    onDone();
  };
  return (
    <FormDialog title={t('hunt.newQuery')} act={t('hunt.saveQuery')} width={640} ready={title.trim() !== '' && query.trim() !== ''} onCancel={onDone} onAct={save}>
      <Field label={t('column.name')} required>
        <Input autoFocus value={title} onChange={(_, data) => setTitle(data.value)} />
      </Field>
      <Field label="KQL" required>
        <Textarea textarea={{ className: styles.text }} rows={7} value={query} onChange={(_, data) => setQuery(data.value)} />
      </Field>
      <Field label={t('hunt.purpose')}>
        <Input value={description} onChange={(_, data) => setDescription(data.value)} />
      </Field>
      <Field label={t('column.tactic')}>
        <Select value={tactic} onChange={(_, data) => setTactic(data.value)}>
          <option value="">–</option>
          {TACTICS.map((one) => (
            <option key={one} value={one}>
              {tacticWord(one)}
            </option>
          ))}
        </Select>
      </Field>
    </FormDialog>
  );
}
