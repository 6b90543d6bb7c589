import { useState } from 'react';
import { ToggleButton, makeStyles } from '@fluentui/react-components';
import { AlertRegular, CommentRegular, HistoryRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { alertsQuery, commentsQuery, historyQuery } from '@api/incidents';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t, type MessageKey } from '@i18n/t';
import { Empty } from '@ui/Empty';
import { Markdown } from '@ui/Markdown';
import { Severity } from '@ui/Severity';
import { TextLink } from '@ui/TextLink';
import { When } from '@ui/Time';
import { tokens } from '@ui/theme';
import { changeText } from './changes';
import { KINDS, timeline, withGaps, type TimelineItem, type TimelineKind } from './timeline';

const useStyles = makeStyles({
  page: { maxWidth: '1100px', padding: '12px 24px 32px' },
  chips: { display: 'flex', gap: '6px', marginBottom: '12px' },
  row: {
    display: 'grid',
    gridTemplateColumns: '112px 20px minmax(0, 1fr)',
    columnGap: '10px',
    padding: '7px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  time: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase300, color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  icon: { fontSize: '16px', marginTop: '2px', color: tokens.colorNeutralForeground2 },
  text: { overflowWrap: 'anywhere' },
  note: { color: tokens.colorNeutralForeground2 },
  gap: { padding: '6px 0 6px 142px', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
});

const ICONS = { alert: AlertRegular, comment: CommentRegular, change: HistoryRegular };

function Text({ item, incident }: { item: TimelineItem; incident: Incident }) {
  const styles = useStyles();
  if (item.alert) {
    const p = item.alert.properties;
    return (
      <span>
        <Severity value={p.severity} word={false} />{' '}
        <TextLink
          to="/incidents/$number"
          params={{ number: String(incident.properties.incidentNumber) }}
          search={{ tab: 'alerts', alert: p.systemAlertId }}
        >
          {p.alertDisplayName}
        </TextLink>{' '}
        {p.compromisedEntity && <span className={styles.note}>{p.compromisedEntity}</span>}
      </span>
    );
  }
  if (item.comment) {
    return (
      <span>
        <span className={styles.note}>{item.comment.properties.author?.name ?? t('someone')}</span>
        <Markdown text={item.comment.properties.message} />
      </span>
    );
  }
  return <span>{item.change && changeText(item.change)}</span>;
}

export function TimelineTab({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const alerts = useQuery(alertsQuery(ws, incident.name)).data ?? [];
  const comments = useQuery(commentsQuery(ws, incident.name)).data ?? [];
  const history = useQuery(historyQuery(ws, incident.name)).data ?? [];
  const [kinds, setKinds] = useState<ReadonlySet<TimelineKind>>(new Set(KINDS));
  const items = timeline(alerts, comments, history);
  const entries = withGaps(items.filter((item) => kinds.has(item.kind)));
  const toggle = (kind: TimelineKind) =>
    setKinds((old) => new Set(KINDS.filter((one) => (one === kind ? !old.has(one) : old.has(one)))));
  return (
    <div className={styles.page}>
      <div className={styles.chips}>
        {KINDS.map((kind) => (
          <ToggleButton key={kind} size="small" checked={kinds.has(kind)} onClick={() => toggle(kind)}>
            {t(`timeline.${kind}` as MessageKey, { n: items.filter((item) => item.kind === kind).length })}
          </ToggleButton>
        ))}
      </div>
      {entries.length === 0 && <Empty text={t('timeline.none')} />}
      <ol>
        {entries.map((entry) => {
          if (entry.kind === 'gap') return <li key={entry.id} className={styles.gap}>{t('timeline.gap', { n: entry.hours })}</li>;
          const Icon = ICONS[entry.kind];
          return (
            <li key={entry.id} className={styles.row}>
              <span className={styles.time}>
                <When iso={entry.time} />
              </span>
              <Icon className={styles.icon} aria-hidden="true" />
              <span className={styles.text}>
                <Text item={entry} incident={incident} />
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
