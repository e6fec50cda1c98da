// This file holds the questions about sending domains and how their records are published.
import { queryOptions } from '@tanstack/react-query';
import type { Lang } from '../words/words.ts';
import { get } from './client.ts';
import { type Asked, list } from './feedback-queries.ts';
import type { DkimKey, Domain, DomainInstructions, ProviderDomain, ProviderDomainRemoval } from './schema.gen.ts';

/** While records are being published somebody watches the page, milliseconds. */
const WATCHED_MS = 20_000;
/** Nobody watches longer; the desk goes on looking, milliseconds. */
const WATCH_MAX_MS = 3_600_000;

export const domainsQuery = (search: Asked) => list<Domain>('domains', search);

/** `openedMs`: when the page was opened. The words about mistakes come in the reader's language. */
export function domainQuery(id: string, lang: Lang, openedMs: number) {
  return queryOptions({
    queryKey: ['domains', id, lang],
    queryFn: ({ signal }) => get<Domain>(`/v1/domains/${id}?lang=${lang}`, signal),
    refetchInterval: (query) =>
      query.state.data?.records.every((record) => record.state === 'ok') || Date.now() - openedMs > WATCH_MAX_MS ? false : WATCHED_MS,
  });
}

/** `host` null asks for the DNS host that the name servers belong to. */
export function instructionsQuery(id: string, host: string | null, lang: Lang) {
  return queryOptions({
    queryKey: ['domains', id, 'instructions', host, lang],
    queryFn: ({ signal }) =>
      get<DomainInstructions>(
        `/v1/domains/${id}/instructions?${new URLSearchParams({ lang, ...(host === null ? {} : { host }) })}`,
        signal,
      ),
    staleTime: WATCHED_MS,
  });
}

/** A key on its way is looked for in DNS every few minutes; asking the desk oftener shows nothing new. */
export function dkimKeysQuery(id: string) {
  return queryOptions({
    queryKey: ['domains', id, 'keys'],
    queryFn: ({ signal }) => get<{ readonly data: readonly DkimKey[] }>(`/v1/domains/${id}/keys`, signal),
    refetchInterval: (query) =>
      query.state.data?.data.some((key) => key.state === 'new' || key.state === 'published') ? WATCHED_MS : false,
  });
}

export function providerDomainsQuery(id: string) {
  return queryOptions({
    queryKey: ['domains', id, 'providers'],
    queryFn: ({ signal }) => get<{ readonly data: readonly ProviderDomain[] }>(`/v1/domains/${id}/provider-domains`, signal),
  });
}

/** What removed domains leave at providers; more than this are looked through by the command. */
export const removalsQuery = queryOptions({
  queryKey: ['domain-removals'],
  queryFn: ({ signal }) =>
    get<{ readonly data: readonly ProviderDomainRemoval[] }>('/v1/provider-domain-removals?state=due&limit=100', signal),
});
