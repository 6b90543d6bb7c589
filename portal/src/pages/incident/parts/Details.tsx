import type { ReactNode } from 'react';
import { makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { entitiesQuery } from '@api/incidents';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import type { IncidentActions } from '@app/useIncidentActions';
import { t } from '@i18n/t';
import { OwnerField, SeverityField, StatusField } from '@ui/incident/Fields';
import { Labels } from '@ui/incident/Labels';
import { verdictOf } from '@ui/incident/verdicts';
import { When } from '@ui/Time';
import { tacticWord } from '@ui/tactics';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  column: {
    width: '320px',
    flexShrink: 0,
    overflowY: 'auto',
    padding: '16px 20px 24px 24px',
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    '@media (max-width: 1000px)': { display: 'none' },
  },
  list: { display: 'grid', gridTemplateColumns: '108px minmax(0, 1fr)', rowGap: '10px', columnGap: '8px', alignItems: 'baseline' },
  name: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase300, color: tokens.colorNeutralForeground2 },
  value: { overflowWrap: 'anywhere' },
  tags: { display: 'flex', flexWrap: 'wrap', gap: '4px 10px' },
});

function Fact({ name, children }: { name: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value}>{children}</dd>
    </>
  );
}

export interface DetailsProps {
  incident: Incident;
  actions: IncidentActions;
  onClose: () => void;
}

/** Stays on every tab: state, verdict, times, evidence. */
export function Details({ incident, actions, onClose }: DetailsProps) {
  const styles = useStyles();
  const p = incident.properties;
  const entities = useQuery(entitiesQuery(useWorkspace(), incident.name)).data?.entities.length;
  const verdict = p.status === 'Closed' ? verdictOf(p.classification, p.classificationReason) : undefined;
  const more = p.additionalData;
  return (
    <aside className={styles.column} aria-label={t('details.label')} tabIndex={0}>
      <dl className={styles.list}>
        <Fact name={t('column.severity')}>
          <SeverityField incident={incident} actions={actions} onClose={onClose} />
        </Fact>
        <Fact name={t('column.status')}>
          <StatusField incident={incident} actions={actions} onClose={onClose} />
        </Fact>
        <Fact name={t('column.owner')}>
          <OwnerField incident={incident} actions={actions} onClose={onClose} />
        </Fact>
        {verdict && <Fact name={t('details.verdict')}>{t(verdict.title)}</Fact>}
        {p.status === 'Closed' && p.classificationComment && <Fact name={t('details.reason')}>{p.classificationComment}</Fact>}
        <Fact name={t('details.tactics')}>
          <span className={styles.tags}>{more?.tactics?.length ? more.tactics.map((one) => <span key={one}>{tacticWord(one)}</span>) : '–'}</span>
        </Fact>
        {more?.techniques && more.techniques.length > 0 && <Fact name={t('details.techniques')}>{more.techniques.join(', ')}</Fact>}
        <Fact name={t('details.first')}>
          <When iso={p.firstActivityTimeUtc} />
        </Fact>
        <Fact name={t('details.last')}>
          <When iso={p.lastActivityTimeUtc} />
        </Fact>
        <Fact name={t('details.created')}>
          <When iso={p.createdTimeUtc} />
        </Fact>
        <Fact name={t('details.modified')}>
          <When iso={p.lastModifiedTimeUtc} />
        </Fact>
        <Fact name={t('details.evidence')}>
          {t('alerts.count', { n: more?.alertsCount ?? 0 })}
          {entities !== undefined && `, ${t('entities.count', { n: entities })}`}
        </Fact>
        <Fact name={t('details.products')}>{more?.alertProductNames?.join(', ') || '–'}</Fact>
        <Fact name={t('details.labels')}>
          <Labels incident={incident} actions={actions} />
        </Fact>
      </dl>
    </aside>
  );
}
