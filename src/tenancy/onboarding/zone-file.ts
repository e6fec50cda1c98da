// This file writes records as they stand in a zone file (RFC 1035 §5.1): names in full, texts in quoted strings of at most 255 bytes.
import type { ExpectedRecord } from '../expected-records.ts';

/** RFC 1035 §3.3: a character string has one byte for its length. */
const STRING_BYTES_MAX = 255;
/** An hour: short enough to mend a slip the same day. */
const TTL_S = 3_600;

/** They would end the line; a zone file writes them as \DDD. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters it is about.
const CONTROL = /[\u0000-\u001f\u007f]/g;

/** A record and what is said above it; null: nothing. */
export interface ZoneLine {
  readonly record: Pick<ExpectedRecord, 'type' | 'host' | 'value'>;
  readonly comment: string | null;
}

export function zoneFile(lines: readonly ZoneLine[]): string {
  return lines
    .map(
      ({ record, comment }) =>
        `${comment === null ? '' : `; ${oneLine(comment)}\n`}${record.host}. ${TTL_S} IN ${record.type} ${dataOf(record)}\n`,
    )
    .join('');
}

/** A text in quoted strings, one behind the other: `"v=DKIM1; k=rsa; p=MIIB…" "…"`. Receivers join them without anything between (RFC 7208 §3.3). */
export function quotedStrings(text: string): string {
  return splitText(text)
    .map((piece) => `"${piece.replace(/[\\"]/g, '\\$&').replace(CONTROL, (char) => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`)}"`)
    .join(' ');
}

/** Cuts a text into pieces of at most 255 bytes of UTF-8, never inside a character. */
export function splitText(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const char of text) {
    const size = Buffer.byteLength(char);
    if (bytes + size > STRING_BYTES_MAX) {
      pieces.push(piece);
      piece = '';
      bytes = 0;
    }
    piece += char;
    bytes += size;
  }
  return [...pieces, piece];
}

function dataOf({ type, value }: ZoneLine['record']): string {
  return type === 'TXT' ? quotedStrings(value) : `${value}.`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
