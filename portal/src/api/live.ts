/** The page's end of the event stream. */
import type { LiveMessage } from './live.worker';
import type { LiveEvent } from './types';
import { OPS_VERSION, ops, type Workspace } from './workspace';

export interface LiveState {
  online: boolean;
  since: number;
}

type Listener = (events: LiveEvent[]) => void;
const listeners = new Set<Listener>();
const stateListeners = new Set<() => void>();
let state: LiveState = { online: true, since: Date.now() };
let stop: (() => void) | null = null;

function take(message: LiveMessage): void {
  if (message.kind === 'events') return listeners.forEach((run) => run(message.events));
  state = { online: message.online, since: message.since };
  stateListeners.forEach((run) => run());
}

/** Without SharedWorker the tab reads the stream itself; the browser's own repeat serves. */
function readHere(address: string): () => void {
  const source = new EventSource(address);
  source.onmessage = (message: MessageEvent<string>) =>
    take({ kind: 'events', events: [JSON.parse(message.data) as LiveEvent] });
  source.onopen = () => take({ kind: 'state', online: true, since: Date.now() });
  source.onerror = () => take({ kind: 'state', online: false, since: Date.now() });
  return () => source.close();
}

function readShared(address: string): () => void {
  const worker = new SharedWorker(new URL('./live.worker.ts', import.meta.url), { type: 'module', name: 'vedette-live' });
  worker.port.onmessage = (message: MessageEvent<LiveMessage>) => take(message.data);
  worker.port.postMessage({ address });
  const bye = () => worker.port.postMessage({ bye: true });
  addEventListener('pagehide', bye);
  return () => {
    removeEventListener('pagehide', bye);
    bye();
  };
}

export function startLive(ws: Workspace): void {
  if (stop !== null) return;
  const address = `${ops(ws, 'events')}?api-version=${OPS_VERSION['api-version']}`;
  stop = typeof SharedWorker === 'undefined' ? readHere(address) : readShared(address);
}

export function stopLive(): void {
  stop?.();
  stop = null;
}

export function onLive(run: Listener): () => void {
  listeners.add(run);
  return () => listeners.delete(run);
}

export const liveState = {
  subscribe(run: () => void): () => void {
    stateListeners.add(run);
    return () => stateListeners.delete(run);
  },
  get: (): LiveState => state,
};
