// This file holds the question of which keys encrypt stored secrets.
import { queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';
import type { SecretKeys } from './schema.gen.ts';

/** While a key is being replaced, its progress is asked for this often. */
const PROGRESS_MS = 2_000;

export const secretKeysQuery = queryOptions({
  queryKey: ['secret-keys'],
  queryFn: ({ signal }) => get<SecretKeys>('/v1/secret-keys', signal),
  refetchInterval: ({ state }) => (state.data && state.data.replacement !== null ? PROGRESS_MS : false),
});
