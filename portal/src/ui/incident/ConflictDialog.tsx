import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
} from '@fluentui/react-components';
import type { IncidentActions, Patch } from '@app/useIncidentActions';
import type { IncidentProperties } from '@api/types';
import { t } from '@i18n/t';
import { ownerName } from '../Owner';
import { tokens } from '../theme';

const useStyles = makeStyles({
  table: { width: '100%', borderCollapse: 'collapse' },
  cell: { textAlign: 'left', padding: '6px 8px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflowWrap: 'anywhere' },
});

function shown(properties: Patch | IncidentProperties, key: keyof IncidentProperties): string {
  const value = properties[key];
  if (key === 'owner') return ownerName(properties.owner) ?? t('owner.none');
  return value === null || value === undefined ? '–' : String(value);
}

/** Somebody was faster: both values side by side, and the choice. */
export function ConflictDialog({ actions }: { actions: IncidentActions }) {
  const styles = useStyles();
  const { conflict } = actions;
  if (!conflict) return null;
  const keys = Object.keys(conflict.mine) as (keyof IncidentProperties)[];
  return (
    <Dialog open modalType="alert">
      <DialogSurface style={{ maxWidth: 560 }}>
        <DialogBody>
          <DialogTitle>{t('conflict.title', { n: conflict.theirs.properties.incidentNumber })}</DialogTitle>
          <DialogContent>
            <table className={styles.table}>
              <thead>
                <tr>
                  {['', t('conflict.theirs'), t('conflict.mine')].map((head) => (
                    <th key={head} className={styles.cell} scope="col">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {keys.map((key) => (
                  <tr key={key}>
                    <th className={styles.cell} scope="row">
                      {key}
                    </th>
                    <td className={styles.cell}>{shown(conflict.theirs.properties, key)}</td>
                    <td className={styles.cell}>{shown(conflict.mine, key)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </DialogContent>
          <DialogActions>
            <Button onClick={actions.dropConflict}>{t('conflict.keepTheirs')}</Button>
            <Button appearance="primary" onClick={actions.keepMine}>
              {t('conflict.keepMine')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
