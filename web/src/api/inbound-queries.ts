// This file holds the questions about mails that came back and the bounce mailboxes they are read from.
import { queryOptions } from '@tanstack/react-query';
import { get, getText } from './client.ts';
import { type Asked, LIST_MS, list } from './feedback-queries.ts';
import type { Page } from './model.ts';
import type { InboundMail, InboundMailDetail, Mailbox } from './schema.gen.ts';

/** How often a mail that is about to be read is asked for, milliseconds. */
const READING_MS = 2_000;

export const inboundQuery = (search: Asked) => list<InboundMail>('inbound-mails', search);

export function inboundMailQuery(id: string) {
  return queryOptions({
    queryKey: ['inbound-mail', id],
    queryFn: ({ signal }) => get<InboundMailDetail>(`/v1/inbound-mails/${id}`, signal),
    refetchInterval: (query) => (query.state.data?.outcome === 'waiting' ? READING_MS : false),
  });
}

export function inboundRawQuery(id: string) {
  return queryOptions({
    queryKey: ['inbound-raw', id],
    queryFn: ({ signal }) => getText(`/v1/inbound-mails/${id}/raw`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const mailboxesQuery = queryOptions({
  queryKey: ['mailboxes'],
  queryFn: ({ signal }) => get<Page<Mailbox>>('/v1/mailboxes?limit=200', signal),
  refetchInterval: LIST_MS,
});

export function mailboxQuery(id: string) {
  return queryOptions({
    queryKey: ['mailboxes', id],
    queryFn: ({ signal }) => get<Mailbox>(`/v1/mailboxes/${id}`, signal),
    refetchInterval: LIST_MS,
  });
}
