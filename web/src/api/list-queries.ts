// This file holds the questions about a provider's own suppression list.
import { queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';
import { type Asked, list } from './feedback-queries.ts';
import type { ListEntry, ListSync } from './schema.gen.ts';

/** How often a reading that runs is asked for, milliseconds; one that rests is asked for seldom. */
const RUNNING_MS = 3_000;
const RESTING_MS = 30_000;

export function listSyncQuery(account: string) {
  return queryOptions({
    queryKey: ['list-sync', account],
    queryFn: ({ signal }) => get<ListSync>(`/v1/provider-accounts/${account}/suppressions/sync`, signal),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? RUNNING_MS : RESTING_MS),
  });
}

export const listEntriesQuery = (account: string, search: Asked) =>
  list<ListEntry>(`provider-accounts/${encodeURIComponent(account)}/suppressions`, search);
