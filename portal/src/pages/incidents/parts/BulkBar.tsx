import { useState } from 'react';
import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, makeStyles } from '@fluentui/react-components';
import { CheckmarkRegular, ChevronDownRegular, DismissRegular, MergeRegular, PersonAddRegular } from '@fluentui/react-icons';
import { SEVERITIES, type Incident } from '@api/types';
import { useSession } from '@app/hooks';
import { ownerOf, type IncidentActions } from '@app/useIncidentActions';
import { t } from '@i18n/t';
import { CloseDialog } from '@ui/incident/CloseDialog';
import { MergeChosenDialog } from '@ui/incident/MergeDialog';
import { Severity } from '@ui/Severity';
import { Status } from '@ui/Status';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  bar: { display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, padding: '10px 24px', minHeight: '49px' },
  count: { fontWeight: tokens.fontWeightSemibold, marginRight: '8px' },
});

interface Props {
  chosen: Incident[];
  actions: IncidentActions;
  onClear: () => void;
}

/** Takes the filter row's place while rows are checked: what is done here is done to all of them. */
export function BulkBar({ chosen, actions, onClear }: Props) {
  const styles = useStyles();
  const session = useSession();
  const [closing, setClosing] = useState(false);
  const [merging, setMerging] = useState(false);
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('bulk.label')}>
      <span className={styles.count}>{t('bulk.chosen', { n: chosen.length })}</span>
      <Button
        size="small"
        icon={<PersonAddRegular />}
        onClick={() => void actions.changeAll(chosen, { owner: ownerOf(session), status: 'Active' })}
      >
        {t('action.take')}
      </Button>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button size="small">
            {t('column.severity')} <ChevronDownRegular fontSize={12} aria-hidden="true" />
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {SEVERITIES.map((severity) => (
              <MenuItem key={severity} onClick={() => void actions.changeAll(chosen, { severity })}>
                <Severity value={severity} />
              </MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button size="small">
            {t('column.status')} <ChevronDownRegular fontSize={12} aria-hidden="true" />
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {(['New', 'Active'] as const).map((status) => (
              <MenuItem key={status} onClick={() => void actions.changeAll(chosen, { status })}>
                <Status value={status} />
              </MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      <Button size="small" icon={<CheckmarkRegular />} onClick={() => setClosing(true)}>
        {t('action.closeDots')}
      </Button>
      {chosen.length > 1 && (
        <Button size="small" icon={<MergeRegular />} onClick={() => setMerging(true)}>
          {t('merge.menu')}
        </Button>
      )}
      <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={onClear}>
        {t('bulk.clear')}
      </Button>
      {merging && (
        <MergeChosenDialog
          chosen={chosen}
          onCancel={() => setMerging(false)}
          onDone={() => {
            setMerging(false);
            onClear();
          }}
        />
      )}
      {closing && (
        <CloseDialog
          title={t('bulk.close', { n: chosen.length })}
          onCancel={() => setClosing(false)}
          onClose={async (patch) => {
            const saved = await actions.changeAll(chosen, patch);
            if (saved) onClear();
            return saved;
          }}
        />
      )}
    </div>
  );
}
