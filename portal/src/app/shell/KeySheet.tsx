import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, makeStyles } from '@fluentui/react-components';
import { t, type MessageKey } from '@i18n/t';
import { tokens } from '@ui/theme';
import { keyHint, useBindings, type KeyGroup } from '../keys';

const useStyles = makeStyles({
  groups: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(240px, 1fr))', gap: tokens.spacingHorizontalXXL },
  heading: { fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300, marginBottom: '6px' },
  row: { display: 'flex', justifyContent: 'space-between', gap: '12px', padding: '3px 0' },
  key: {
    padding: '0 6px',
    fontFamily: 'inherit',
    fontSize: tokens.fontSizeBase200,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusSmall,
  },
});

const GROUPS: KeyGroup[] = ['anywhere', 'list', 'incident', 'graph', 'logs'];

/** Every key that works on this page now, straight from the registry. */
export function KeySheet({ onClose }: { onClose: () => void }) {
  const styles = useStyles();
  const bindings = useBindings();
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface style={{ maxWidth: 640 }}>
        <DialogBody>
          <DialogTitle>{t('keys.title')}</DialogTitle>
          <DialogContent className={styles.groups}>
            {GROUPS.map((group) => {
              const mine = bindings.filter((one) => one.group === group);
              if (mine.length === 0) return null;
              return (
                <section key={group}>
                  <h3 className={styles.heading}>{t(`keys.group.${group}` as MessageKey)}</h3>
                  {mine.map((one) => (
                    <div key={one.key} className={styles.row}>
                      <span>{t(one.label)}</span>
                      <kbd className={styles.key}>{keyHint(one.key)}</kbd>
                    </div>
                  ))}
                </section>
              );
            })}
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onClose}>
              {t('action.close')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
