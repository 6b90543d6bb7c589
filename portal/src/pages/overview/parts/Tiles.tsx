import type { ReactNode } from 'react';
import { makeStyles } from '@fluentui/react-components';
import type { Overview } from '@api/types';
import { t } from '@i18n/t';
import { ShareBar } from '@ui/Bars';
import { Card } from '@ui/Card';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { age, figure, grouped } from '@ui/time';
import { isSilent } from '../silence';

const useStyles = makeStyles({
  grid: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(230px, 100%), 1fr))', gap: '16px' },
  body: { display: 'flex', flexDirection: 'column', gap: '2px', padding: '4px 16px 12px', minHeight: '92px' },
  big: { fontSize: '32px', lineHeight: '40px', fontWeight: tokens.fontWeightSemibold, fontVariantNumeric: 'tabular-nums' },
  small: { fontSize: tokens.fontSizeBase200, lineHeight: '18px', color: tokens.colorNeutralForeground2 },
  parts: { display: 'flex', flexWrap: 'wrap', columnGap: '14px', fontSize: tokens.fontSizeBase200, paddingTop: '5px' },
  strong: { fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground1 },
});

function Part({ n, word }: { n: ReactNode; word: string }) {
  const styles = useStyles();
  return (
    <span>
      <span className={styles.strong}>{n}</span> {word}
    </span>
  );
}

function OpenTile({ data }: { data: Overview }) {
  const styles = useStyles();
  const { openIncidents: open } = data;
  return (
    <Card title={t('overview.open')} aside={<TextLink to="/incidents">{t('overview.viewQueue')}</TextLink>}>
      <div className={styles.body}>
        <span className={styles.big}>{figure(open.total)}</span>
        <ShareBar
          parts={[
            { value: open.high, color: tokens.barHigh },
            { value: open.medium, color: tokens.barMedium },
            { value: open.low, color: tokens.barLow },
            { value: open.informational, color: tokens.sevInformational },
          ]}
        />
        <span className={styles.parts}>
          <Part n={open.high} word={t('severity.High')} />
          <Part n={open.medium} word={t('severity.Medium')} />
          <Part n={open.low} word={t('severity.Low')} />
          <Part n={open.informational} word={t('severity.short')} />
        </span>
      </div>
    </Card>
  );
}

function UnassignedTile({ data, now }: { data: Overview; now: number }) {
  const styles = useStyles();
  const waiting = data.lookFirst.filter((one) => one.status === 'New').map((one) => one.createdTimeUtc);
  const oldest = waiting.sort()[0];
  return (
    <Card
      title={t('overview.unassigned')}
      aside={
        <TextLink to="/incidents" search={{ view: 'unassigned' }}>
          {t('overview.pickOne')}
        </TextLink>
      }
    >
      <div className={styles.body}>
        <span className={styles.big}>{figure(data.unassigned)}</span>
        <span className={styles.small}>{t('overview.ofOpen', { n: data.openIncidents.total })}</span>
        {oldest && <span className={styles.small}>{t('overview.oldest', { age: age(oldest, now) })}</span>}
      </div>
    </Card>
  );
}

function ClosedTile({ data }: { data: Overview }) {
  const styles = useStyles();
  return (
    <Card
      title={t('overview.closed')}
      aside={
        <TextLink to="/incidents" search={{ view: 'closed' }}>
          {t('overview.seeThem')}
        </TextLink>
      }
    >
      <div className={styles.body}>
        <span className={styles.big}>{figure(data.closedToday)}</span>
        <span className={styles.small}>{t('overview.closedNote')}</span>
      </div>
    </Card>
  );
}

/** Not measured is not zero: a figure the server does not know is a dash with the reason. */
function ArrivingTile({ data }: { data: Overview }) {
  const styles = useStyles();
  const { rowsPerSecond, lost, delaySeconds } = data.ingest;
  const speaking = data.sources.filter((source) => source.lastSeen !== null && !isSilent(source)).length;
  return (
    <Card title={t('overview.arriving')} aside={t('overview.sourcesOf', { n: speaking, of: data.sources.length })}>
      <div className={styles.body}>
        <span className={styles.big} title={rowsPerSecond === null ? t('overview.notMeasured') : grouped(rowsPerSecond)}>
          {rowsPerSecond === null ? '–' : figure(Math.round(rowsPerSecond * 10) / 10)}
        </span>
        <span className={styles.small}>{t('overview.rowsPerSecond')}</span>
        <span className={styles.parts}>
          <Part n={figure(lost)} word={t('overview.lost')} />
          {delaySeconds !== null && <Part n={`${delaySeconds.toFixed(1)} s`} word={t('overview.delay')} />}
        </span>
      </div>
    </Card>
  );
}

export function Tiles({ data, now }: { data: Overview; now: number }) {
  const styles = useStyles();
  return (
    <div className={styles.grid}>
      <OpenTile data={data} />
      <UnassignedTile data={data} now={now} />
      <ClosedTile data={data} />
      <ArrivingTile data={data} />
    </div>
  );
}
