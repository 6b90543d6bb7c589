import { useMemo, useState } from 'react';
import { Button, Spinner, makeStyles, mergeClasses } from '@fluentui/react-components';
import { AlertRegular } from '@fluentui/react-icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { entityPageQuery, exploreQuery, graphQuery, spanAround } from '@api/investigate';
import type { Entity, Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { Empty, Failure, failureText } from '@ui/Empty';
import { EntityIcon, kindWord } from '@ui/Entity';
import { entityName } from '@ui/entities';
import { Rows } from '@ui/Rows';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { layout, type Expansion, type GraphNode } from './graph';

const useStyles = makeStyles({
  page: { display: 'flex', minHeight: '100%' },
  canvas: { position: 'relative', flexGrow: 1, minWidth: 0, overflowX: 'auto', overflowY: 'auto', padding: '0' },
  lines: { position: 'absolute', left: 0, top: 0, pointerEvents: 'none' },
  node: { position: 'absolute', width: '260px', height: '32px', justifyContent: 'flex-start', fontWeight: tokens.fontWeightRegular, overflow: 'hidden' },
  chosen: { outline: `2px solid ${tokens.colorBrandStroke1}` },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  pane: { width: '420px', flexShrink: 0, borderLeft: `1px solid ${tokens.colorNeutralStroke2}`, padding: '12px 16px', overflowY: 'auto' },
  title: { fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere', marginBottom: '4px' },
  ask: { display: 'grid', gap: '4px', margin: '12px 0' },
  note: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  section: { margin: '12px 0' },
});

function Questions({ entity, incident, onFound }: { entity: Entity; incident: Incident; onFound: (found: Expansion) => void }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const [busy, setBusy] = useState('');
  const page = useQuery(entityPageQuery(ws, entity.name ?? ''));
  const p = incident.properties;
  const ask = async (id: string) => {
    setBusy(id);
    try {
      const result = await client.fetchQuery(exploreQuery(ws, entity.name ?? '', id, spanAround(p.firstActivityTimeUtc, p.lastActivityTimeUtc)));
      onFound({ from: entity.name ?? '', question: id, result });
    } catch (failure) {
      notify({ text: failureText(failure), intent: 'error' });
    }
    setBusy('');
  };
  return (
    <div className={styles.ask}>
      {page.data?.queries
        .filter((one) => one.kind === 'Expansion')
        .map((one) => (
          <Button key={one.id} size="small" title={one.description} icon={busy === one.id ? <Spinner size="tiny" /> : undefined} onClick={() => void ask(one.id)}>
            {one.title}
          </Button>
        ))}
    </div>
  );
}

function Found({ expansion, node }: { expansion: Expansion; node: GraphNode }) {
  const styles = useStyles();
  const marked = expansion.result.edges.filter((edge) => edge.entity === node.id || edge.alert === node.id).map((edge) => edge.row);
  return (
    <div className={styles.section}>
      <p className={styles.title}>{expansion.result.title}</p>
      <Rows result={expansion.result} marked={marked} />
    </div>
  );
}

/** Alerts and what they name; a thing is asked and leads on. Every line knows the rows that it comes from. */
export function GraphTab({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const { data, error, refetch } = useQuery(graphQuery(ws, incident.name));
  const [expansions, setExpansions] = useState<Expansion[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const drawn = useMemo(() => (data ? layout(data, expansions) : null), [data, expansions]);
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (!drawn) return <Spinner label={t('waiting')} />;
  if (drawn.nodes.length === 0) return <Empty text={t('incident.noAlerts')} />;
  const node = drawn.nodes.find((one) => one.id === chosen);
  const found = (next: Expansion) => setExpansions((old) => [...old.filter((one) => one.from !== next.from || one.question !== next.question), next]);
  const entity = node?.entity;
  return (
    <div className={styles.page}>
      <div className={styles.canvas} style={{ minHeight: drawn.height }} role="group" aria-label={t('tab.graph')}>
        <svg className={styles.lines} width={drawn.width} height={drawn.height} aria-hidden="true">
          {drawn.lines.map((line) => (
            <path
              key={line.id}
              d={`M${line.x1},${line.y1} C${(line.x1 + line.x2) / 2},${line.y1} ${(line.x1 + line.x2) / 2},${line.y2} ${line.x2},${line.y2}`}
              fill="none"
              stroke={chosen && (line.from === chosen || line.to === chosen) ? tokens.colorBrandStroke1 : tokens.colorNeutralStroke1}
              strokeDasharray={line.dotted ? '4 3' : undefined}
            />
          ))}
        </svg>
        {drawn.nodes.map((one) => (
          <Button
            key={one.id}
            className={mergeClasses(styles.node, one.id === chosen && styles.chosen)}
            style={{ left: one.x, top: one.y }}
            icon={one.entity ? <EntityIcon kind={one.entity.kind} /> : <AlertRegular />}
            aria-pressed={one.id === chosen}
            title={one.label}
            onClick={() => setChosen(one.id === chosen ? null : one.id)}
          >
            <span className={styles.name}>{one.label}</span>
          </Button>
        ))}
      </div>
      {node && (
        <aside className={styles.pane} aria-label={node.label}>
          <p className={styles.title}>{node.label}</p>
          {entity && (
            <>
              <p className={styles.note}>{kindWord(entity.kind)}</p>
              <TextLink to="/entities/$id" params={{ id: entity.name ?? '' }}>
                {t('graph.page', { name: entityName(entity) })}
              </TextLink>
              <Questions entity={entity} incident={incident} onFound={found} />
            </>
          )}
          {drawn.rowsOf(node.id).map(({ alert, rows }) => (
            <p key={alert} className={styles.note}>
              {t('graph.rows', { title: alert, n: rows.length })}
            </p>
          ))}
          {expansions
            .filter((one) => one.from === node.id || one.result.edges.some((edge) => edge.entity === node.id || edge.alert === node.id))
            .map((one) => (
              <Found key={one.from + one.question} expansion={one} node={node} />
            ))}
        </aside>
      )}
    </div>
  );
}
