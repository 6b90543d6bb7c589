import { Button, makeStyles } from '@fluentui/react-components';
import type { Overview } from '@api/types';
import { setPrefs, usePrefs } from '@app/prefs';
import { t } from '@i18n/t';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { age } from '@ui/time';
import { isSilent } from '../silence';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    alignItems: 'center',
    flexWrap: 'wrap',
    columnGap: '20px',
    rowGap: '4px',
    minHeight: '44px',
    padding: '5px 16px',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  strong: { fontWeight: tokens.fontWeightSemibold },
  space: { flexGrow: 1 },
});

/** What happened while I was away. The server says since when; "Mark as seen" sets it to now. */
export function Since({ data, now }: { data: Overview; now: number }) {
  const styles = useStyles();
  const { seen } = usePrefs();
  const silent = data.sources.filter(isSilent).length;
  return (
    <section className={styles.bar} aria-label={t('overview.sinceLabel')}>
      <span className={styles.strong}>
        {seen && data.since ? t('overview.since', { age: age(data.since, now) }) : t('overview.sinceFirst')}
      </span>
      <span>
        <TextLink to="/incidents" search={{ view: 'open' }}>
          {t('overview.newIncidents', { n: data.newSince.total })}
        </TextLink>
        {data.newSince.high > 0 && t('overview.ofThemHigh', { n: data.newSince.high })}
      </span>
      <TextLink to="/incidents" search={{ view: 'closed' }}>
        {t('overview.closedToday', { n: data.closedToday })}
      </TextLink>
      {silent > 0 && <span>{t('overview.silent', { n: silent })}</span>}
      <span className={styles.space} />
      <Button size="small" appearance="subtle" onClick={() => setPrefs({ seen: new Date().toISOString() })}>
        {t('overview.markSeen')}
      </Button>
    </section>
  );
}
