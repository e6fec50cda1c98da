// This file holds the questions about tenants and credentials.
import { queryOptions } from '@tanstack/react-query';
import type { Lang } from '../words/words.ts';
import { get } from './client.ts';
import type { Credential, Ledger, Page, Sender, SendingDomain, Tenant } from './model.ts';
import type { Rewriting, RewritingDomain, RewritingKey } from './schema.gen.ts';

export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: ({ signal }) => get<Page<Tenant>>('/v1/tenants?limit=200', signal),
});

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

/** None where there is no organisation (`id` empty). */
export function tenantSendersQuery(id: string) {
  return queryOptions({
    queryKey: ['tenant', id, 'senders'],
    queryFn: ({ signal }): Promise<Page<Sender>> =>
      id === '' ? Promise.resolve({ data: [], next: null }) : get<Page<Sender>>(`/v1/tenants/${id}/senders`, signal),
  });
}

export function rewritingQuery(tenant: string) {
  return queryOptions({
    queryKey: ['tenant', tenant, 'rewriting'],
    queryFn: ({ signal }) => get<Rewriting>(`/v1/tenants/${tenant}/rewriting`, signal),
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

/** Revoked ones are listed only where they are asked for. */
export const revokedQuery = queryOptions({
  queryKey: ['credentials', 'revoked'],
  queryFn: ({ signal }) => get<Page<Credential>>('/v1/credentials?limit=200&state=revoked', signal),
});

/** The platform's own domain, with its records as they stand in the DNS now. */
export function rewritingDomainQuery(lang: Lang) {
  return queryOptions({
    queryKey: ['rewriting', 'domain', lang],
    queryFn: ({ signal }) => get<RewritingDomain>(`/v1/rewriting?lang=${lang}`, signal),
  });
}

export function rewritingKeysQuery(lang: Lang) {
  return queryOptions({
    queryKey: ['rewriting', 'keys', lang],
    queryFn: ({ signal }) =>
      get<{ readonly domain: string; readonly data: readonly RewritingKey[] }>(`/v1/rewriting/keys?lang=${lang}`, signal),
  });
}
