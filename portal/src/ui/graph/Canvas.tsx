import { Button, makeStyles, mergeClasses } from '@fluentui/react-components';
import { AlertRegular, GridRegular } from '@fluentui/react-icons';
import { t } from '@i18n/t';
import { EntityIcon } from '../Entity';
import { Severity } from '../Severity';
import { tokens } from '../theme';
import type { Drawing, GraphNode } from './layout';

const useStyles = makeStyles({
  canvas: { position: 'relative', flexGrow: 1, minWidth: 0, overflow: 'auto' },
  plane: { position: 'absolute', left: 0, top: 0, transformOrigin: '0 0' },
  lines: { position: 'absolute', left: 0, top: 0, pointerEvents: 'none' },
  node: { position: 'absolute', width: '260px', height: '32px', justifyContent: 'flex-start', fontWeight: tokens.fontWeightRegular, overflow: 'hidden' },
  group: { borderTopStyle: 'dashed', borderRightStyle: 'dashed', borderBottomStyle: 'dashed', borderLeftStyle: 'dashed' },
  chosen: { outline: `2px solid ${tokens.colorBrandStroke1}` },
  ringed: { outline: `2px dashed ${tokens.colorBrandStroke1}` },
  dim: { opacity: 0.45 },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

export const nodeId = (id: string) => `node-${id}`;

interface CanvasProps {
  drawn: Drawing;
  chosen: string | null;
  scale?: number;
  /** Outside the window of time: shown, but faint. */
  dim?: ReadonlySet<string>;
  /** What the mark under the pointer is about. */
  ringed?: ReadonlySet<string>;
  onChoose: (id: string | null) => void;
  onHover?: (id: string | null) => void;
}

function icon({ alert, entity, group }: GraphNode) {
  if (group) return <GridRegular />;
  if (entity) return <EntityIcon kind={entity.kind} />;
  return alert ? <Severity value={alert.properties.severity} word={false} /> : <AlertRegular />;
}

/** Whether a node, or something of the group that it is, is among them. */
function isOf({ id, group }: GraphNode, among: ReadonlySet<string> | undefined): boolean {
  return among !== undefined && (group ? group.members.some((one) => among.has(one.id)) : among.has(id));
}

/** Alerts and what they name as columns; a line to each thing, curved, broken where an alert was found from a thing. */
export function Canvas({ drawn, chosen, scale = 1, dim, ringed, onChoose, onHover }: CanvasProps) {
  const styles = useStyles();
  // A group is faint when all of it is.
  const faint = new Set(drawn.nodes.filter(({ id, group }) => (group ? group.members.every((one) => dim?.has(one.id)) : dim?.has(id))).map((one) => one.id));
  const isDim = (id: string) => faint.has(id);
  return (
    <div id="graph-canvas" className={styles.canvas} role="group" aria-label={t('tab.graph')}>
      <div style={{ width: drawn.width * scale, height: drawn.height * scale }} />
      <div className={styles.plane} style={{ width: drawn.width, height: drawn.height, transform: scale === 1 ? undefined : `scale(${scale})` }}>
        <svg className={styles.lines} width={drawn.width} height={drawn.height} aria-hidden="true">
          {drawn.lines.map((line) => (
            <path
              key={line.id}
              d={`M${line.x1},${line.y1} C${(line.x1 + line.x2) / 2},${line.y1} ${(line.x1 + line.x2) / 2},${line.y2} ${line.x2},${line.y2}`}
              fill="none"
              opacity={isDim(line.from) || isDim(line.to) ? 0.35 : undefined}
              stroke={chosen && (line.from === chosen || line.to === chosen) ? tokens.colorBrandStroke1 : tokens.colorNeutralStroke1}
              strokeWidth={chosen && (line.from === chosen || line.to === chosen) ? 2 : 1}
              strokeDasharray={line.dotted ? '4 3' : undefined}
            />
          ))}
        </svg>
        {drawn.nodes.map((one) => (
          <Button
            key={one.id}
            id={nodeId(one.id)}
            className={mergeClasses(styles.node, one.group && styles.group, isDim(one.id) && styles.dim, isOf(one, ringed) && styles.ringed, one.id === chosen && styles.chosen)}
            style={{ left: one.x, top: one.y }}
            icon={icon(one)}
            aria-pressed={one.id === chosen}
            title={one.group ? one.group.members.map((each) => each.label).join('\n') : one.label}
            onClick={() => onChoose(one.id === chosen ? null : one.id)}
            onPointerEnter={() => onHover?.(one.id)}
            onPointerLeave={() => onHover?.(null)}
          >
            <span className={styles.name}>{one.label}</span>
          </Button>
        ))}
      </div>
    </div>
  );
}
