// This file opens zip archives that are held in memory: members in order, each inflated in pieces with size and check sum held against the directory. Names are
// never decoded or used: members without a name, with a path or with a foreign ending are all the same.
import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { checkRatio } from './budget.ts';
import { REPORT_LIMITS } from './limits.ts';
import { damaged, ReportLimit } from './refusal.ts';

export const ZIP_MAGIC = Buffer.from('PK\x03\x04', 'latin1');
/** An archive without members starts with its end record. */
export const ZIP_EMPTY_MAGIC = Buffer.from('PK\x05\x06', 'latin1');

export interface ZipMember {
  /** The content; throws AppError REPORT_ARCHIVE_DAMAGED or REPORT_LIMIT, so what was yielded before is only good at the end. */
  content(): AsyncGenerator<Buffer>;
}

/** Yields the members that have content. Throws as they do. */
export async function* openZip(bytes: Buffer): AsyncGenerator<ZipMember> {
  const zip = await open(bytes);
  if (zip.entryCount > REPORT_LIMITS.zipMembersMax) {
    throw new ReportLimit(`The zip has ${zip.entryCount} members; more than ${REPORT_LIMITS.zipMembersMax} are not opened.`, true);
  }
  const entries = zip.eachEntry()[Symbol.asyncIterator]();
  // The number in the end record may lie, so members are counted as they come.
  for (let count = 0; count <= REPORT_LIMITS.zipMembersMax; count += 1) {
    const next = await entries.next().catch(zipDamage);
    if (next.done) return;
    const entry = next.value;
    if (entry.uncompressedSize > 0) yield { content: () => inflateEntry(zip, entry) };
  }
}

async function open(bytes: Buffer): Promise<ZipFile> {
  return await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false }).catch(zipDamage);
}

async function* inflateEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  if (entry.isEncrypted()) throw damaged('A member of the zip is encrypted.');
  const stream = await zip.openReadStreamPromise(entry).catch(zipDamage);
  let sum = 0;
  let size = 0;
  const chunks = stream[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await chunks.next().catch(zipDamage);
      if (next.done) break;
      const piece = next.value;
      sum = crc32(piece, sum);
      size += piece.length;
      checkRatio(size, entry.compressedSize);
      yield piece;
    }
  } finally {
    stream.destroy();
  }
  if (sum !== entry.crc32) throw damaged('A member of the zip is damaged: its check sum differs.');
}

function zipDamage(error: unknown): never {
  throw damaged(`The zip is cut off or damaged: ${error instanceof Error ? error.message : error}`, error);
}
