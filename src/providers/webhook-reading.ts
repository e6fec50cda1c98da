// This file holds what readers of provider webhooks share: bounded, forgiving looks into foreign JSON, stable ids for events that have
// none, comparison without leaking time, and the making of one FeedbackEvent. Pure.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { WebhookRequest, WebhookVerification } from '../delivery/provider.ts';
import { CLASS_FAULT, type EventType, type FeedbackClass, type FeedbackEvent } from '../feedback/vocabulary.ts';
import { isId } from '../ids.ts';
import type { Secret } from '../log.ts';

/** Batches of events are below 1 MB; inbound mail that comes the same way is below 25 MB. */
const BODY_MAX_BYTES = 32 * 1024 * 1024;
/** Providers send 1 to 1,000 events at once; what comes beyond is counted in one `unknown` event, the raw body stays. */
const EVENTS_MAX = 10_000;
/** Diagnostics, links and user agents are cut here. */
const TEXT_MAX_CHARS = 2_000;
/** 2100-01-01 in seconds: a larger number is milliseconds, or nonsense. */
const SECONDS_MAX = 4_102_444_800;

export type Json = Readonly<Record<string, unknown>>;

/** The value as an object; arrays (PHP's empty object), null and the rest become `{}`. */
export function objectOf(value: unknown): Json {
  // The cast: an object that is neither null nor an array has string keys and unknown values.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** A string or number as text, cut at TEXT_MAX_CHARS, without halves of letters; anything else and the empty text are null. */
export function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value : typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
  // Databases refuse NUL in text.
  return text === '' ? null : text.slice(0, TEXT_MAX_CHARS).replaceAll('\u0000', '').toWellFormed();
}

/** Our own recipient id out of provider metadata, if it is one. */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' && isId(value) ? value.toLowerCase() : null;
}

/** Seconds since 1970 as number or text, or an ISO time, in milliseconds. */
export function timeOf(value: unknown): number | null {
  const text = textOf(value);
  if (text === null) return null;
  const ms = /^\d{1,10}(\.\d{1,9})?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  return Number.isFinite(ms) && ms >= 0 && ms <= SECONDS_MAX * 1000 ? Math.round(ms) : null;
}

/** A short id made of `parts`; the same parts give the same id. */
export function hashId(...parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32);
}

/** A link, user agent and the like: only what the event carried. */
export function detailOf(entries: Readonly<Record<string, unknown>>): Record<string, string> {
  const detail: Record<string, string> = {};
  for (const [name, value] of Object.entries(entries)) {
    const text = textOf(value);
    if (text !== null) detail[name] = text;
  }
  return detail;
}

type EventFields = Partial<Omit<FeedbackEvent, 'type' | 'providerEventId' | 'fault'>> & { type: EventType; providerEventId: string };

/** One event; what the provider did not say is null, and the fault follows from the class. */
export function eventOf(fields: EventFields): FeedbackEvent {
  const feedbackClass: FeedbackClass | null = fields.class ?? null;
  return {
    recipient: null,
    atMs: null,
    providerMessageId: null,
    recipientId: null,
    hard: false,
    suppress: false,
    diagnostic: null,
    providerLabel: null,
    rule: null,
    detail: {},
    ...fields,
    class: feedbackClass,
    fault: feedbackClass === null ? null : CLASS_FAULT[feedbackClass],
  };
}

/** What could not be read, kept visible as one event. */
export function unreadable(request: WebhookRequest, label: string): FeedbackEvent {
  return eventOf({
    type: 'unknown',
    providerEventId: hashId(label, request.url, request.body.toString('base64').slice(0, 65_536)),
    providerLabel: label,
  });
}

/** Reads a JSON array (or a single object) of the body with `read`, one item at a time; whatever is odd becomes an `unknown` event. */
export function eventsOfJson(
  request: WebhookRequest,
  text: string,
  read: (item: Json, id: string) => FeedbackEvent | null,
): FeedbackEvent[] {
  if (text.trim() === '') return [];
  if (text.length > BODY_MAX_BYTES) return [unreadable(request, 'the body is too long')];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [unreadable(request, 'the body is not JSON')];
  }
  const items: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  const events: FeedbackEvent[] = [];
  for (const item of items.slice(0, EVENTS_MAX)) {
    const event = read(objectOf(item), hashOfItem(item));
    if (event !== null) events.push(event);
  }
  if (items.length > EVENTS_MAX) events.push(unreadable(request, `${items.length - EVENTS_MAX} events beyond the limit of ${EVENTS_MAX}`));
  return events;
}

/** The id of an item that brings none. */
function hashOfItem(item: unknown): string {
  try {
    return hashId(JSON.stringify(item) ?? '');
  } catch {
    // Nested deeper than the serialiser goes; nothing a provider sends.
    return hashId('too deep');
  }
}

/** Compares in constant time whatever the lengths. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** RFC 7617. `required: false` lets a request without credentials pass, for providers that cannot send any. */
export function checkBasicAuth(
  headers: Readonly<Record<string, string>>,
  auth: { username: string; password: Secret } | null,
  options: { required: boolean },
): WebhookVerification {
  if (auth === null) return { ok: true };
  const { authorization: header } = headers;
  if (header === undefined) return options.required ? { ok: false, reason: 'the request has no basic auth' } : { ok: true };
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]{1,2000})$/i.exec(header.trim()) ?? [];
  if (encoded === undefined) return { ok: false, reason: 'the Authorization header is not basic auth' };
  const given = Buffer.from(encoded, 'base64').toString('utf8');
  const right = sameSecret(given, `${auth.username}:${auth.password.reveal()}`);
  return right ? { ok: true } : { ok: false, reason: 'the user or password of the basic auth is wrong' };
}
