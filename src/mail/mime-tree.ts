// This file reads the tree of a MIME message (RFC 2045, RFC 2046 §5.1) as offsets into the raw bytes: nothing is decoded before it is asked for, and broken
// mail gives a smaller tree, never an exception. Lines may end in CRLF or LF.
import { readParameterised } from './content-type.ts';
import { fieldValue, firstField, type HeaderBlock, readHeaders } from './headers.ts';

export interface MimePart {
  readonly headers: HeaderBlock;
  /** The bytes of this part, headers included. */
  readonly raw: Buffer;
  readonly body: Buffer;
  /** Lower case, `text/plain` where nothing is said (RFC 2045 §5.2; in a digest `message/rfc822`). */
  readonly type: string;
  readonly params: Readonly<Record<string, string>>;
  /** `inline`, `attachment` …; empty when nothing is said. */
  readonly disposition: string;
  readonly filename: string | null;
  /** Lower case; empty means 7bit. */
  readonly encoding: string;
  /** Parts of a multipart; empty for every other type, messages inside messages included. */
  readonly children: readonly MimePart[];
}

/** Multiparts in multiparts deeper than this are an attack: real mail stops at six. */
export const MIME_DEPTH_MAX = 20;
/** Parts of one message that are looked at; the rest is left unread. */
export const MIME_PARTS_MAX = 1000;

/** Reads the whole message. Never throws. */
export function readMime(raw: Buffer): MimePart {
  return readPart(raw, { depth: 0, inDigest: false, budget: { parts: MIME_PARTS_MAX } });
}

interface Context {
  readonly depth: number;
  readonly inDigest: boolean;
  readonly budget: { parts: number };
}

function readPart(raw: Buffer, context: Context): MimePart {
  const headers = readHeaders(raw);
  const body = raw.subarray(headers.bodyStart);
  const contentType = readParameterised(headerOf(headers, 'content-type'));
  const disposition = readParameterised(headerOf(headers, 'content-disposition'));
  const type = /^[^/\s]+\/[^/\s]+$/.test(contentType.value) ? contentType.value : context.inDigest ? 'message/rfc822' : 'text/plain';
  const filename = disposition.params['filename'] ?? contentType.params['name'] ?? null;
  return {
    headers,
    raw,
    body,
    type,
    params: contentType.params,
    disposition: disposition.value,
    filename: filename === null || filename === '' ? null : filename,
    encoding: readParameterised(headerOf(headers, 'content-transfer-encoding')).value,
    children: type.startsWith('multipart/') ? readChildren(body, { boundary: contentType.params['boundary'] ?? '', type }, context) : [],
  };
}

function readChildren(body: Buffer, multipart: { boundary: string; type: string }, context: Context): MimePart[] {
  if (multipart.boundary === '' || context.depth >= MIME_DEPTH_MAX) return [];
  const inner: Context = { depth: context.depth + 1, inDigest: multipart.type === 'multipart/digest', budget: context.budget };
  const children: MimePart[] = [];
  for (const [start, end] of partRanges(body, multipart.boundary)) {
    if (context.budget.parts <= 0) break;
    context.budget.parts -= 1;
    children.push(readPart(body.subarray(start, end), inner));
  }
  return children;
}

/** Start and end of each part between the delimiter lines. A missing last delimiter ends at the end. */
function* partRanges(body: Buffer, boundary: string): Generator<[start: number, end: number]> {
  const delimiter = Buffer.from(`--${boundary}`, 'utf8');
  let start = -1;
  let from = 0;
  while (from < body.length) {
    const at = body.indexOf(delimiter, from);
    if (at < 0) break;
    const after = at + delimiter.length;
    from = after;
    if (at > 0 && body[at - 1] !== LF) continue;
    const closing = body[after] === DASH && body[after + 1] === DASH;
    const lineEnd = body.indexOf(LF, after);
    const rest = body.toString(
      'latin1',
      closing ? after + 2 : after,
      Math.min(lineEnd < 0 ? body.length : lineEnd, after + REST_CHARS_MAX),
    );
    // Text behind the delimiter means that it is another, longer boundary (RFC 2046 §5.1.1 allows only blanks).
    if (!closing && rest.trim() !== '') continue;
    if (start >= 0) yield [start, endBefore(body, start, at)];
    if (closing) return;
    if (lineEnd < 0) return;
    start = lineEnd + 1;
    from = start;
  }
  if (start >= 0) yield [start, body.length];
}

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
/** Only so much behind a delimiter is looked at. */
const REST_CHARS_MAX = 200;

/** The line break before a delimiter belongs to the delimiter. */
function endBefore(body: Buffer, start: number, at: number): number {
  let end = at;
  if (end > start && body[end - 1] === LF) end -= 1;
  if (end > start && body[end - 1] === CR) end -= 1;
  return end;
}

function headerOf(headers: HeaderBlock, name: string): string {
  const field = firstField(headers, name);
  return field === null ? '' : fieldValue(headers, field);
}
