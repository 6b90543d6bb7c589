/** The graph of an incident with all that was asked, as the address says it; a saved state fills in what it leaves out. */
import { useCallback, useEffect, useMemo } from 'react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { exploreQuery, graphQuery, savedGraphQuery, spanAround } from '@api/investigate';
import type { Incident } from '@api/types';
import { useWorkspace } from '@app/hooks';
import { layout, type Expansion } from '@ui/graph/layout';
import { KEPT, askedOf, askedText, keptOf, namesOf, withName, type GraphSearch } from './search';
import { marksOf, outside, type Window } from './times';

const ms = (text: string | undefined) => (text === undefined ? null : Date.parse(text));
const text = (time: number | null) => (time === null ? undefined : new Date(time).toISOString());

export function useInvestigation(incident: Incident, search: GraphSearch) {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const graph = useQuery(graphQuery(ws, incident.name));
  const state = useQuery({ ...savedGraphQuery(ws, incident.name, search.g ?? ''), enabled: search.g !== undefined });
  const patch = useCallback((change: GraphSearch, replace = false) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...change }), replace }), [navigate]);

  const loaded = state.data?.properties.graph;
  const bare = KEPT.every((key) => search[key] === undefined);
  useEffect(() => {
    if (loaded && bare) patch(keptOf(loaded), true);
  }, [loaded, bare, patch]);

  const asked = useMemo(() => askedOf(search.ex), [search.ex]);
  // One span as long as the page is open: a new "now" would be another question.
  const span = useMemo(() => spanAround(incident.properties.firstActivityTimeUtc, incident.properties.lastActivityTimeUtc), [incident.name]);
  const answers = useQueries({ queries: asked.map((one) => exploreQuery(ws, one.from, one.question, span)) });
  const failed = answers.flatMap(({ error, refetch }, index) => (error ? [{ error, again: () => void refetch(), asked: asked[index] }] : []));
  const answered = answers.map((one) => one.dataUpdatedAt).join();
  const expansions = useMemo(
    () => asked.flatMap((one, index): Expansion[] => (answers[index]?.data ? [{ ...one, result: answers[index].data }] : [])),
    [asked, answered],
  );
  const arranged = useMemo(() => ({ open: namesOf(search.open), hide: namesOf(search.hide) }), [search.open, search.hide]);
  const drawn = useMemo(() => (graph.data ? layout(graph.data, expansions, arranged) : null), [graph.data, expansions, arranged]);
  const marks = useMemo(() => (graph.data ? marksOf(graph.data, expansions) : []), [graph.data, expansions]);
  const window: Window = useMemo(() => ({ from: ms(search.from), to: ms(search.to) }), [search.from, search.to]);
  const dim = useMemo(() => outside(marks, window), [marks, window]);
  return {
    graph,
    drawn,
    expansions,
    marks,
    window,
    dim,
    failed,
    busy: answers.some((one) => one.isFetching),
    patch,
    setWindow: ({ from, to }: Window) => patch({ from: text(from), to: text(to) }, true),
    /** Opens a group in place, or closes it again. */
    unfold: (group: string, on: boolean, node?: string) => patch({ open: withName(search.open, group, on), node: node ?? group }),
    hide: (node: string) => patch({ hide: withName(search.hide, node, true), node: undefined }),
    show: (node: string) => patch({ hide: withName(search.hide, node, false), node }),
    showAll: () => patch({ hide: undefined }),
    ask: async (from: string, question: string) => patch({ ex: askedText([...asked.filter((one) => one.from !== from || one.question !== question), { from, question }]) }),
    fold: (from: string, question?: string) => patch({ ex: askedText(asked.filter((one) => one.from !== from || (question !== undefined && one.question !== question))) }),
  };
}
