// This file takes a list of held addresses in, row by row as it arrives: every hold is a row and an event, every refusal names its line. A file may be
// handed in again at any time: what stands already stays as it is. A dry run reads and counts in the same way, and writes nothing.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { AppError } from '../errors.ts';
import type { FiledColumns, FiledHold, FileEntry, SuppressionFileFormat } from '../feedback/suppression-file.ts';
import type { IdMint } from '../ids.ts';
import { addressKey, parseAddress } from '../mail/address.ts';
import { recordAudit } from '../store/audit.ts';
import { writeHoldEvents } from '../store/holds.ts';
import { inScope } from '../store/scope.ts';
import { standingAmong } from '../store/suppression-lists.ts';
import { createSuppressions, type NewHold } from '../store/suppressions.ts';
import { holdTold } from './hold-told.ts';

export interface ImportDeps {
  readonly pool: pg.Pool;
  readonly ids: IdMint;
  readonly nowMs: () => number;
}

export interface ImportAnswer {
  readonly dry_run: boolean;
  readonly added: number;
  readonly already: number;
  /** The first ones. */
  readonly refused: { readonly line: number; readonly address: string | null; readonly code: string; readonly message: string }[];
  readonly refused_count: number;
  /** What its columns were taken for; null where the form has fixed ones, or the file is empty. */
  readonly columns: FiledColumns | null;
}

/** Largest file: a million rows of sixty characters. */
export const IMPORT_BYTES_MAX = 64 * 1024 * 1024;
/** Rows of one file: each becomes an event that applications hear. */
export const IMPORT_ROWS_MAX = 1_000_000;
/** Refusals that are told; whoever has more corrects these first. */
const REFUSED_TOLD_MAX = 200;
/** Rows of one transaction: a second of work, and what a crash repeats. */
const BATCH = 1_000;

/**
 * Reads the file to its end. With `dryRun` it answers what would be added and writes nothing. Throws REQUEST_MALFORMED, REQUEST_INVALID, PAYLOAD_TOO_LARGE or LIMIT_EXCEEDED; rows
 * read by then stay.
 */
export async function importSuppressions(
  deps: ImportDeps,
  tenantId: string,
  file: { format: SuppressionFileFormat; chunks: AsyncIterable<Uint8Array>; by: string; dryRun: boolean },
): Promise<ImportAnswer> {
  const { dryRun } = file;
  const put = dryRun ? tryBatches(deps, tenantId) : (holds: readonly NewHold[]) => writeBatch(deps, tenantId, holds, file.by);
  const sum = { dry_run: dryRun, added: 0, already: 0, refused: [] as ImportAnswer['refused'], refused_count: 0 };
  let batch = new Map<string, NewHold>();
  let rows = 0;

  async function flush(): Promise<void> {
    const holds = [...batch.values()];
    batch = new Map();
    if (holds.length === 0) return;
    const added = await put(holds);
    sum.added += added;
    sum.already += holds.length - added;
  }

  async function take(entries: readonly FileEntry[]): Promise<void> {
    for (const entry of entries) {
      rows += 1;
      if (rows > IMPORT_ROWS_MAX) {
        await flush();
        const done = dryRun ? 'nothing was written' : `${sum.added} addresses were put on hold`;
        throw new AppError('LIMIT_EXCEEDED', `The file has more than ${IMPORT_ROWS_MAX} rows; ${done}.`, {
          hint: 'Hand the rest in as a file of its own.',
        });
      }
      const read = 'hold' in entry ? newHold(deps, entry.hold, file.format.name) : { code: 'REQUEST_INVALID', message: entry.message };
      if ('code' in read) {
        const address = 'hold' in entry ? entry.hold.address.slice(0, 320) : entry.address;
        sum.refused_count += 1;
        if (sum.refused.length < REFUSED_TOLD_MAX) sum.refused.push({ line: entry.line, address, ...read });
        continue;
      }
      if (addTo(batch, read)) sum.already += 1;
      if (batch.size >= BATCH) await flush();
    }
  }

  const reader = file.format.reader();
  for await (const text of decoded(file.chunks)) await take(reader.push(text));
  await take(reader.end());
  await flush();
  const answer = { ...sum, columns: reader.columns?.() ?? null };
  if (dryRun) return answer;
  await recordAudit(deps.pool, deps.ids, {
    actor: file.by,
    tenantId,
    action: 'suppression.import',
    subject: tenantId,
    detail: { format: file.format.name, added: sum.added, already: sum.already, refused: sum.refused_count },
  });
  return answer;
}

async function* decoded(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > IMPORT_BYTES_MAX) throw new AppError('PAYLOAD_TOO_LARGE', `A file has at most ${IMPORT_BYTES_MAX} bytes; split it.`);
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new AppError('REQUEST_MALFORMED', 'The file is not UTF-8.', { hint: 'Save it as UTF-8, then hand it in again.', cause });
  }
}

function newHold(deps: ImportDeps, hold: FiledHold, format: string): NewHold | { code: string; message: string } {
  const parsed = parseAddress(hold.address);
  if (!parsed.ok) return { code: parsed.error.code, message: parsed.error.message };
  if (hold.expiresAtMs !== null && hold.expiresAtMs <= deps.nowMs())
    return { code: 'REQUEST_INVALID', message: 'This hold has ended already.' };
  const { stream, reason, evidence, expiresAtMs } = hold;
  return {
    id: deps.ids.next(),
    address: addressKey(parsed.value.address),
    stream,
    reason,
    source: `import ${format}`,
    evidence,
    expiresAtMs,
  };
}

/** True when the row says nothing that the batch does not say already: the same again, or the other half of a hold that provider forms write as two rows. */
function addTo(batch: Map<string, NewHold>, hold: NewHold): boolean {
  const everything = batch.get(keyOf({ ...hold, stream: null }));
  if (batch.has(keyOf(hold)) || (everything !== undefined && covers(everything, hold))) return true;
  const other = hold.stream === null ? undefined : batch.get(keyOf({ ...hold, stream: hold.stream === 'bulk' ? 'transactional' : 'bulk' }));
  const halves = other !== undefined && other.reason === hold.reason && other.expiresAtMs === hold.expiresAtMs && everything === undefined;
  if (halves) batch.delete(keyOf(other));
  const whole = halves ? { ...other, stream: null } : hold;
  batch.set(keyOf(whole), whole);
  return halves;
}

/** True when a hold of all mail leaves nothing to add. A person's wish stands beside a hold for another reason, because it outlives its release. */
function covers(everything: NewHold, hold: NewHold): boolean {
  return (
    everything.expiresAtMs === null &&
    (everything.reason === hold.reason || (hold.reason !== 'complaint' && hold.reason !== 'unsubscribed'))
  );
}

/** What a dry run does with a batch: answers how many of it are neither on hold nor were in a batch before. */
function tryBatches(deps: ImportDeps, tenantId: string): (holds: readonly NewHold[]) => Promise<number> {
  // Eight bytes of a digest for each: a million rows take a hundred megabytes at most, and two of them meet once in thirty million files.
  const seen = new Set<string>();
  const forGood = new Map<string, string>();
  const short = (hold: NewHold) => createHash('sha256').update(keyOf(hold)).digest('latin1').slice(0, 8);
  return async (holds) => {
    const standing = await inScope(deps.pool, tenantId, (db) => standingAmong(db, tenantId, holds));
    const before = seen.size;
    for (const [n, hold] of holds.entries()) {
      const reason = forGood.get(short({ ...hold, stream: null }));
      if (standing[n] === true || (reason !== undefined && covers({ ...hold, reason, expiresAtMs: null }, hold))) continue;
      seen.add(short(hold));
      if (hold.stream === null && hold.expiresAtMs === null) forGood.set(short(hold), hold.reason);
    }
    return seen.size - before;
  };
}

function keyOf({ address, stream }: NewHold): string {
  return `${address} ${stream ?? ''}`;
}

/** Answers how many were not on hold before. */
async function writeBatch(deps: ImportDeps, tenantId: string, holds: readonly NewHold[], by: string): Promise<number> {
  return inScope(deps.pool, tenantId, async (db) => {
    const standing = await standingAmong(db, tenantId, holds);
    const made = await createSuppressions(
      db,
      tenantId,
      holds.filter((_, n) => standing[n] !== true),
    );
    await writeHoldEvents(
      db,
      made.map((hold) => ({ ...holdTold(hold, by), id: deps.ids.next(), type: 'hold.created' })),
    );
    return made.length;
  });
}
