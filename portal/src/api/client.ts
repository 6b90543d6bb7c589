/** One door to the server: same origin, session cookie, CSRF token on writes, errors as one class. */
import type { ErrorBody, InnerError } from './types';

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly retryAfter: string | null;
  readonly body: ErrorBody | null;

  constructor(status: number, body: ErrorBody | null, headers?: Headers) {
    super(body?.message ?? (status === 0 ? 'The server did not answer.' : `The server answered ${status}.`));
    this.name = 'ApiError';
    this.status = status;
    this.code = body?.code ?? (status === 0 ? 'Offline' : String(status));
    this.requestId = headers?.get('x-ms-request-id') ?? null;
    this.retryAfter = headers?.get('retry-after') ?? null;
    this.body = body;
  }

  /** The innermost error that carries a place in the query. */
  get place(): { message: string; line: number; column: number } | null {
    let inner: InnerError | undefined = this.body?.innererror;
    let found: { message: string; line: number; column: number } | null = null;
    let message = this.message;
    for (; inner !== undefined; inner = inner.innererror) {
      if (inner.message) message = inner.message;
      if (inner.line !== undefined) found = { message, line: inner.line, column: inner.pos ?? 1 };
    }
    return found;
  }

  /** The most telling sentence: servers put it innermost. */
  get sentence(): string {
    let message = this.message;
    for (let inner = this.body?.innererror; inner !== undefined; inner = inner.innererror) {
      if (inner.message) message = inner.message;
    }
    return message;
  }
}

let csrf = '';
let onSignedOut: () => void = () => undefined;

export function setCsrf(token: string): void {
  csrf = token;
}
/** Called once by the session; runs when any call but sign-in itself is answered 401. */
export function whenSignedOut(run: () => void): void {
  onSignedOut = run;
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  query?: Record<string, string | undefined>;
  signal?: AbortSignal;
}

function address(path: string, query: Call['query']): string {
  const pairs = Object.entries(query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined);
  if (pairs.length === 0) return path;
  const text = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return `${path}${path.includes('?') ? '&' : '?'}${text}`;
}

async function errorBody(reply: Response): Promise<ErrorBody | null> {
  try {
    const json = (await reply.json()) as { error?: ErrorBody };
    return json.error ?? null;
  } catch {
    return null;
  }
}

/** Sends a call and gives the parsed answer; every refusal is an ApiError. */
export async function api<T>(path: string, call: Call = {}): Promise<T> {
  const method = call.method ?? 'GET';
  const headers: Record<string, string> = { accept: 'application/json', ...call.headers };
  if (method !== 'GET') headers['x-vedette-csrf'] = csrf;
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  let reply: Response;
  try {
    reply = await fetch(address(path, call.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      signal: call.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, null);
  }
  if (!reply.ok) {
    const failure = new ApiError(reply.status, await errorBody(reply), reply.headers);
    if (reply.status === 401 && !path.startsWith('/signin')) onSignedOut();
    throw failure;
  }
  if (reply.status === 204) return undefined as T;
  const text = await reply.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** nextLink is absolute; the portal only ever follows it on its own origin. */
export function samePath(link: string): string {
  const url = new URL(link, location.origin);
  return url.pathname + url.search;
}
