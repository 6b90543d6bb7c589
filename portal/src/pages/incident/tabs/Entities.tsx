import { useState } from 'react';
import { Button, makeStyles } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { entitiesQuery } from '@api/incidents';
import type { Entity, Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { EntityIcon, kindWord } from '@ui/Entity';
import { entityFacts, entityName } from '@ui/entities';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  page: { maxWidth: '1100px', padding: '6px 24px 32px' },
  heading: {
    margin: '18px 0 4px',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  count: { color: tokens.colorNeutralForeground3, fontWeight: tokens.fontWeightRegular },
  row: { borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  button: { width: '100%', minHeight: '40px', justifyContent: 'flex-start', fontWeight: tokens.fontWeightRegular, padding: '4px 4px' },
  icon: { fontSize: '16px', marginRight: '8px', color: tokens.colorNeutralForeground2 },
  name: { fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere', textAlign: 'left' },
  facts: {
    display: 'grid',
    gridTemplateColumns: 'minmax(140px, auto) minmax(0, 1fr)',
    columnGap: '16px',
    rowGap: '3px',
    margin: '0 0 12px 32px',
    fontSize: tokens.fontSizeBase200,
  },
  more: { margin: '0 0 12px 32px' },
  factName: { color: tokens.colorNeutralForeground2 },
  factValue: { overflowWrap: 'anywhere', fontFamily: tokens.fontMono },
});

function EntityRow({ entity, unfolded }: { entity: Entity; unfolded: boolean }) {
  const styles = useStyles();
  const [open, setOpen] = useState(unfolded);
  const facts = entityFacts(entity);
  return (
    <li className={styles.row}>
      <Button
        appearance="subtle"
        className={styles.button}
        icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <EntityIcon kind={entity.kind} className={styles.icon} />
        <span className={styles.name}>{entityName(entity)}</span>
      </Button>
      {open && (
        <dl className={styles.facts}>
          {facts.map(([name, value]) => [
            <dt key={`${name} name`} className={styles.factName}>
              {name}
            </dt>,
            <dd key={`${name} value`} className={styles.factValue}>
              {value}
            </dd>,
          ])}
        </dl>
      )}
      {open && entity.name && (
        <p className={styles.more}>
          <TextLink to="/entities/$id" params={{ id: entity.name }}>
            {t('graph.page', { name: entityName(entity) })}
          </TextLink>
        </p>
      )}
    </li>
  );
}

const FEW = 3;

export function EntitiesTab({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const { data, error, refetch } = useQuery(entitiesQuery(useWorkspace(), incident.name));
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (data && data.entities.length === 0) return <Empty text={t('incident.noEntities')} />;
  const few = (data?.entities.length ?? 0) <= FEW;
  const kinds = [...new Set(data?.entities.map((entity) => entity.kind) ?? [])];
  return (
    <div className={styles.page}>
      {kinds.map((kind) => {
        const list = data?.entities.filter((entity) => entity.kind === kind) ?? [];
        return (
          <section key={kind}>
            <h2 className={styles.heading}>
              {kindWord(kind)} <span className={styles.count}>{list.length}</span>
            </h2>
            <ul>
              {list.map((entity, index) => (
                <EntityRow key={entity.name ?? index} entity={entity} unfolded={few} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
