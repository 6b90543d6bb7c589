import { useSyncExternalStore } from 'react';
import { makeStyles } from '@fluentui/react-components';
import { PulseRegular } from '@fluentui/react-icons';
import { liveState } from '@api/live';
import { t } from '@i18n/t';
import { tokens } from './theme';

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXS,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
  },
  on: { color: tokens.good },
  off: { color: tokens.colorNeutralForeground3 },
});

/** Says whether what is shown follows the server. */
export function LiveMark() {
  const styles = useStyles();
  const { online } = useSyncExternalStore(liveState.subscribe, liveState.get);
  return (
    <span className={styles.root}>
      <PulseRegular fontSize={14} className={online ? styles.on : styles.off} aria-hidden="true" />
      {online ? t('live.on') : t('live.off')}
    </span>
  );
}
