import { useMemo, useState } from 'react';
import { Button, Spinner, makeStyles } from '@fluentui/react-components';
import { FullScreenMaximizeRegular } from '@fluentui/react-icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { exploreQuery, graphQuery, spanAround } from '@api/investigate';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { Canvas } from '@ui/graph/Canvas';
import { layout, type Expansion } from '@ui/graph/layout';
import { NodePane } from '@ui/graph/NodePane';

const useStyles = makeStyles({
  page: { position: 'relative', display: 'flex', height: '100%', minHeight: '420px' },
  full: { position: 'absolute', left: '16px', bottom: '16px' },
});

const NONE: ReadonlySet<string> = new Set();

/** Alerts and what they name; a thing is asked and leads on. Every line knows the rows that it comes from. */
export function GraphTab({ incident }: { incident: Incident }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(graphQuery(ws, incident.name));
  const [expansions, setExpansions] = useState<Expansion[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const drawn = useMemo(() => (data ? layout(data, expansions, { open, hide: NONE }) : null), [data, expansions, open]);
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (!drawn) return <Spinner label={t('waiting')} />;
  if (drawn.nodes.length === 0) return <Empty text={t('incident.noAlerts')} />;
  const node = drawn.nodes.find((one) => one.id === chosen);
  const p = incident.properties;
  const unfold = (group: string, on: boolean, member?: string) => {
    setOpen(on ? new Set([...open, group]) : new Set([...open].filter((one) => one !== group)));
    setChosen(member ?? group);
  };
  const ask = async (from: string, question: string) => {
    const result = await client.fetchQuery(exploreQuery(ws, from, question, spanAround(p.firstActivityTimeUtc, p.lastActivityTimeUtc)));
    setExpansions((old) => [...old.filter((one) => one.from !== from || one.question !== question), { from, question, result }]);
  };
  const full = () =>
    void navigate({
      to: '/incidents/$number/graph',
      params: { number: String(p.incidentNumber) },
      search: { node: chosen ?? undefined, ex: expansions.map((one) => `${one.from}~${one.question}`).join(',') || undefined, open: [...open].join(',') || undefined },
    });
  return (
    <div className={styles.page}>
      <Canvas drawn={drawn} chosen={chosen} onChoose={setChosen} />
      <Button className={styles.full} icon={<FullScreenMaximizeRegular />} title={`${t('graph.full')} (i)`} onClick={full}>
        {t('graph.full')}
      </Button>
      {node && <NodePane node={node} incident={incident} drawn={drawn} expansions={expansions} onAsk={ask} onUnfold={unfold} />}
    </div>
  );
}
