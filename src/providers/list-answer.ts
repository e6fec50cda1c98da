// This file turns HTTP exchanges about a provider's suppression list into answers: what may be tried again, what needs a person, and what the
// provider forbids. Every call about a list may be repeated, so a lost answer only means "later".
import type { ListAnswer, ListFailure } from '../delivery/provider-list.ts';
import type { HttpExchange } from './http.ts';
import { replyText, retryAfterMs } from './send-rules.ts';
import { type Json, objectOf } from './webhook-reading.ts';

/** What one provider's refusal looks like, read out of its own format; null where the body is not in it. */
export type ListWords = (body: unknown) => { readonly code: string; readonly text: string } | null;

export interface ListTable {
  readonly words: ListWords;
  /** Refusals that concern the one entry: it cannot be changed. */
  readonly forbids: (refusal: { status: number; code: string; text: string }) => boolean;
  /** Refusals by code that need a person, whatever their status. */
  readonly accountCodes?: readonly string[];
}

/** Where a provider asks for patience without saying how long, milliseconds. */
const THROTTLED_WAIT_MS = 10_000;

/** The body of a 2xx answer as JSON (undefined for an empty one), or the failure. */
export function readList(exchange: HttpExchange, table: ListTable, nowMs: number): ListAnswer<unknown> {
  if (exchange.kind !== 'answer') return { ok: false, kind: 'later', reason: replyText(exchange.reason) };
  const body = parse(exchange.text);
  const said = table.words(body);
  if (exchange.status >= 200 && exchange.status <= 299 && said === null) {
    // An answer cut in the middle proves nothing about the list.
    if (exchange.text === null || (exchange.text !== '' && body === undefined)) return unreadable(exchange.status);
    return { ok: true, value: body };
  }
  return failure(exchange, said ?? { code: '', text: '' }, table, nowMs);
}

/** An answer that says yes in a form nobody knows. */
export function unreadable(status: number): ListFailure {
  return { ok: false, kind: 'later', reason: `${status} with an answer that could not be read` };
}

function failure(
  exchange: Extract<HttpExchange, { kind: 'answer' }>,
  said: { code: string; text: string },
  table: ListTable,
  nowMs: number,
): ListFailure {
  const { status } = exchange;
  const reason = replyText(`${status} ${said.code} ${said.text}`);
  const wait = retryAfterMs(exchange.headers, nowMs);
  if (status === 429) return { ok: false, kind: 'later', reason, retryAfterMs: wait ?? THROTTLED_WAIT_MS };
  if (table.forbids({ status, ...said })) return { ok: false, kind: 'forbidden', reason };
  if (table.accountCodes?.includes(said.code) === true) return { ok: false, kind: 'account', reason };
  // A redirect or a 4xx is about our key, our grants or our address of the API; repeating it changes nothing.
  const ours = status >= 300 && status <= 499 && status !== 408;
  return { ok: false, kind: ours ? 'account' : 'later', reason, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

function parse(text: string | null): unknown {
  try {
    return text === null || text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Rows of a JSON array, each as an object; null when it is none. */
export function rowsOf(value: unknown): Json[] | null {
  return Array.isArray(value) ? value.map(objectOf) : null;
}

/** Status of an exchange, where there is one. */
export function statusOf(exchange: HttpExchange): number | null {
  return exchange.kind === 'answer' ? exchange.status : null;
}
