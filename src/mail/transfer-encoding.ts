// This file undoes transfer encodings (RFC 2045 §6.7 and §6.8) and gives a part's text.
import { decodeCharset, decodeUnlabelled } from './charset.ts';
import type { MimePart } from './mime-tree.ts';

/** The decoded bytes of a part; unknown encodings are read as they are. `bytesMax` bounds how much of the body is looked at. */
export function decodeBytes(part: Pick<MimePart, 'body' | 'encoding'>, bytesMax = Number.POSITIVE_INFINITY): Buffer {
  const body = part.body.length > bytesMax ? part.body.subarray(0, bytesMax) : part.body;
  if (part.encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64');
  if (part.encoding === 'quoted-printable') return fromQuotedPrintable(body);
  return body;
}

/** The text of a part in its charset (unlabelled: UTF-8 where valid, else windows-1252). Line ends as they are. */
export function decodeText(part: Pick<MimePart, 'body' | 'encoding' | 'params'>, bytesMax = Number.POSITIVE_INFINITY): string {
  const bytes = decodeBytes(part, bytesMax);
  const charset = part.params['charset'];
  return charset === undefined || charset === '' ? decodeUnlabelled(bytes) : decodeCharset(bytes, charset);
}

const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const TAB = 0x09;

function fromQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  let write = 0;
  /** Behind the last byte that was encoded, or put before a soft break: a blank up to there belongs to the text. */
  let meant = 0;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i] ?? 0;
    if (byte === EQUALS) {
      const high = hexDigit(body[i + 1]);
      const low = hexDigit(body[i + 2]);
      if (high >= 0 && low >= 0) {
        out[write] = high * 16 + low;
        write += 1;
        meant = write;
        i += 2;
        continue;
      }
      const end = softBreakEnd(body, i + 1);
      if (end > 0) {
        meant = write;
        i = end - 1;
        continue;
      }
    }
    if (byte === LF) write = withoutBlanks(out, write, meant);
    out[write] = byte;
    write += 1;
  }
  return out.subarray(0, write);
}

/** Offset behind a soft line break that starts at `from`, or -1. Blanks between `=` and the break were added on the way. */
function softBreakEnd(body: Buffer, from: number): number {
  let i = from;
  while (body[i] === SP || body[i] === TAB) i += 1;
  if (body[i] === CR && body[i + 1] === LF) return i + 2;
  if (body[i] === LF) return i + 1;
  return i === body.length ? i : -1;
}

/** Blanks at the end of an encoded line were added on the way and go (RFC 2045 §6.7 rule 3), but none before `meant`. */
function withoutBlanks(out: Buffer, write: number, meant: number): number {
  let end = write;
  const carriage = end > meant && out[end - 1] === CR;
  if (carriage) end -= 1;
  const textEnd = end;
  while (end > meant && (out[end - 1] === SP || out[end - 1] === TAB)) end -= 1;
  if (end === textEnd) return write;
  if (carriage) out[end] = CR;
  return carriage ? end + 1 : end;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x57;
  return -1;
}
