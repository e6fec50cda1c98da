// This file holds the questions about provider accounts.
import { queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';
import type { OneAccount, Page, ProviderAccount, ProviderInfo } from './model.ts';
import { LIVE_MS } from './queries.ts';

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
