// This file holds the question of how the desk looks from outside.
import { queryOptions } from '@tanstack/react-query';
import type { Lang } from '../words/words.ts';
import { get, post } from './client.ts';
import type { SelfChecks } from './schema.gen.ts';

/** The sentences come in `lang`. What is kept changes once a day, or when somebody looks; no need to ask again by itself. */
export function selfChecksQuery(lang: Lang) {
  return queryOptions({
    queryKey: ['self-checks', lang],
    queryFn: ({ signal }) => get<SelfChecks>(`/v1/self-checks?lang=${lang}`, signal),
  });
}

/** Looks now; may take as long as DNS and a mail server take to answer. */
export function lookNow(lang: Lang): Promise<SelfChecks> {
  return post<SelfChecks>(`/v1/self-checks?lang=${lang}`);
}
