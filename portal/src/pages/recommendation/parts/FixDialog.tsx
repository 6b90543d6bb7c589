import { useState } from 'react';
import { Button, Checkbox, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, ProgressBar, makeStyles } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Assessment } from '@api/assessments';
import { applyFixes, previewQuery, undoFix, type FixDone } from '@api/fixes';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { Failure, failureText } from '@ui/Empty';
import { DiffView } from '@ui/posture/DiffView';
import { tokens } from '@ui/theme';

const MOST = 50;
const useStyles = makeStyles({
  list: { display: 'grid', gap: '14px', maxHeight: '56vh', overflowY: 'auto', paddingRight: '4px' },
  head: { display: 'flex', alignItems: 'center', gap: '8px', flexWrap: 'wrap' },
  name: { fontWeight: tokens.fontWeightSemibold },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  space: { flexGrow: 1 },
});

const nameOf = (id: string) => id.split('/').pop() ?? id;

interface Props {
  advice: string;
  title: string;
  rows: Assessment[];
  first: string;
  onClose: () => void;
}

function outcome(one: FixDone): string {
  if (one.status === 'Undone') return t('fix.undone');
  if (one.status === 'Succeeded') return t('fix.proved', { before: one.before ?? '', after: one.after ?? '' });
  return t('fix.failed', { reason: one.error ?? one.status });
}

/** Shows what would change on each resource, changes it, and shows that it was judged again. */
export function FixDialog({ advice, title, rows, first, onClose }: Props) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const [ids] = useState(() => rows.slice(0, MOST).map((one) => one.resource));
  const preview = useQuery(previewQuery(ws, advice, ids));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set([first]));
  const [done, setDone] = useState<ReadonlyMap<string, FixDone>>(new Map());
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const able = preview.data?.filter((one) => one.status === 'Preview') ?? [];
  const wanted = able.filter((one) => chosen.has(one.resourceId) && !done.has(one.resourceId)).map((one) => one.resourceId);
  const changed = () => client.invalidateQueries({ queryKey: ['Security'], predicate: (query) => query.queryKey[1] !== 'fixPreview' });
  const run = async (work: () => Promise<FixDone[]>) => {
    setBusy(true);
    setRefusal(null);
    try {
      const results = await work();
      setDone((old) => new Map([...old, ...results.map((one): [string, FixDone] => [one.resourceId, one])]));
      await changed();
    } catch (error) {
      setRefusal(failureText(error));
    }
    setBusy(false);
  };
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface style={{ maxWidth: 760 }}>
        <DialogBody>
          <DialogTitle>{t('fix.title', { title })}</DialogTitle>
          <DialogContent>
            <p className={styles.small}>{t('fix.note')}</p>
            {preview.error && <Failure title={t('failure.load')} error={preview.error} onRetry={() => void preview.refetch()} />}
            {(preview.isPending || busy) && <ProgressBar aria-label={t('waiting')} />}
            {refusal && <Failure title={t('failure.save')} error={new Error(refusal)} />}
            <div className={styles.list}>
              {preview.data?.map((one) => {
                const result = done.get(one.resourceId);
                return (
                  <section key={one.resourceId} aria-label={nameOf(one.resourceId)}>
                    <div className={styles.head}>
                      {one.status === 'Preview' && !result ? (
                        <Checkbox label={nameOf(one.resourceId)} checked={chosen.has(one.resourceId)} onChange={(_, data) => toggle(one.resourceId, data.checked === true)} />
                      ) : (
                        <span className={styles.name}>{nameOf(one.resourceId)}</span>
                      )}
                      <span className={styles.space} />
                      {result && <span role="status">{outcome(result)}</span>}
                      {result?.status === 'Succeeded' && result.id && (
                        <Button size="small" disabledFocusable={busy} onClick={() => void run(async () => [{ ...(await undoFix(ws, result.id ?? '')), resourceId: one.resourceId, status: 'Undone' }])}>
                          {t('action.undo')}
                        </Button>
                      )}
                    </div>
                    {one.diff && <DiffView diff={one.diff} label={t('fix.changes', { resource: nameOf(one.resourceId) })} />}
                    {one.status === 'Refused' && <p className={styles.small}>{one.error}</p>}
                  </section>
                );
              })}
            </div>
            {rows.length > MOST && <p className={styles.small}>{t('fix.more', { n: rows.length - MOST })}</p>}
          </DialogContent>
          <DialogActions>
            {able.length > 1 && (
              <Button disabledFocusable={busy} onClick={() => setChosen(new Set(able.map((one) => one.resourceId)))}>
                {t('fix.all')}
              </Button>
            )}
            <Button onClick={onClose}>{t('action.close')}</Button>
            <Button appearance="primary" disabledFocusable={busy || wanted.length === 0} onClick={() => void run(() => applyFixes(ws, advice, wanted))}>
              {t('fix.do', { n: wanted.length })}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
