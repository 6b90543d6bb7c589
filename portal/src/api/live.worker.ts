/**
 * One event stream for all tabs: browsers give an HTTP/1.1 origin six connections.
 * Events that arrive within 250 ms go out together. A lost stream is taken up again at once, then after 1 to
 * 30 s; only the second failure in a row counts as offline, for servers and proxies end long streams in peace.
 */
import type { LiveEvent } from './types';

export type LiveMessage = { kind: 'events'; events: LiveEvent[] } | { kind: 'state'; online: boolean; since: number };

const MERGE_MS = 250;
const AT_ONCE_MS = 250;
const ports = new Set<MessagePort>();
let source: EventSource | null = null;
let address = '';
let waiting: LiveEvent[] = [];
let attempt = 0;
let online = true;
let since = Date.now();

function tell(message: LiveMessage): void {
  for (const port of ports) port.postMessage(message);
}

function setOnline(value: boolean): void {
  if (online === value) return;
  online = value;
  since = Date.now();
  tell({ kind: 'state', online, since });
}

function flush(): void {
  const events = waiting;
  waiting = [];
  if (events.length > 0) tell({ kind: 'events', events });
}

function receive(message: MessageEvent<string>): void {
  if (waiting.length === 0) setTimeout(flush, MERGE_MS);
  waiting.push(JSON.parse(message.data) as LiveEvent);
}

function open(): void {
  if (ports.size === 0) return;
  source = new EventSource(address);
  source.onopen = () => {
    attempt = 0;
    setOnline(true);
  };
  source.onmessage = receive;
  source.onerror = () => {
    source?.close();
    source = null;
    if (attempt > 0) setOnline(false);
    const pause = attempt === 0 ? AT_ONCE_MS : Math.min(30_000, 500 * 2 ** attempt) * (0.75 + Math.random() / 2);
    attempt += 1;
    setTimeout(open, pause);
  };
}

function leave(port: MessagePort): void {
  ports.delete(port);
  if (ports.size === 0) {
    source?.close();
    source = null;
  }
}

function join(port: MessagePort): void {
  port.onmessage = (message: MessageEvent<{ address?: string; bye?: boolean }>) => {
    if (message.data.bye) return leave(port);
    ports.add(port);
    address = message.data.address ?? address;
    if (source === null) open();
    else port.postMessage({ kind: 'state', online, since } satisfies LiveMessage);
  };
}

addEventListener('connect', (event) => {
  const port = (event as MessageEvent).ports[0];
  if (port) join(port);
});
