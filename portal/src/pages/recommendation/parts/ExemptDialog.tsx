import { useState, type KeyboardEvent } from 'react';
import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, Radio, RadioGroup, Textarea, makeStyles } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '@api/client';
import type { Assessment } from '@api/assessments';
import { EXEMPTION } from '@api/posture';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { Failure } from '@ui/Empty';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  surface: { maxWidth: '560px' },
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
});

type Category = 'Waiver' | 'Mitigated';

interface Props {
  one: Assessment;
  title: string;
  onClose: () => void;
}

/** Leaves one resource out of one policy: why, and until when. Undo takes it back. */
export function ExemptDialog({ one, title, onClose }: Props) {
  const styles = useStyles();
  const client = useQueryClient();
  const { notify } = useNotify();
  const [category, setCategory] = useState<Category>('Waiver');
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const missing = reason.trim() === '';
  const [name] = useState(() => crypto.randomUUID());
  const path = `${one.resource}/providers/Microsoft.Authorization/policyExemptions/${name}`;
  const changed = () => client.invalidateQueries({ queryKey: ['Security'] });
  const save = async () => {
    setAsked(true);
    if (missing || busy) return;
    setBusy(true);
    try {
      const properties = {
        policyAssignmentId: one.assignment,
        policyDefinitionReferenceIds: one.reference ? [one.reference] : undefined,
        exemptionCategory: category,
        displayName: title,
        description: reason.trim(),
        expiresOn: until ? new Date(`${until}T23:59:59Z`).toISOString() : undefined,
      };
      await api(path, { method: 'PUT', query: EXEMPTION, body: { properties } });
      await changed();
      notify({ text: t('exempt.done', { resource: one.resourceName }), undo: () => void api(path, { method: 'DELETE', query: EXEMPTION }).then(changed) });
      onClose();
    } catch (why) {
      setError(why);
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !event.ctrlKey) return;
    event.preventDefault();
    void save();
  };
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className={styles.surface} onKeyDown={onKeyDown}>
        <DialogBody>
          <DialogTitle>{t('exempt.title', { resource: one.resourceName })}</DialogTitle>
          <DialogContent className={styles.content}>
            <Field label={t('exempt.kind')}>
              <RadioGroup value={category} onChange={(_, data) => setCategory(data.value as Category)}>
                <Radio value="Waiver" label={t('exempt.waiver')} />
                <Radio value="Mitigated" label={t('exempt.mitigated')} />
              </RadioGroup>
            </Field>
            <Field label={t('exempt.until')}>
              <Input type="date" value={until} onChange={(_, data) => setUntil(data.value)} />
            </Field>
            <Field label={t('exempt.reason')} required validationState={asked && missing ? 'error' : 'none'} validationMessage={asked && missing ? t('exempt.noReason') : undefined}>
              <Textarea value={reason} rows={3} onChange={(_, data) => setReason(data.value)} />
            </Field>
            {error !== null && <Failure title={t('failure.save')} error={error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button appearance="primary" disabledFocusable={busy} onClick={() => void save()} title="Ctrl Enter">
              {t('exempt.do')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
