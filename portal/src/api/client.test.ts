import { afterEach, describe, expect, test, vi } from 'vitest';
import { ApiError, api, setCsrf, whenSignedOut } from './client';

function answerWith(status: number, body: unknown, headers: Record<string, string> = {}) {
  const spy = vi.fn(async (_path: string, _init: RequestInit) => new Response(status === 204 ? null : JSON.stringify(body), { status, headers }));
  vi.stubGlobal('fetch', spy);
  return spy;
}
afterEach(() => vi.unstubAllGlobals());

describe('the client', () => {
  test('reads carry no CSRF token, writes do', async () => {
    setCsrf('token');
    const spy = answerWith(200, { a: 1 });
    expect(await api('/x', { query: { $filter: "a eq 'b'", none: undefined } })).toEqual({ a: 1 });
    await api('/x', { method: 'PUT', body: {} });
    expect(spy.mock.calls[0]?.[0]).toBe("/x?%24filter=a%20eq%20'b'");
    expect(spy.mock.calls[0]?.[1].headers).not.toHaveProperty('x-vedette-csrf');
    expect(spy.mock.calls[1]?.[1].headers).toHaveProperty('x-vedette-csrf', 'token');
  });
  test('204 is nothing', async () => {
    answerWith(204, null);
    expect(await api('/x', { method: 'DELETE' })).toBeUndefined();
  });
  test('a refused query tells its place and its innermost sentence', async () => {
    answerWith(400, { error: { code: 'BadArgumentError', message: 'outer', innererror: { code: 'S', message: 'middle', innererror: { message: 'inner', line: 3, pos: 7 } } } });
    const error = await api('/x').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).place).toEqual({ message: 'inner', line: 3, column: 7 });
    expect((error as ApiError).sentence).toBe('inner');
  });
  test('401 calls for a new sign-in, but not while signing in', async () => {
    const signedOut = vi.fn();
    whenSignedOut(signedOut);
    answerWith(401, { error: { code: 'InvalidCredentials', message: 'no' } });
    await api('/signin', { method: 'POST', body: {} }).catch(() => undefined);
    expect(signedOut).not.toHaveBeenCalled();
    await api('/subscriptions').catch(() => undefined);
    expect(signedOut).toHaveBeenCalledOnce();
  });
  test('no answer is status 0', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('refused'))));
    await expect(api('/x')).rejects.toMatchObject({ status: 0, code: 'Offline' });
  });
});
