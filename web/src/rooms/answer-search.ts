// This file reads the filters of Bounces and Complaints from the address, and names them as the API does.
import { useMemo } from 'react';
import { useSearch } from '../address.ts';
import type { Asked } from '../api/feedback-queries.ts';
import type { AnswerFilters } from '../paths.ts';

const HOURS = { '24h': 24, '7d': 168, '30d': 720, '90d': 2160 } as const;
type Time = keyof typeof HOURS;
export const TIMES = ['24h', '7d', '30d', '90d'] as const satisfies readonly Time[];
/** What the page shows until somebody chooses. */
const USUAL: Time = '7d';
const HOUR_MS = 3_600_000;

const NAMES = [
  'time',
  'from',
  'to',
  'tenant',
  'stream',
  'class',
  'fault',
  'mailbox_provider',
  'domain',
  'account',
  'hard',
  'address',
  'by',
  'after',
] as const satisfies readonly (keyof AnswerFilters)[];

/** The filters of the address, without empty ones. */
export function useAnswerFilters(): AnswerFilters {
  const search = useSearch();
  return useMemo(() => Object.fromEntries(NAMES.flatMap((name) => (search[name] ? [[name, search[name]]] : []))), [search]);
}

/** The time chosen, `null` for one from a day to another. */
export function timeOf(filters: AnswerFilters): Time | null {
  if (filters.from !== undefined || filters.to !== undefined) return null;
  return TIMES.find((time) => time === filters.time) ?? USUAL;
}

/** Whole hours of the span, for choosing between bars of an hour and of a day. */
export function hoursOf(filters: AnswerFilters, nowMs: number): number {
  const time = timeOf(filters);
  if (time !== null) return HOURS[time];
  const from = Date.parse(filters.from ?? '');
  const to = filters.to === undefined ? nowMs : Date.parse(filters.to);
  return Number.isNaN(to - from) ? HOURS[USUAL] : Math.max(1, (to - from) / HOUR_MS);
}

/** What statistics may be asked by. The time's edge is cut to the hour, so that asking again asks the same question. */
export function countsSearch(filters: AnswerFilters): Asked {
  const time = timeOf(filters);
  const from = time === null ? filters.from : new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOURS[time] * HOUR_MS).toISOString();
  return named({
    tenant_id: filters.tenant,
    stream: filters.stream,
    class: filters.class,
    fault: filters.fault,
    mailbox_provider: filters.mailbox_provider,
    domain: filters.domain,
    account: filters.account,
    from,
    to: time === null ? filters.to : undefined,
  });
}

/** What a list may be asked by: the same, and the address, the page, only those refused for good. */
export function listSearch(filters: AnswerFilters): Asked {
  return { ...countsSearch(filters), ...named({ hard: filters.hard, address: filters.address, after: filters.after }) };
}

/** Filters beside the time, the grouping and the page. */
export function chosenOf({ time: _, by: __, after: ___, ...rest }: AnswerFilters): AnswerFilters {
  return rest;
}

export function without(filters: AnswerFilters, ...names: readonly (keyof AnswerFilters)[]): AnswerFilters {
  return Object.fromEntries(Object.entries(filters).filter(([key]) => !names.some((name) => name === key)));
}

function named(values: Readonly<Record<string, string | undefined>>): Asked {
  return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
