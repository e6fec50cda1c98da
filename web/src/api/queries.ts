// This file holds the questions of the frame: who is here, how is the mail; and how often live pages ask.
import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, get, keepCsrfToken } from './client.ts';
import type { Overview, Session, Tenant } from './model.ts';

/** How often a live page asks again, milliseconds; slow enough that a screen left open costs nothing worth naming. */
export const LIVE_MS = 5_000;

/** Rows of one page of a list. */
export const PAGE_ROWS = 50;

/** The session, or null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const session = await get<Session>('/v1/session', signal);
      keepCsrfToken(session.csrf_token);
      return session;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => get<Overview>('/v1/overview', signal),
  refetchInterval: LIVE_MS,
});

export function tenantQuery(id: string) {
  return queryOptions({ queryKey: ['tenant', id], queryFn: ({ signal }) => get<Tenant>(`/v1/tenants/${id}`, signal) });
}
