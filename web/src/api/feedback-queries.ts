// This file holds the questions about what the world answers: statistics, bounces, complaints, holds, incidents.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Lang } from '../words/words.ts';
import { get } from './client.ts';
import type { Bounce, ClassWords, Complaint, ComplaintRates, Grouping, Hold, HoldPolicy, Incident, Statistics } from './feedback-model.ts';
import type { Page } from './model.ts';

/** Filters by their API names. */
export type Asked = Readonly<Record<string, string>>;

/** Rollups move once a minute at most; asking oftener shows nothing new, milliseconds. */
const COUNTS_MS = 60_000;
/** A list that somebody may be watching, milliseconds. */
export const LIST_MS = 15_000;

export function statisticsQuery(by: Grouping, search: Asked) {
  return queryOptions({
    queryKey: ['statistics', by, search],
    queryFn: ({ signal }) => get<Statistics>(`/v1/statistics?${new URLSearchParams({ ...search, by })}`, signal),
    refetchInterval: COUNTS_MS,
    placeholderData: keepPreviousData,
  });
}

/** Rows of one page: each tells much, so fewer than in other lists. */
const PAGE_ROWS = 25;

/** A list with a cursor, asked again while its first page is shown. */
export function list<Row>(path: string, search: Asked) {
  return queryOptions({
    queryKey: [path, search],
    queryFn: ({ signal }) => get<Page<Row>>(`/v1/${path}?${new URLSearchParams({ limit: String(PAGE_ROWS), ...search })}`, signal),
    refetchInterval: search['after'] === undefined ? LIST_MS : false,
    placeholderData: keepPreviousData,
  });
}

export const bouncesQuery = (search: Asked) => list<Bounce>('bounces', search);
export const holdsQuery = (search: Asked) => list<Hold>('suppressions', search);
export const complaintsQuery = (search: Asked) => list<Complaint>('complaints', search);
export const incidentsQuery = (search: Asked) => list<Incident>('incidents', search);

export function incidentQuery(id: string) {
  return queryOptions({
    queryKey: ['incident', id],
    queryFn: ({ signal }) => get<Incident>(`/v1/incidents/${id}`, signal),
    refetchInterval: LIST_MS,
  });
}

/** What every class means, in the reader's language. */
export function classesQuery(lang: Lang) {
  return queryOptions({
    queryKey: ['classes', lang],
    queryFn: async ({ signal }) => {
      const { data } = await get<Page<ClassWords>>(`/v1/feedback/classes?lang=${lang}`, signal);
      return new Map(data.map((row) => [row.class, row]));
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function complaintRatesQuery(search: Asked) {
  return queryOptions({
    queryKey: ['complaint-rates', search],
    queryFn: ({ signal }) => get<ComplaintRates>(`/v1/complaints/rates?${new URLSearchParams(search)}`, signal),
    refetchInterval: COUNTS_MS,
    placeholderData: keepPreviousData,
  });
}

/** `tenant` null asks for the platform's own policy. */
export function holdPolicyQuery(tenant: string | null) {
  return queryOptions({
    queryKey: ['hold-policy', tenant],
    queryFn: ({ signal }) => get<HoldPolicy>(`/v1/hold-policy${tenant === null ? '' : `?tenant_id=${encodeURIComponent(tenant)}`}`, signal),
  });
}
