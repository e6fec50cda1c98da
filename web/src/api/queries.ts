// This file lists every question the console asks, with how long an answer stays fresh.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiProblem, get, getText, keepCsrfToken } from './client.ts';
import type {
  Credential,
  DeskEvent,
  Ledger,
  MessageRow,
  OneAccount,
  Overview,
  Page,
  Preview,
  ProviderAccount,
  ProviderInfo,
  Sender,
  SendingDomain,
  Session,
  Tenant,
} from './model.ts';
import type { MessageDetail } from './schema.gen.ts';

/** How often a live page asks again, milliseconds; slow enough that a screen left open costs nothing worth naming. */
export const LIVE_MS = 5_000;
/** States in which a message still moves. */
const MOVING = new Set(['scheduled', 'queued', 'submitting', 'deferred', 'uncertain', 'handed_over']);
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

/** `search` holds the filters of the list by their API names; `after` is the cursor of the page. */
export function messagesQuery(search: Readonly<Record<string, string>>) {
  return queryOptions({
    queryKey: ['messages', search],
    queryFn: ({ signal }) => get<Page<MessageRow>>(`/v1/messages?${new URLSearchParams({ limit: String(PAGE_ROWS), ...search })}`, signal),
    refetchInterval: search['after'] === undefined ? LIVE_MS : false,
    placeholderData: keepPreviousData,
  });
}

export function messageQuery(id: string) {
  return queryOptions({
    queryKey: ['message', id],
    queryFn: ({ signal }) => get<MessageDetail>(`/v1/messages/${id}`, signal),
    refetchInterval: (query) => (query.state.data?.recipients.some((recipient) => MOVING.has(recipient.state)) ? LIVE_MS : false),
  });
}

export function sourceQuery(id: string) {
  return queryOptions({
    queryKey: ['source', id],
    queryFn: ({ signal }) => getText(`/v1/messages/${id}/source`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function previewQuery(id: string) {
  return queryOptions({
    queryKey: ['preview', id],
    queryFn: ({ signal }) => get<Preview>(`/v1/messages/${id}/preview`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: ({ signal }) => get<Page<Tenant>>('/v1/tenants?limit=200', signal),
});

export function tenantQuery(id: string) {
  return queryOptions({ queryKey: ['tenant', id], queryFn: ({ signal }) => get<Tenant>(`/v1/tenants/${id}`, signal) });
}

export function tenantCredentialsQuery(id: string) {
  return queryOptions({
    queryKey: ['tenant', id, 'credentials'],
    queryFn: ({ signal }) => get<Page<Credential>>(`/v1/tenants/${id}/credentials`, signal),
  });
}

export function tenantDomainsQuery(id: string) {
  return queryOptions({
    queryKey: ['tenant', id, 'domains'],
    queryFn: ({ signal }) => get<Page<SendingDomain>>(`/v1/tenants/${id}/domains`, signal),
  });
}

export function tenantSendersQuery(id: string) {
  return queryOptions({
    queryKey: ['tenant', id, 'senders'],
    queryFn: ({ signal }) => get<Page<Sender>>(`/v1/tenants/${id}/senders`, signal),
  });
}

export function ledgerQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['tenant', tenantId, 'ledger'],
    queryFn: ({ signal }) => get<Ledger>(`/v1/ledger?tenant_id=${encodeURIComponent(tenantId)}`, signal),
  });
}

export const credentialsQuery = queryOptions({
  queryKey: ['credentials'],
  queryFn: ({ signal }) => get<Page<Credential>>('/v1/credentials?limit=200', signal),
});

/** One credential, for its name beside a message; it may be gone or not ours to see. */
export function credentialQuery(id: string) {
  return queryOptions({
    queryKey: ['credentials', id],
    queryFn: ({ signal }) => get<Credential>(`/v1/credentials/${id}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Revoked ones are listed only where they are asked for. */
export const revokedQuery = queryOptions({
  queryKey: ['credentials', 'revoked'],
  queryFn: ({ signal }) => get<Page<Credential>>('/v1/credentials?limit=200&state=revoked', signal),
});

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: ({ signal }) => get<Page<ProviderAccount>>('/v1/provider-accounts?limit=200', signal),
  refetchInterval: LIVE_MS,
});

export function accountQuery(id: string) {
  return queryOptions({
    queryKey: ['account', id],
    queryFn: ({ signal }) => get<OneAccount>(`/v1/provider-accounts/${id}`, signal),
    refetchInterval: LIVE_MS,
  });
}

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) => get<Page<ProviderInfo>>('/v1/providers', signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export function eventsQuery(search: Readonly<Record<string, string>>) {
  return queryOptions({
    queryKey: ['events', search],
    queryFn: ({ signal }) => get<Page<DeskEvent>>(`/v1/events?${new URLSearchParams({ limit: String(PAGE_ROWS), ...search })}`, signal),
    placeholderData: keepPreviousData,
  });
}
