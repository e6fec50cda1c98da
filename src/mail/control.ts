// This file reads what a sender tells us beside the mail: stream, tags, metadata, send time, idempotency key. The HTTP fields and the
// X-Packetboat-* headers of SMTP submission go through the same checks.
import { AppError } from '../errors.ts';
import { MAIL_LIMITS } from './limits.ts';
import type { Parsed } from './parsed.ts';

export type Stream = 'transactional' | 'bulk';

export interface MailControl {
  readonly stream: Stream | null;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; how far ahead is allowed is the flow's business. */
  readonly sendAtMs: number | null;
  readonly idempotencyKey: string | null;
}

export const NO_CONTROL: MailControl = { stream: null, tags: [], metadata: {}, sendAtMs: null, idempotencyKey: null };

/** Header names (lower case) that submission reads and removes. */
export const CONTROL_HEADER_PREFIX = 'x-packetboat-';

const FIELDS: Readonly<Record<string, (value: string) => Parsed<Partial<MailControl>>>> = {
  'x-packetboat-stream': (value) => map(parseStream(value), (stream) => ({ stream })),
  'x-packetboat-tags': (value) =>
    map(
      parseTags(
        value
          .split(',')
          .map((tag) => tag.trim())
          .filter((tag) => tag !== ''),
      ),
      (tags) => ({ tags }),
    ),
  'x-packetboat-metadata': (value) => map(parseMetadataJson(value), (metadata) => ({ metadata })),
  'x-packetboat-send-at': (value) => map(parseSendAt(value), (sendAtMs) => ({ sendAtMs })),
  'x-packetboat-idempotency-key': (value) => map(parseIdempotencyKey(value), (idempotencyKey) => ({ idempotencyKey })),
};

/** Reads one control header; `name` in lower case. Unknown X-Packetboat-* names are an error: a typo must not be lost silently. */
export function parseControlHeader(name: string, value: string): Parsed<Partial<MailControl>> {
  const read = FIELDS[name];
  if (read === undefined) {
    const known = Object.keys(FIELDS).join(', ');
    return refuse('MAIL_HEADER_INVALID', `${name} is not a header that Packetboat knows; it knows ${known}.`);
  }
  return read(value.trim());
}

export function parseStream(value: string): Parsed<Stream> {
  const stream = value.toLowerCase();
  if (stream === 'transactional' || stream === 'bulk') return { ok: true, value: stream };
  return refuse('STREAM_INVALID', `${shown(value)} is not a stream.`);
}

/** A tag: letters, digits, `_ . : -`. Repeated tags count once. */
export function parseTags(tags: readonly string[]): Parsed<readonly string[]> {
  const unique = [...new Set(tags)];
  if (unique.length > MAIL_LIMITS.tagsMax) return refuse('METADATA_INVALID', `A message may have ${MAIL_LIMITS.tagsMax} tags.`);
  for (const tag of unique) {
    if (tag.length > MAIL_LIMITS.tagCharsMax || !/^[\p{L}\p{N}_.:-]+$/u.test(tag)) {
      return refuse(
        'METADATA_INVALID',
        `${shown(tag)} is not a tag: use up to ${MAIL_LIMITS.tagCharsMax} letters, digits, "_", ".", ":" and "-".`,
      );
    }
  }
  return { ok: true, value: unique };
}

/** A flat object of short strings; numbers and booleans become strings, as they travel through providers as text anyway. */
export function parseMetadata(value: unknown): Parsed<Readonly<Record<string, string>>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('METADATA_INVALID', 'metadata is not an object.');
  const entries = Object.entries(value);
  if (entries.length > MAIL_LIMITS.metadataKeysMax)
    return refuse('METADATA_INVALID', `metadata may have ${MAIL_LIMITS.metadataKeysMax} keys.`);
  const metadata: Record<string, string> = Object.create(null);
  for (const [key, entry] of entries) {
    if (!/^[\w.:-]+$/.test(key) || key.length > MAIL_LIMITS.metadataKeyCharsMax) {
      return refuse(
        'METADATA_INVALID',
        `${shown(key)} is not a metadata key: use up to ${MAIL_LIMITS.metadataKeyCharsMax} letters, digits, "_", ".", ":" and "-".`,
      );
    }
    const text = typeof entry === 'number' || typeof entry === 'boolean' ? String(entry) : entry;
    if (typeof text !== 'string' || text.length > MAIL_LIMITS.metadataValueCharsMax) {
      return refuse('METADATA_INVALID', `metadata.${key} is not a string of at most ${MAIL_LIMITS.metadataValueCharsMax} characters.`);
    }
    if (text.includes('\0') || !text.isWellFormed())
      return refuse('METADATA_INVALID', `metadata.${key} holds a NUL or half a letter; write it as UTF-8 text.`);
    metadata[key] = text;
  }
  return { ok: true, value: { ...metadata } };
}

/** RFC 3339 / ISO 8601 with a zone, as `2026-05-01T08:00:00Z`. A time without a zone means another moment on every machine. */
export function parseSendAt(value: string): Parsed<number> {
  const form = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/i;
  const [year, month, day] = (form.exec(value) ?? []).slice(1).map(Number);
  const ms = isDay(year, month, day) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) return refuse('SEND_AT_INVALID', `${shown(value)} is not a time with a zone such as 2026-05-01T08:00:00Z.`);
  return { ok: true, value: ms };
}

const DAY_MS = 86_400_000;

/** Date.parse makes the 1st of December of the 31st of November; a person who wrote that meant another day. */
function isDay(year = Number.NaN, month = 0, day = 0): boolean {
  return day >= 1 && day <= (Date.UTC(year, month) - Date.UTC(year, month - 1)) / DAY_MS;
}

export function parseIdempotencyKey(value: string): Parsed<string> {
  if (/^[\x21-\x7e]+$/.test(value) && value.length <= MAIL_LIMITS.idempotencyKeyCharsMax) return { ok: true, value };
  return refuse(
    'REQUEST_INVALID',
    `An idempotency key is 1 to ${MAIL_LIMITS.idempotencyKeyCharsMax} printable ASCII characters without blanks.`,
  );
}

function parseMetadataJson(value: string): Parsed<Readonly<Record<string, string>>> {
  try {
    return parseMetadata(JSON.parse(value));
  } catch {
    return refuse('METADATA_INVALID', 'X-Packetboat-Metadata is not JSON.');
  }
}

function map<T, U>(parsed: Parsed<T>, make: (value: T) => U): Parsed<U> {
  return parsed.ok ? { ok: true, value: make(parsed.value) } : parsed;
}

function refuse(code: ConstructorParameters<typeof AppError>[0], message: string): { ok: false; error: AppError } {
  return { ok: false, error: new AppError(code, message) };
}

const SHOWN_CHARS_MAX = 60;

function shown(text: string): string {
  return JSON.stringify(text.slice(0, SHOWN_CHARS_MAX));
}
