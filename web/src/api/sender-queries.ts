// This file holds the questions about tenants and credentials.
import { queryOptions } from '@tanstack/react-query';
import type { Lang } from '../words/words.ts';
import { get } from './client.ts';
import type { Credential, Ledger, Page, Sender, SendingDomain, Tenant } from './model.ts';
import type { Rewriting, RewritingDomain, RewritingKey } from './schema.gen.ts';

/** Rows of one question; the most the API gives. */
const PAGE_ROWS = 200;
/** Beyond so many the list ends with "more follow"; one longer cannot be chosen from, and is searched in the shell. */
const PAGES_MAX = 25;

/** Lists that are chosen from have to be whole: every page, as one. */
async function whole<Row>(path: string, signal: AbortSignal): Promise<Page<Row>> {
  const data: Row[] = [];
  let next: string | null = '';
  for (let page = 0; next !== null && page < PAGES_MAX; page += 1) {
    const found: Page<Row> = await get(`/v1/${path}limit=${PAGE_ROWS}${next === '' ? '' : `&after=${next}`}`, signal);
    data.push(...found.data);
    next = found.next;
  }
  return { data, next };
}

export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: ({ signal }) => whole<Tenant>('tenants?', signal),
});

export function tenantCredentialsQuery(id: string) {
  return queryOptions({
    queryKey: ['tenant', id, 'credentials'],
    queryFn: ({ signal }) => whole<Credential>(`tenants/${id}/credentials?`, signal),
  });
}

export function tenantDomainsQuery(id: string) {
  return queryOptions({
    queryKey: ['tenant', id, 'domains'],
    queryFn: ({ signal }) => whole<SendingDomain>(`tenants/${id}/domains?`, signal),
  });
}

/** None where there is no organisation (`id` empty). */
export function tenantSendersQuery(id: string) {
  return queryOptions({
    queryKey: ['tenant', id, 'senders'],
    queryFn: ({ signal }): Promise<Page<Sender>> =>
      id === '' ? Promise.resolve({ data: [], next: null }) : whole<Sender>(`tenants/${id}/senders?`, signal),
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
  queryFn: ({ signal }) => whole<Credential>('credentials?', signal),
});

/** Revoked ones are listed only where they are asked for. */
export const revokedQuery = queryOptions({
  queryKey: ['credentials', 'revoked'],
  queryFn: ({ signal }) => whole<Credential>('credentials?state=revoked&', signal),
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
