// This file reads the header block of a message (RFC 5322 §2.2) without decoding it, and rewrites it leaving every other byte as it is. On the hot path:
// one latin1 string of the block, offsets for the fields, values only when asked for.
import { decodeUnlabelled } from './charset.ts';
import { decodeWords } from './encoded-words.ts';

/** More header bytes than this are an attack or a fault; Exim and Gmail stop earlier. */
export const HEADER_BYTES_MAX = 512 * 1024;
/** More fields than this are an attack or a fault. */
export const HEADER_FIELDS_MAX = 2000;

export interface HeaderField {
  /** Lower case; empty for a line that is no field (no colon, or blanks inside the name). */
  readonly name: string;
  /** Offset of the name in the message. */
  readonly start: number;
  /** Offset just after the colon. */
  readonly valueStart: number;
  /** Offset just after the line break that ends the field, continuation lines included. */
  readonly end: number;
}

export interface HeaderBlock {
  readonly fields: readonly HeaderField[];
  /** Offset of the empty line (or of the end of a message that has none). */
  readonly headerEnd: number;
  /** Offset of the first byte of the body. */
  readonly bodyStart: number;
  /** The block as latin1: one character a byte, so that offsets agree. */
  readonly text: string;
  /** True when the block was cut at a limit; what follows counts as body. */
  readonly truncated: boolean;
}

/** Reads the block at the start of `raw`, lines ending in CRLF or LF. Never throws. */
export function readHeaders(raw: Buffer): HeaderBlock {
  const found = endOfHeaders(raw);
  const truncated = found.headerEnd > HEADER_BYTES_MAX;
  const headerEnd = truncated ? HEADER_BYTES_MAX : found.headerEnd;
  const text = raw.toString('latin1', 0, headerEnd);
  const fields: HeaderField[] = [];
  let start = 0;
  while (start < headerEnd && fields.length < HEADER_FIELDS_MAX) {
    let end = text.indexOf('\n', start) + 1;
    if (end === 0) end = headerEnd;
    // A line that starts with a blank belongs to the field before it (folding, RFC 5322 §2.2.3).
    while (end < headerEnd && isBlank(text.charCodeAt(end))) {
      end = text.indexOf('\n', end) + 1;
      if (end === 0) end = headerEnd;
    }
    const colon = text.indexOf(':', start);
    const isField = colon > start && colon < end;
    const name = isField ? fieldName(text.slice(start, colon)) : '';
    fields.push({ name, start, valueStart: name === '' ? start : colon + 1, end });
    start = end;
  }
  const cut = start < headerEnd;
  return {
    fields,
    headerEnd: cut ? start : headerEnd,
    bodyStart: truncated || cut ? Math.min(start, headerEnd) : found.bodyStart,
    text,
    truncated: truncated || cut,
  };
}

/** First field of a name (lower case), or null. */
export function firstField(block: HeaderBlock, name: string): HeaderField | null {
  for (const field of block.fields) if (field.name === name) return field;
  return null;
}

/** All fields of a name (lower case), in order. */
export function fieldsNamed(block: HeaderBlock, name: string): HeaderField[] {
  return block.fields.filter((field) => field.name === name);
}

/** The value unfolded and trimmed, bytes above 127 read as UTF-8 (or windows-1252), encoded words left alone. */
export function fieldValue(block: HeaderBlock, field: HeaderField): string {
  const latin1 = block.text.slice(field.valueStart, field.end);
  const unfolded = latin1.includes('\n') ? latin1.replace(/\r?\n/g, '').trim() : latin1.trim();
  return isAsciiText(unfolded) ? unfolded : decodeUnlabelled(Buffer.from(unfolded, 'latin1'));
}

/** The value as a person reads it: unfolded, encoded words decoded. */
export function fieldText(block: HeaderBlock, field: HeaderField): string {
  return decodeWords(fieldValue(block, field));
}

/** Value of the first field of a name, decoded, or null. */
export function headerText(block: HeaderBlock, name: string): string | null {
  const field = firstField(block, name);
  return field === null ? null : fieldText(block, field);
}

/**
 * The message without the fields that `remove` names, with `prepend` (whole lines, each ending in CRLF) in front. Every other byte stays as it is.
 */
export function rewriteHeaders(
  raw: Buffer,
  block: HeaderBlock,
  change: { readonly remove: (field: HeaderField) => boolean; readonly prepend?: string },
): Buffer {
  let head = change.prepend ?? '';
  let keepFrom = 0;
  for (const field of block.fields) {
    if (!change.remove(field)) continue;
    head += block.text.slice(keepFrom, field.start);
    keepFrom = field.end;
  }
  head += block.text.slice(keepFrom, block.headerEnd);
  const out = Buffer.allocUnsafe(head.length + raw.length - block.headerEnd);
  out.write(head, 0, 'latin1');
  raw.copy(out, head.length, block.headerEnd);
  return out;
}

function endOfHeaders(raw: Buffer): { headerEnd: number; bodyStart: number } {
  // A message may start with the empty line: it has no headers.
  if (raw[0] === 0x0a) return { headerEnd: 0, bodyStart: 1 };
  if (raw[0] === 0x0d && raw[1] === 0x0a) return { headerEnd: 0, bodyStart: 2 };
  const crlf = raw.indexOf('\r\n\r\n', 0, 'latin1');
  // Only look for a bare empty line in front of the proper one.
  const lf = (crlf < 0 ? raw : raw.subarray(0, crlf + 2)).indexOf('\n\n', 0, 'latin1');
  if (lf >= 0) return { headerEnd: lf + 1, bodyStart: lf + 2 };
  if (crlf >= 0) return { headerEnd: crlf + 2, bodyStart: crlf + 4 };
  return { headerEnd: raw.length, bodyStart: raw.length };
}

/** RFC 5322 §2.2: printable ASCII without colon; blanks before the colon are old syntax (§4.5) and allowed. */
function fieldName(text: string): string {
  const name = text.trimEnd();
  return NAME.test(name) ? name.toLowerCase() : '';
}

const NAME = /^[!-9;-~]+$/;

function isBlank(charCode: number): boolean {
  return charCode === 0x20 || charCode === 0x09;
}

function isAsciiText(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
