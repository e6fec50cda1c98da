// This file writes and reads cursors: opaque to callers, and with a checksum, so that a cut, edited or foreign one is refused instead of
// quietly showing another page. They hold no rights: what a page shows is decided by who asks.
import { createHash } from 'node:crypto';
import { AppError } from '../errors.ts';

/** Which list a cursor belongs to. */
export type CursorKind =
  | 'incidents'
  | 'list'
  | 'messages'
  | 'recipients'
  | 'events'
  | 'suppressions'
  | 'held-addresses'
  | 'held-messages'
  | 'audit'
  | 'deliveries'
  | 'domain-reports'
  | 'entries'
  | 'bounces'
  | 'complaints';

/** A cursor is two ids and a number, or an address and an id, at most. */
export const CURSOR_CHARS_MAX = 800;
const CHECKSUM_CHARS = 8;

export function writeCursor(kind: CursorKind, ...parts: readonly string[]): string {
  const text = [kind, ...parts].join(' ');
  return Buffer.from(`${checksum(text)} ${text}`).toString('base64url');
}

/** The parts that were written. Throws CURSOR_INVALID for anything that `writeCursor` did not make for this list. */
export function readCursor(kind: CursorKind, cursor: string): string[] {
  const [sum, ...words] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const text = words.join(' ');
  if (words[0] !== kind || sum !== checksum(text) || cursor.length > CURSOR_CHARS_MAX) {
    throw new AppError('CURSOR_INVALID', 'This cursor does not belong to this list.', { field: 'after' });
  }
  return words.slice(1);
}

/** The single part of a cursor, or null when none was given. */
export function readIdCursor(kind: CursorKind, cursor: string | undefined): string | null {
  return cursor === undefined ? null : (readCursor(kind, cursor)[0] ?? null);
}

/** The cursor behind a page: null at the end. */
export function nextCursor(kind: CursorKind, last: { readonly id: string } | null): string | null {
  return last === null ? null : writeCursor(kind, last.id);
}

function checksum(text: string): string {
  return createHash('sha256').update(`packetboat ${text}`).digest('base64url').slice(0, CHECKSUM_CHARS);
}
