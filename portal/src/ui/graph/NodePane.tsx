import { useState } from 'react';
import { Button, Spinner, makeStyles } from '@fluentui/react-components';
import { AddRegular, EyeOffRegular, GridRegular, SubtractRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { entityPageQuery } from '@api/investigate';
import type { Entity, Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { failureText } from '../Empty';
import { EntityIcon, kindWord } from '../Entity';
import { entityFacts, entityName } from '../entities';
import { RawRows } from '../incident/RawRows';
import { Rows } from '../Rows';
import { Section } from '../Section';
import { Severity } from '../Severity';
import { TextLink } from '../TextLink';
import { When } from '../Time';
import { tokens } from '../theme';
import type { Drawing, Expansion, GraphNode } from './layout';

const useStyles = makeStyles({
  pane: { width: '420px', flexShrink: 0, borderLeft: `1px solid ${tokens.colorNeutralStroke2}`, padding: '12px 16px', overflowY: 'auto', backgroundColor: tokens.colorNeutralBackground1 },
  title: { fontWeight: tokens.fontWeightSemibold, fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, overflowWrap: 'anywhere', marginBottom: '4px' },
  acts: { display: 'flex', flexWrap: 'wrap', gap: '8px', margin: '6px 0' },
  ask: { display: 'grid', gap: '4px' },
  question: { justifyContent: 'flex-start' },
  note: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  facts: { display: 'grid', gridTemplateColumns: 'auto minmax(0, 1fr)', columnGap: '14px', rowGap: '2px', fontSize: tokens.fontSizeBase200, marginTop: '8px' },
  value: { overflowWrap: 'anywhere', fontFamily: tokens.fontMono },
});

interface PaneProps {
  node: GraphNode;
  incident: Incident;
  drawn: Drawing;
  expansions: readonly Expansion[];
  onAsk: (entity: string, question: string) => Promise<void>;
  onFold?: (entity: string, question: string) => void;
  /** Opens the group at a member of it, or closes it. */
  onUnfold?: (group: string, on: boolean, node?: string) => void;
  onHide?: (node: string) => void;
}

function Questions({ entity, expansions, onAsk, onFold }: { entity: Entity } & Pick<PaneProps, 'expansions' | 'onAsk' | 'onFold'>) {
  const styles = useStyles();
  const { notify } = useNotify();
  const [busy, setBusy] = useState('');
  const id = entity.name ?? '';
  const page = useQuery(entityPageQuery(useWorkspace(), id));
  const ask = async (question: string) => {
    setBusy(question);
    await onAsk(id, question).catch((failure: unknown) => notify({ text: failureText(failure), intent: 'error' }));
    setBusy('');
  };
  const questions = page.data?.queries.filter((one) => one.kind === 'Expansion') ?? [];
  return (
    <Section title={t('graph.explore')}>
      <div className={styles.ask}>
        {questions.map((one, index) => {
          const open = onFold !== undefined && expansions.some(({ from, question }) => from === id && question === one.id);
          return (
            <Button
              key={one.id}
              id={index === 0 ? 'graph-question' : undefined}
              size="small"
              className={styles.question}
              title={one.description}
              aria-pressed={onFold ? open : undefined}
              icon={busy === one.id ? <Spinner size="tiny" /> : open ? <SubtractRegular /> : <AddRegular />}
              onClick={() => (open ? onFold(id, one.id) : void ask(one.id))}
            >
              {one.title}
            </Button>
          );
        })}
        {page.data && questions.length === 0 && <p className={styles.note}>{t('graph.noQuestions')}</p>}
      </div>
    </Section>
  );
}

function Facts({ entity }: { entity: Entity }) {
  const styles = useStyles();
  return (
    <dl className={styles.facts}>
      {entityFacts(entity).map(([name, value]) => [
        <dt key={`${name} name`} className={styles.note}>
          {name}
        </dt>,
        <dd key={`${name} value`} className={styles.value}>
          {value}
        </dd>,
      ])}
    </dl>
  );
}

/** All that stands together in a group: one of them opens it there. */
function Members({ node, onUnfold }: Pick<PaneProps, 'node' | 'onUnfold'>) {
  const styles = useStyles();
  const members = node.group?.members ?? [];
  return (
    <Section title={t('graph.members')}>
      <div className={styles.ask}>
        {members.map((one) => (
          <Button key={one.id} size="small" appearance="subtle" className={styles.question} icon={<EntityIcon kind={node.group?.kind ?? ''} />} title={one.label} onClick={() => onUnfold?.(node.id, true, one.id)}>
            {one.label}
          </Button>
        ))}
      </div>
    </Section>
  );
}

/** One node: what it is, what may be asked about it, and the rows that every line to it comes from. */
export function NodePane({ node, incident, drawn, expansions, onAsk, onFold, onUnfold, onHide }: PaneProps) {
  const styles = useStyles();
  const { entity, alert, group } = node;
  const heap = group ? null : drawn.groupOf(node.id);
  const named = drawn.rowsOf(node.id);
  const about = expansions.filter(({ from, result }) => from === node.id || result.edges.some((edge) => edge.entity === node.id || edge.alert === node.id));
  return (
    <aside className={styles.pane} aria-label={node.label}>
      <h2 className={styles.title}>{node.label}</h2>
      <div className={styles.acts}>
        {group && onUnfold && (
          <Button size="small" icon={<GridRegular />} title={`${t('graph.openGroup')} (+)`} onClick={() => onUnfold(node.id, true, group.members[0]?.id)}>
            {t('graph.openGroup')}
          </Button>
        )}
        {heap && onUnfold && (
          <Button size="small" icon={<GridRegular />} title={`${t('graph.closeGroup')} (-)`} onClick={() => onUnfold(heap, false)}>
            {t('graph.closeGroup')}
          </Button>
        )}
        {onHide && (
          <Button size="small" icon={<EyeOffRegular />} title={`${t('keys.hide')} (h)`} onClick={() => onHide(node.id)}>
            {t('keys.hide')}
          </Button>
        )}
      </div>
      {group && <Members node={node} onUnfold={onUnfold} />}
      {entity && (
        <>
          <p className={styles.note}>{kindWord(entity.kind)}</p>
          <TextLink to="/entities/$id" params={{ id: entity.name ?? '' }}>
            {t('graph.page', { name: entityName(entity) })}
          </TextLink>
          <Facts entity={entity} />
          <Questions key={entity.name} entity={entity} expansions={expansions} onAsk={onAsk} onFold={onFold} />
        </>
      )}
      {alert && (
        <>
          <Severity value={alert.properties.severity} /> <When iso={alert.properties.startTimeUtc} />
          <p className={styles.note}>{alert.properties.description}</p>
          <Section title={t('rows.label')}>
            <RawRows incident={incident.name} alert={alert.properties.systemAlertId} />
          </Section>
        </>
      )}
      {!entity && !alert && !group && (
        <TextLink to="/alerts" search={{ view: 'all', sel: node.id }}>
          {t('graph.alertPage')}
        </TextLink>
      )}
      {named.length > 0 && (
        <Section title={t('graph.namedBy')}>
          {named.map(({ alert: title, rows }, index) => (
            <p key={index} className={styles.note}>
              {t('graph.rows', { title, n: rows.length })}
            </p>
          ))}
        </Section>
      )}
      {about.map(({ from, question, result }) => (
        <Section key={from + question} title={result.title}>
          <Rows result={result} marked={result.edges.filter((edge) => edge.entity === node.id || edge.alert === node.id).map((edge) => edge.row)} />
        </Section>
      ))}
    </aside>
  );
}
