import { Button, Tooltip, makeStyles } from '@fluentui/react-components';
import { ArrowDownloadRegular, LinkRegular, PlayRegular, RecordStopRegular } from '@fluentui/react-icons';
import { t } from '@i18n/t';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  bar: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, flexShrink: 0 },
});

interface Props {
  running: boolean;
  canExport: boolean;
  onRun: () => void;
  onCancel: () => void;
  onShare: () => void;
  onExport: () => void;
}

export function Toolbar({ running, canExport, onRun, onCancel, onShare, onExport }: Props) {
  const styles = useStyles();
  return (
    <div className={styles.bar}>
      {running ? (
        <Button size="small" icon={<RecordStopRegular />} onClick={onCancel}>
          {t('action.cancel')}
        </Button>
      ) : (
        <Tooltip content="Shift Enter" relationship="description">
          <Button id="run-query" size="small" appearance="primary" icon={<PlayRegular />} onClick={onRun}>
            {t('logs.run')}
          </Button>
        </Tooltip>
      )}
      <Button size="small" appearance="subtle" icon={<LinkRegular />} onClick={onShare}>
        {t('action.copyLink')}
      </Button>
      <Button size="small" appearance="subtle" icon={<ArrowDownloadRegular />} disabledFocusable={!canExport} onClick={onExport}>
        {t('logs.export')}
      </Button>
    </div>
  );
}
