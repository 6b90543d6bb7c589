import { Button, makeStyles } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { incidentQuery } from '@api/incidents';
import type { Overview } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useIncidentActions } from '@app/useIncidentActions';
import { t } from '@i18n/t';
import { Card } from '@ui/Card';
import { Severity } from '@ui/Severity';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { Age } from '@ui/Time';

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr) auto 68px',
    alignItems: 'center',
    columnGap: '12px',
    minHeight: '58px',
    '@media (max-width: 500px)': { gridTemplateColumns: '20px minmax(0, 1fr) 68px', '& > :nth-child(3)': { display: 'none' } },
    padding: '8px 16px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  title: {
    display: 'block',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontWeight: tokens.fontWeightSemibold,
    ':not(:hover)': { color: tokens.colorNeutralForeground1 },
  },
  why: {
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  age: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  calm: { padding: '16px', color: tokens.colorNeutralForeground2 },
});

type Item = Overview['lookFirst'][number];

function LookRow({ item, now }: { item: Item; now: number }) {
  const styles = useStyles();
  const client = useQueryClient();
  const ws = useWorkspace();
  const navigate = useNavigate();
  const { take } = useIncidentActions();
  const number = String(item.incidentNumber);
  const open = () => void navigate({ to: '/incidents/$number', params: { number } });
  const takeIt = async () => {
    const whole = await client.ensureQueryData(incidentQuery(ws, item.name));
    if (await take(whole)) open();
  };
  return (
    <li className={styles.row}>
      <Severity value={item.severity} word={false} />
      <div style={{ minWidth: 0 }}>
        <TextLink to="/incidents/$number" params={{ number }} className={styles.title} title={item.title}>
          {item.title}
        </TextLink>
        <div className={styles.why}>
          {[`#${number}`, t('alerts.count', { n: item.alertsCount }), item.why].filter(Boolean).join(' · ')}
        </div>
      </div>
      <span className={styles.age}>
        <Age iso={item.createdTimeUtc} now={now} />
      </span>
      {item.status === 'New' ? (
        <Button size="small" onClick={() => void takeIt()} aria-label={t('overview.takeNumber', { n: number })}>
          {t('action.take')}
        </Button>
      ) : (
        <Button size="small" onClick={open} aria-label={t('overview.openNumber', { n: number })}>
          {t('action.open')}
        </Button>
      )}
    </li>
  );
}

export function LookFirst({ data, now }: { data: Overview; now: number }) {
  const styles = useStyles();
  const all = <TextLink to="/incidents">{t('overview.allOpen', { n: data.openIncidents.total })}</TextLink>;
  return (
    <Card title={t('overview.lookFirst')} aside={all} ruled>
      {data.lookFirst.length === 0 ? (
        <p className={styles.calm}>{t('overview.calm', { n: data.closedToday })}</p>
      ) : (
        <ul>
          {data.lookFirst.slice(0, 5).map((item) => (
            <LookRow key={item.name} item={item} now={now} />
          ))}
        </ul>
      )}
    </Card>
  );
}
