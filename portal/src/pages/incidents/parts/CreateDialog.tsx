import { useState } from 'react';
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  Radio,
  RadioGroup,
  Textarea,
  makeStyles,
} from '@fluentui/react-components';
import { createIncident } from '@api/incidents';
import { SEVERITIES, type Incident, type Severity as SeverityName } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { failureText } from '@ui/Empty';
import { Severity } from '@ui/Severity';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL },
});

/** A case that no rule has made. */
export function CreateDialog({ onDone, onCancel }: { onDone: (incident: Incident) => void; onCancel: () => void }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const [title, setTitle] = useState('');
  const [description, setDescription] = useState('');
  const [severity, setSeverity] = useState<SeverityName>('Medium');
  const [failure, setFailure] = useState<string | null>(null);
  const create = async () => {
    try {
      onDone(await createIncident(ws, { title: title.trim(), description: description.trim() || null, severity, status: 'New' }));
    } catch (error) {
      setFailure(failureText(error));
    }
  };
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onCancel()}>
      <DialogSurface style={{ maxWidth: 560 }}>
        <DialogBody>
          <DialogTitle>{t('create.title')}</DialogTitle>
          <DialogContent className={styles.content}>
            <Field label={t('create.name')} hint={t('create.nameHint')} required>
              <Input value={title} autoFocus onChange={(_, data) => setTitle(data.value)} />
            </Field>
            <Field label={t('create.description')}>
              <Textarea value={description} rows={3} onChange={(_, data) => setDescription(data.value)} />
            </Field>
            <Field label={t('column.severity')}>
              <RadioGroup layout="horizontal" value={severity} onChange={(_, data) => setSeverity(data.value as SeverityName)}>
                {SEVERITIES.map((value) => (
                  <Radio key={value} value={value} label={<Severity value={value} />} />
                ))}
              </RadioGroup>
            </Field>
            {failure && (
              <MessageBar intent="error">
                <MessageBarBody>{failure}</MessageBarBody>
              </MessageBar>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onCancel}>{t('action.cancel')}</Button>
            <Button appearance="primary" disabledFocusable={title.trim() === ''} onClick={() => void create()}>
              {t('create.go')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
