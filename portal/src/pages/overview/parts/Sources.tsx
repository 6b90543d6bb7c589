import { makeStyles } from '@fluentui/react-components';
import { CheckmarkCircleRegular, WarningRegular } from '@fluentui/react-icons';
import type { Overview } from '@api/types';
import { t } from '@i18n/t';
import { Card } from '@ui/Card';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { age, exact, figure } from '@ui/time';
import { isSilent } from '../silence';

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr) auto',
    alignItems: 'center',
    columnGap: '8px',
    minHeight: '34px',
    padding: '4px 16px',
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  strong: { fontWeight: tokens.fontWeightSemibold },
  note: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  warn: { color: tokens.sevMedium },
  good: { color: tokens.good },
  none: { padding: '12px 16px', color: tokens.colorNeutralForeground3 },
});

type Source = Overview['sources'][number];
const SHOWN = 6;

function silence(source: Source, now: number): string {
  if (source.lastSeen === null) return t('sources.never');
  if (isSilent(source)) return t('sources.silent', { age: age(source.lastSeen, now) });
  return t('sources.rows', { n: figure(source.rows24h) });
}

/** Silent ones first: they are the ones that need a look. */
export function Sources({ data, now }: { data: Overview; now: number }) {
  const styles = useStyles();
  const sorted = [...data.sources].sort((a, b) => Number(isSilent(b)) - Number(isSilent(a)) || b.rows24h - a.rows24h);
  const troubled = sorted.filter(isSilent);
  return (
    <Card title={troubled.length > 0 ? t('sources.needLook') : t('sources.title')} ruled>
      {sorted.length === 0 && <p className={styles.none}>{t('sources.none')}</p>}
      <ul>
        {sorted.slice(0, SHOWN).map((source) => {
          const silent = isSilent(source);
          return (
            <li key={`${source.name} ${source.table}`} className={styles.row} title={exact(source.lastSeen)}>
              {silent ? <WarningRegular className={styles.warn} fontSize={16} /> : <CheckmarkCircleRegular className={styles.good} fontSize={16} />}
              <span className={styles.name}>
                <span className={styles.strong}>{source.name}</span>{' '}
                {source.table !== source.name && <span className={styles.note}>{source.table}</span>}
              </span>
              <span className={styles.note}>
                {source.table ? (
                  <TextLink to="/logs" search={{ text: `${source.table}\n| take 100`, run: '1', t: silent ? 'all' : undefined }}>
                    {silence(source, now)}
                  </TextLink>
                ) : (
                  silence(source, now)
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
