import { makeStyles } from '@fluentui/react-components';
import type { Alert } from '@api/types';
import { t } from '@i18n/t';
import { TextLink } from '../TextLink';
import { SEVERITY_COLOR, severityWord } from '../Severity';
import { tokens } from '../theme';
import { exact, when } from '../time';

const useStyles = makeStyles({
  row: { display: 'grid', gridTemplateColumns: 'auto 14px minmax(0, 1fr)', columnGap: '10px' },
  time: {
    minWidth: '38px',
    paddingTop: '1px',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
  rail: { position: 'relative' },
  line: { position: 'absolute', left: '6px', top: '16px', bottom: '-4px', width: '2px', backgroundColor: tokens.gridLine },
  dot: { position: 'absolute', left: '2px', top: '5px', width: '10px', height: '10px', borderRadius: tokens.borderRadiusCircular },
  body: { minWidth: 0, paddingBottom: '14px' },
  title: { display: 'block', overflowWrap: 'anywhere', ':not(:hover)': { color: tokens.colorNeutralForeground1 } },
  note: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

export function alertTime(alert: Alert): string {
  return alert.properties.startTimeUtc ?? alert.properties.timeGenerated ?? '';
}

export function byTime(alerts: readonly Alert[]): Alert[] {
  return [...alerts].sort((a, b) => alertTime(a).localeCompare(alertTime(b)));
}

/** Times of one day need only the clock; a story over days says the day where it changes. */
function storyTime(alert: Alert, before: Alert | undefined): string {
  const text = when(alertTime(alert));
  const last = before ? when(alertTime(before)) : '';
  const day = text.slice(0, -5);
  return day !== '' && last.slice(0, -5) === day ? text.slice(-5) : text;
}

interface StoryProps {
  alerts: readonly Alert[];
  number: number;
  most?: number;
}

/** The alerts in the order of what happened, each a link to its rows. */
export function Story({ alerts, number, most = 6 }: StoryProps) {
  const styles = useStyles();
  const sorted = byTime(alerts);
  const shown = sorted.slice(0, most);
  return (
    <ol>
      {shown.map((alert, index) => {
        const p = alert.properties;
        return (
          <li key={p.systemAlertId} className={styles.row}>
            <time className={styles.time} dateTime={alertTime(alert)} title={exact(alertTime(alert))}>
              {storyTime(alert, shown[index - 1])}
            </time>
            <span className={styles.rail} aria-hidden="true">
              {index < shown.length - 1 && <span className={styles.line} />}
              <span className={styles.dot} style={{ backgroundColor: SEVERITY_COLOR[p.severity] }} />
            </span>
            <div className={styles.body}>
              <TextLink
                to="/incidents/$number"
                params={{ number: String(number) }}
                search={{ tab: 'alerts', alert: p.systemAlertId }}
                className={styles.title}
              >
                {p.alertDisplayName}
              </TextLink>
              <span className={styles.note}>{p.compromisedEntity || severityWord(p.severity)}</span>
            </div>
          </li>
        );
      })}
      {sorted.length > shown.length && (
        <li className={styles.row}>
          <span className={styles.time} />
          <span className={styles.rail} />
          <TextLink to="/incidents/$number" params={{ number: String(number) }} search={{ tab: 'alerts' }}>
            {t('story.more', { n: sorted.length - shown.length })}
          </TextLink>
        </li>
      )}
    </ol>
  );
}
