// This file inflates gzip (RFC 1952) in pieces: several members, sums checked, and whatever foreign bytes stand behind the last member left alone, which
// node:zlib's own gunzip takes for damage.
import { crc32, createInflateRaw } from 'node:zlib';
import { checkRatio } from './budget.ts';
import { REPORT_LIMITS } from './limits.ts';
import { damaged, ReportLimit } from './refusal.ts';
import type { WarningList } from './warnings.ts';

export const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const DEFLATE = 8;
const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const;

/** Yields the content; throws AppError REPORT_ARCHIVE_DAMAGED or REPORT_LIMIT, so what was yielded before is only good at the end. */
export async function* inflateGzip(bytes: Buffer, warnings: WarningList): AsyncGenerator<Buffer> {
  let at = 0;
  for (let members = 0; at < bytes.length; members += 1) {
    if (members >= REPORT_LIMITS.gzipMembersMax)
      throw new ReportLimit(`The gzip has more than ${REPORT_LIMITS.gzipMembersMax} members.`, true);
    const start = dataStart(bytes, at);
    if (start === null) {
      if (members === 0) throw damaged('The gzip header cannot be read.');
      // Line ends and padding behind an archive are of no interest; anything else is told.
      warnings.add('bytes-behind-archive', `${bytes.length - at} bytes`);
      return;
    }
    const consumed = yield* inflateMember(bytes, start);
    at = start + consumed + TRAILER_BYTES;
  }
}

/** Yields one member and returns how many packed bytes it had. */
async function* inflateMember(bytes: Buffer, start: number): AsyncGenerator<Buffer, number> {
  const inflate = createInflateRaw();
  inflate.end(bytes.subarray(start));
  let sum = 0;
  let size = 0;
  try {
    for await (const chunk of inflate) {
      // A zlib stream without an encoding gives buffers.
      const piece = chunk as Buffer;
      sum = crc32(piece, sum);
      size += piece.length;
      checkRatio(size, inflate.bytesWritten);
      yield piece;
    }
  } catch (error) {
    throw isZlibError(error) ? damaged('The gzip is cut off or damaged.', error) : error;
  }
  const end = start + inflate.bytesWritten;
  if (end + TRAILER_BYTES > bytes.length) throw damaged('The gzip is cut off: its check sum is missing.');
  if (bytes.readUInt32LE(end) !== sum || bytes.readUInt32LE(end + 4) !== size % 2 ** 32)
    throw damaged('The gzip is damaged: its check sum differs.');
  return inflate.bytesWritten;
}

export function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}

/** Where the deflated data of the member at `from` starts; null when there is no whole header. */
function dataStart(bytes: Buffer, from: number): number | null {
  if (bytes.length < from + HEADER_BYTES || !bytes.subarray(from, from + 2).equals(GZIP_MAGIC) || bytes[from + 2] !== DEFLATE) return null;
  const flags = bytes[from + 3] ?? 0;
  let at = from + HEADER_BYTES;
  if (flags & FLAG.extra) {
    if (at + 2 > bytes.length) return null;
    at += 2 + bytes.readUInt16LE(at);
  }
  for (const flag of [FLAG.name, FLAG.comment]) {
    if (!(flags & flag)) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return null;
    at = end + 1;
  }
  if (flags & FLAG.headerCrc) at += 2;
  return at <= bytes.length ? at : null;
}
