import { Button, Skeleton, SkeletonItem, makeStyles } from '@fluentui/react-components';
import { CheckmarkRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { alertsQuery, entitiesQuery } from '@api/incidents';
import type { Incident } from '@api/types';
import { useSession, useWorkspace } from '@app/hooks';
import type { IncidentActions } from '@app/useIncidentActions';
import { t } from '@i18n/t';
import { Failure } from '@ui/Empty';
import { EntityChip } from '@ui/Entity';
import { IncidentFields } from '@ui/incident/Fields';
import { Story } from '@ui/incident/Story';
import { Why } from '@ui/incident/Why';
import { PaneTop } from '@ui/PaneTop';
import { Section } from '@ui/Section';
import { SidePane } from '@ui/SidePane';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  rule: { borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, paddingBottom: '14px' },
  chips: { display: 'flex', flexWrap: 'wrap', gap: '6px' },
  space: { flexGrow: 1 },
});

export interface PaneProps {
  incident: Incident;
  actions: IncidentActions;
  onStep: (by: number) => void;
  onOpen: () => void;
  onTake: () => void;
  onCloseIncident: () => void;
  onDismiss: () => void;
}

const ENTITIES_SHOWN = 8;

function Entities({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const { data } = useQuery(entitiesQuery(useWorkspace(), incident.name));
  const number = String(incident.properties.incidentNumber);
  const list = data?.entities ?? [];
  return (
    <Section
      title={t('pane.entities')}
      aside={
        list.length > ENTITIES_SHOWN && (
          <TextLink to="/incidents/$number" params={{ number }} search={{ tab: 'entities' }}>
            {t('pane.allEntities', { n: list.length })}
          </TextLink>
        )
      }
    >
      <div className={styles.chips}>
        {list.slice(0, ENTITIES_SHOWN).map((entity, index) => (
          <EntityChip key={entity.name ?? index} entity={entity} />
        ))}
        {data && list.length === 0 && t('pane.noEntities')}
      </div>
    </Section>
  );
}

/** One of many, looked at: what, why, what happened, who; the list stays live beside it. */
export function Pane(props: PaneProps) {
  const styles = useStyles();
  const { incident } = props;
  const number = incident.properties.incidentNumber;
  const closed = incident.properties.status === 'Closed';
  const mine = incident.properties.owner?.objectId === useSession().user.id;
  const alerts = useQuery(alertsQuery(useWorkspace(), incident.name));
  const footer = (
    <>
      <Button appearance="primary" onClick={closed || mine ? props.onOpen : props.onTake}>
        {closed || mine ? t('action.open') : t('action.takeOpen')}
      </Button>
      {!closed && !mine && <Button onClick={props.onOpen}>{t('action.open')}</Button>}
      <span className={styles.space} />
      {!closed && (
        <Button icon={<CheckmarkRegular />} onClick={props.onCloseIncident}>
          {t('action.closeDots')}
        </Button>
      )}
    </>
  );
  return (
    <SidePane label={t('incident.number', { n: number })} footer={footer}>
      <PaneTop kind={t('incident.number', { n: number })} title={incident.properties.title} onStep={props.onStep} onOpen={props.onOpen} onDismiss={props.onDismiss} />
      <div className={styles.rule}>
        <IncidentFields incident={incident} actions={props.actions} onClose={props.onCloseIncident} />
      </div>
      <Section title={t('pane.why')}>
        <Why incident={incident} alerts={alerts.data} />
      </Section>
      <Section
        title={t('pane.story')}
        aside={
          <TextLink to="/incidents/$number" params={{ number: String(number) }} search={{ tab: 'timeline' }}>
            {t('tab.timeline')}
          </TextLink>
        }
      >
        {alerts.isPending && <Skeleton aria-label={t('waiting')}><SkeletonItem style={{ height: 90 }} /></Skeleton>}
        {alerts.error && <Failure title={t('failure.load')} error={alerts.error} onRetry={() => void alerts.refetch()} />}
        {alerts.data && <Story alerts={alerts.data} number={number} />}
      </Section>
      <Entities incident={incident} />
    </SidePane>
  );
}
