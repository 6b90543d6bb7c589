/** What the palette offers for a text: places, commands, incidents found by the server, recent ones. */
import { useEffect, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { searchIncidents } from '@api/search';
import { t } from '@i18n/t';
import { useWorkspace } from '../hooks';
import { keyHint, useBindings } from '../keys';
import { readRecent } from './recent';

export type PaletteGroup = 'go' | 'do' | 'found' | 'recent';
export interface PaletteItem {
  id: string;
  group: PaletteGroup;
  text: string;
  note?: string;
  run: () => void;
}

const PAUSE_MS = 150;

function useLate(text: string): string {
  const [late, setLate] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setLate(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return late;
}

/** All words must be in the text, in any case. */
export function matches(text: string, words: string): boolean {
  const lower = text.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => lower.includes(word));
}

export function usePaletteItems(input: string): PaletteItem[] {
  const ws = useWorkspace();
  const navigate = useNavigate();
  const bindings = useBindings();
  const commandsOnly = input.startsWith('>');
  const text = input.replace(/^[>#@]\s*/, '').trim();
  const late = useLate(text);
  const found = useQuery({
    ...searchIncidents(ws, late),
    enabled: !commandsOnly && (late.length >= 2 || /^\d+$/.test(late)),
  });

  const open = (number: number) => void navigate({ to: '/incidents/$number', params: { number: String(number) } });
  const keyItems = bindings
    .filter((one, index) => bindings.findLastIndex((other) => other.key === one.key) === index)
    .filter((one) => one.label !== 'keys.palette' && one.label !== 'keys.search' && matches(t(one.label), text))
    .map((one): PaletteItem => ({
      id: `key-${one.key}`,
      group: one.key.startsWith('g ') ? 'go' : 'do',
      text: t(one.label),
      note: keyHint(one.key),
      run: () => one.run(new KeyboardEvent('keydown')),
    }));
  const foundItems = (text.length > 0 ? (found.data ?? []) : []).map((one): PaletteItem => ({
    id: `incident-${one.name}`,
    group: 'found',
    text: one.properties.title,
    note: `#${one.properties.incidentNumber}`,
    run: () => open(one.properties.incidentNumber),
  }));
  const recentItems = (text === '' ? readRecent() : []).map((one): PaletteItem => ({
    id: `recent-${one.number}`,
    group: 'recent',
    text: one.title,
    note: `#${one.number}`,
    run: () => open(one.number),
  }));
  if (commandsOnly) return keyItems;
  return [...foundItems, ...recentItems, ...keyItems.filter((one) => one.group === 'go'), ...keyItems.filter((one) => one.group === 'do')];
}
