// This file asks what receivers find on the ways of a domain's mail.
import { queryOptions } from '@tanstack/react-query';
import type { Lang } from '../words/words.ts';
import { get } from './client.ts';
import type { Domain, DomainAlignment } from './schema.gen.ts';

/** What receivers find on every way of the domain's mail; asked again once its records were looked at again. */
export function alignmentQuery({ id, name, checked_at }: Domain, lang: Lang) {
  return queryOptions<DomainAlignment>({
    queryKey: ['domains', id, 'alignment', lang, checked_at],
    queryFn: ({ signal }) => get<DomainAlignment>(`/v1/domains/${id}/alignment?lang=${lang}`, signal),
    placeholderData: (before) => (before?.domain === name ? before : undefined),
  });
}
