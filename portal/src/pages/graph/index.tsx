import { useEffect, useState } from 'react';
import { Button, MessageBar, MessageBarActions, MessageBarBody, ProgressBar, Spinner, ToggleButton, Tooltip, makeStyles } from '@fluentui/react-components';
import { ArrowLeftRegular, PageFitRegular, TableRegular, ZoomInRegular, ZoomOutRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { incidentByNumberQuery, incidentQuery } from '@api/incidents';
import type { Incident } from '@api/types';
import { useTitle, useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { Empty, Failure, failureText } from '@ui/Empty';
import { Canvas, nodeId } from '@ui/graph/Canvas';
import { neighbour } from '@ui/graph/layout';
import { NodePane } from '@ui/graph/NodePane';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { Edges } from './parts/Edges';
import { Hidden } from './parts/Hidden';
import { States } from './parts/States';
import { TimeStrip } from './parts/TimeStrip';
import { keptOf } from './search';
import type { Mark } from './times';
import { useGraphKeys } from './useGraphKeys';
import { useInvestigation } from './useInvestigation';

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground1 },
  head: { display: 'flex', alignItems: 'center', gap: '12px', padding: '8px 20px', minHeight: '48px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  back: { display: 'flex', alignItems: 'center', gap: '6px', whiteSpace: 'nowrap' },
  title: { fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold, whiteSpace: 'nowrap' },
  about: { flexGrow: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', color: tokens.colorNeutralForeground2 },
  bar: { height: '2px' },
  body: { flexGrow: 1, minHeight: 0, display: 'flex' },
  middle: { position: 'relative', flexGrow: 1, minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column' },
  canvas: { flexGrow: 1, minHeight: 0, display: 'flex', backgroundImage: `radial-gradient(${tokens.gridLine} 1px, transparent 1px)`, backgroundSize: '24px 24px' },
  zoom: { position: 'absolute', right: '16px', bottom: '148px', display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground1, borderRadius: tokens.borderRadiusMedium, boxShadow: tokens.shadow4 },
});

const route = getRouteApi('/shell/incidents/$number/graph');
const SCALES = [0.5, 0.75, 1, 1.25] as const;

function Investigation({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const search = route.useSearch();
  const { notify } = useNotify();
  const [scale, setScale] = useState(1);
  const [mark, setMark] = useState<Mark | null>(null);
  const [near, setNear] = useState<string | null>(null);
  const work = useInvestigation(incident, search);
  const { drawn, graph, patch } = work;
  const n = incident.properties.incidentNumber;
  const chosen = search.node ? (drawn?.holder(search.node) ?? search.node) : null;
  const node = drawn?.nodes.find((one) => one.id === chosen);
  useTitle(t('graph.pageTitle', { n }));

  const choose = (id: string | null) => patch({ node: id ?? undefined }, true);
  const walk = (key: string) => {
    const next = drawn && neighbour(drawn, chosen, key);
    if (!next) return;
    choose(next);
    document.getElementById(nodeId(next))?.focus();
  };
  /** A group opens, a thing is asked. */
  const explore = () => (node?.group ? work.unfold(node.id, true, node.group.members[0]?.id) : document.getElementById('graph-question')?.focus());
  const fold = () => {
    const group = chosen && drawn?.groupOf(chosen);
    if (group && search.open?.includes(group)) work.unfold(group, false);
    else if (chosen) work.fold(chosen);
  };
  const fit = () => {
    const box = document.getElementById('graph-canvas');
    if (drawn && box) setScale(Math.min(1, Math.max(0.3, Math.min(box.clientWidth / drawn.width, box.clientHeight / drawn.height))));
  };
  const zoom = (by: number) => setScale((old) => SCALES[Math.min(SCALES.length - 1, Math.max(0, SCALES.findIndex((one) => one >= old) + by))] ?? 1);
  useEffect(() => {
    if (chosen) document.getElementById(nodeId(chosen))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen, drawn]);
  useGraphKeys({
    walk,
    explore,
    fold,
    hide: () => chosen && work.hide(chosen),
    fit,
    zoom: () => setScale(1),
    table: () => patch({ view: search.view ? undefined : 'table' }, true),
    copyLink: () => void navigator.clipboard.writeText(location.href).then(() => notify({ text: t('copied.link') })),
    leave: () => choose(null),
  });
  if (graph.error) return <Failure title={t('failure.load')} error={graph.error} onRetry={() => void graph.refetch()} />;
  if (!drawn) return <Spinner label={t('waiting')} style={{ padding: 48 }} />;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <TextLink className={styles.back} to="/incidents/$number" params={{ number: String(n) }} search={{ tab: 'graph' }}>
          <ArrowLeftRegular aria-hidden="true" /> {t('incident.number', { n })}
        </TextLink>
        <h1 className={styles.title}>{t('graph.title')}</h1>
        <span className={styles.about}>{t('graph.about', { n: drawn.nodes.length, title: incident.properties.title })}</span>
        <ToggleButton size="small" appearance="subtle" checked={search.view === 'table'} icon={<TableRegular />} title={`${t('graph.table')} (o)`} onClick={() => patch({ view: search.view ? undefined : 'table' }, true)}>
          {t('graph.table')}
        </ToggleButton>
        <Hidden list={drawn.hidden} onShow={work.show} onShowAll={work.showAll} />
        <States incident={incident} name={search.g} view={keptOf(search)} onOpen={(g) => patch({ ...keptOf({}), g })} />
      </div>
      <div className={styles.bar}>{work.busy && <ProgressBar thickness="medium" aria-label={t('waiting')} />}</div>
      {work.failed.map(({ error, again, asked }) => (
        <MessageBar key={`${asked?.from}~${asked?.question}`} intent="error" layout="multiline">
          <MessageBarBody>{t('graph.failed', { question: asked?.question ?? '', reason: failureText(error) })}</MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={again}>{t('action.tryAgain')}</Button>
          </MessageBarActions>
        </MessageBar>
      ))}
      <div className={styles.body}>
        <div className={styles.middle}>
          {drawn.nodes.length === 0 && <Empty text={t('incident.noAlerts')} />}
          {search.view === 'table' ? (
            <Edges drawn={drawn} marks={work.marks} chosen={chosen} />
          ) : (
            <div className={styles.canvas}>
              <Canvas drawn={drawn} chosen={chosen} scale={scale} dim={work.dim} ringed={new Set(mark?.nodes)} onChoose={choose} onHover={setNear} />
            </div>
          )}
          {search.view !== 'table' && (
            <div className={styles.zoom} role="toolbar" aria-label={t('graph.zoom')}>
              {([[t('graph.zoomIn'), <ZoomInRegular />, () => zoom(1)], [t('graph.zoomOut'), <ZoomOutRegular />, () => zoom(-1)], [`${t('keys.fit')} (f)`, <PageFitRegular />, fit]] as const).map(([label, icon, run]) => (
                <Tooltip key={label} content={label} relationship="label">
                  <Button appearance="subtle" icon={icon} onClick={run} />
                </Tooltip>
              ))}
            </div>
          )}
          {work.marks.length > 0 && (
            <TimeStrip marks={work.marks} window={work.window} near={near ?? chosen} onWindow={work.setWindow} onHover={setMark} onChoose={(one) => choose(one.nodes[0] ?? null)} />
          )}
        </div>
        {node && <NodePane node={node} incident={incident} drawn={drawn} expansions={work.expansions} onAsk={work.ask} onFold={work.fold} onUnfold={work.unfold} onHide={work.hide} />}
      </div>
    </div>
  );
}

/** The investigation graph on a page of its own: all that it shows stands in the address. */
export default function GraphPage() {
  const ws = useWorkspace();
  const { number } = route.useParams();
  const name = useQuery(incidentByNumberQuery(ws, Number(number)));
  const incident = useQuery({ ...incidentQuery(ws, name.data ?? ''), enabled: Boolean(name.data) });
  const error = name.error ?? incident.error;
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void (name.error ? name : incident).refetch()} />;
  if (name.data === null) return <Empty text={t('incident.unknown', { n: number })} />;
  if (!incident.data) return <Spinner label={t('waiting')} style={{ padding: 48 }} />;
  return <Investigation key={incident.data.name} incident={incident.data} />;
}
