/** Signing in and out; the session itself is a cookie the page cannot read. */
import { queryOptions } from '@tanstack/react-query';
import { ApiError, api, setCsrf } from './client';
import type { Session } from './types';

function keep(session: Session): Session {
  setCsrf(session.csrf);
  return session;
}

export async function signIn(user: string, password: string): Promise<Session> {
  return keep(await api<Session>('/signin', { method: 'POST', body: { user, password } }));
}

export async function changePassword(user: string, password: string, newPassword: string): Promise<Session> {
  return keep(await api<Session>('/signin/password', { method: 'POST', body: { user, password, newPassword } }));
}

export async function signOut(): Promise<void> {
  await api<void>('/signout', { method: 'POST' });
  setCsrf('');
}

export const sessionQuery = queryOptions({
  queryKey: ['Session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return keep(await api<Session>('/signin/session'));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
  gcTime: Infinity,
  retry: false,
});
