import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, makeStyles } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { t } from '@i18n/t';
import { tokens } from './theme';

const useStyles = makeStyles({
  code: {
    margin: 0,
    padding: '12px',
    maxHeight: '320px',
    overflow: 'auto',
    fontFamily: tokens.fontMono,
    fontSize: tokens.fontSizeBase200,
    lineHeight: '18px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground2,
    whiteSpace: 'pre-wrap',
  },
});

/** Every list shows its query, to copy or to go on from. */
export function KqlDialog({ kql, onClose }: { kql: string; onClose: () => void }) {
  const styles = useStyles();
  const navigate = useNavigate();
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface style={{ maxWidth: 640 }}>
        <DialogBody>
          <DialogTitle>{t('kql.title')}</DialogTitle>
          <DialogContent>
            <pre className={styles.code} tabIndex={0}>{kql}</pre>
          </DialogContent>
          <DialogActions>
            <Button onClick={() => void navigator.clipboard.writeText(kql)}>{t('action.copy')}</Button>
            <Button appearance="primary" onClick={() => void navigate({ to: '/logs', search: { text: kql, run: '1', t: 'all' } })}>
              {t('kql.open')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
