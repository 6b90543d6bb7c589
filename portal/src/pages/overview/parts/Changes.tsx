import { makeStyles } from '@fluentui/react-components';
import type { Overview } from '@api/types';
import { t } from '@i18n/t';
import { Card } from '@ui/Card';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { When } from '@ui/Time';

const useStyles = makeStyles({
  list: { padding: '8px 16px 14px', display: 'flex', flexDirection: 'column', gap: '12px' },
  row: { display: 'grid', gridTemplateColumns: 'minmax(42px, auto) minmax(0, 1fr)', columnGap: '12px' },
  time: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase300, color: tokens.colorNeutralForeground3 },
  text: { overflowWrap: 'anywhere' },
  link: { ':not(:hover)': { color: tokens.colorNeutralForeground1 } },
  none: { color: tokens.colorNeutralForeground3 },
});

const SHOWN = 6;

export function Changes({ data }: { data: Overview }) {
  const styles = useStyles();
  return (
    <Card title={t('overview.changes')}>
      <ul className={styles.list}>
        {data.changes.length === 0 && <li className={styles.none}>{t('overview.noChanges')}</li>}
        {data.changes.slice(0, SHOWN).map((change, index) => (
          <li key={index} className={styles.row}>
            <span className={styles.time}>
              <When iso={change.time} />
            </span>
            <span className={styles.text}>
              {change.incident != null && /^\d+$/.test(String(change.incident)) ? (
                <TextLink to="/incidents/$number" params={{ number: String(change.incident) }} className={styles.link}>
                  {change.text}
                </TextLink>
              ) : (
                change.text
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
