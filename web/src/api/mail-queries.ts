// This file holds the questions about messages and events.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Lang } from '../words/words.ts';
import { get, getText } from './client.ts';
import type { Credential, DeskEvent, MessageRow, Page, Preview } from './model.ts';
import { LIVE_MS, PAGE_ROWS } from './queries.ts';
import type { MessageDetail } from './schema.gen.ts';

/** States in which a message still moves. */
const MOVING = new Set(['scheduled', 'queued', 'submitting', 'deferred', 'uncertain', 'handed_over']);

/** `search` holds the filters of the list by their API names; `after` is the cursor of the page. */
export function messagesQuery(search: Readonly<Record<string, string>>) {
  return queryOptions({
    queryKey: ['messages', search],
    queryFn: ({ signal }) => get<Page<MessageRow>>(`/v1/messages?${new URLSearchParams({ limit: String(PAGE_ROWS), ...search })}`, signal),
    refetchInterval: search['after'] === undefined ? LIVE_MS : false,
    placeholderData: keepPreviousData,
  });
}

/** Its decisions come in `lang`. */
export function messageQuery(id: string, lang: Lang) {
  return queryOptions({
    queryKey: ['message', id, lang],
    queryFn: ({ signal }) => get<MessageDetail>(`/v1/messages/${id}?lang=${lang}`, signal),
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

export function eventsQuery(search: Readonly<Record<string, string>>) {
  return queryOptions({
    queryKey: ['events', search],
    queryFn: ({ signal }) => get<Page<DeskEvent>>(`/v1/events?${new URLSearchParams({ limit: String(PAGE_ROWS), ...search })}`, signal),
    placeholderData: keepPreviousData,
  });
}

/** One credential, for its name beside a message; it may be gone or not ours to see. */
export function credentialQuery(id: string) {
  return queryOptions({
    queryKey: ['credentials', id],
    queryFn: ({ signal }) => get<Credential>(`/v1/credentials/${id}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
