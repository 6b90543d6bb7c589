import { Button, Tooltip, makeStyles } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronUpRegular, DismissRegular, OpenRegular } from '@fluentui/react-icons';
import { t } from '@i18n/t';
import { tokens } from './theme';

const useStyles = makeStyles({
  top: { display: 'flex', alignItems: 'center', minHeight: '32px', marginRight: '-8px' },
  kind: { flexGrow: 1, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  title: {
    margin: '2px 0 10px',
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
  },
});

interface PaneTopProps {
  kind: string;
  title: string;
  onStep?: (by: number) => void;
  onOpen?: () => void;
  onDismiss: () => void;
}

/** The head of a pane: what it is, the way to its neighbours and to its page, and its title. */
export function PaneTop({ kind, title, onStep, onOpen, onDismiss }: PaneTopProps) {
  const styles = useStyles();
  return (
    <>
      <div className={styles.top}>
        <span className={styles.kind}>{kind}</span>
        {onStep && (
          <>
            <Tooltip content={`${t('keys.previous')} (k)`} relationship="label">
              <Button size="small" appearance="subtle" icon={<ChevronUpRegular />} onClick={() => onStep(-1)} />
            </Tooltip>
            <Tooltip content={`${t('keys.next')} (j)`} relationship="label">
              <Button size="small" appearance="subtle" icon={<ChevronDownRegular />} onClick={() => onStep(1)} />
            </Tooltip>
          </>
        )}
        {onOpen && (
          <Tooltip content={`${t('keys.open')} (Enter)`} relationship="label">
            <Button size="small" appearance="subtle" icon={<OpenRegular />} onClick={onOpen} />
          </Tooltip>
        )}
        <Tooltip content={`${t('keys.closePane')} (Esc)`} relationship="label">
          <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={onDismiss} />
        </Tooltip>
      </div>
      <h2 className={styles.title}>{title}</h2>
    </>
  );
}
