// This file finds and reads every DMARC, failure and TLS report in what somebody sent: bare XML or JSON, gzip, zip, mails, and these inside each other. It
// goes by content alone, inflates in pieces, and ends at the limits; nothing in it throws, and nothing is written or fetched.
import { AppError } from '../../errors.ts';
import { makeAggregateReader } from './aggregate-xml.ts';
import { type Budget, makeBudget } from './budget.ts';
import { openCms } from './cms.ts';
import { inflateGzip } from './gzip.ts';
import { REPORT_LIMITS } from './limits.ts';
import { openReportMail } from './mail-parts.ts';
import type { AggregateRecord, ReportFinding, ReportKind } from './model.ts';
import { damaged, encrypted, ReportLimit } from './refusal.ts';
import { SNIFF_BYTES, sniff } from './sniff.ts';
import { readTlsReports } from './tls-json.ts';
import { makeWarnings, type WarningList } from './warnings.ts';
import { openZip } from './zip.ts';

export interface ReadOptions {
  /**
   * Gets the records of aggregate reports as they are read; `report` counts the findings, from 0. A report may still be refused afterwards, so keep its
   * records in a transaction of their own until its finding comes.
   */
  readonly onRecord?: (record: AggregateRecord, report: number) => void;
  /** Awaited after every piece of XML (64 KB of it): time to put the records of it away, so that they never pile up. */
  readonly onPiece?: () => Promise<void>;
}

type Bytes = AsyncIterable<Uint8Array>;

interface Walk {
  readonly options: ReadOptions;
  readonly budget: Budget;
  found: number;
  /** A final limit was met and told: nothing more of the input is read. */
  ended: boolean;
}

interface Place {
  readonly archives: number;
  readonly mails: number;
  /** Warnings of what is around the report: they belong to every report inside. */
  readonly around: WarningList;
}

/** Yields a finding for each report, refused ones too; one of kind `none` when there is none. Errors of `source` itself are thrown. */
export async function* readReports(source: Bytes, options: ReadOptions = {}): AsyncGenerator<ReportFinding> {
  const walk: Walk = { options, budget: makeBudget(), found: 0, ended: false };
  try {
    for await (const finding of read(source, { archives: 0, mails: 0, around: makeWarnings() }, walk)) {
      walk.found += 1;
      yield finding;
      if (walk.ended) return;
    }
  } catch (error) {
    walk.found += 1;
    yield refused('none', error, makeWarnings());
  }
  if (walk.found === 0) yield refused('none', new AppError('REPORT_NOT_FOUND', 'There is no DMARC or TLS report in it.'), makeWarnings());
}

/** Bytes in hand, as a source. */
export async function* bytesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

const PIECE_BYTES = 64 * 1024;

async function* read(source: Bytes, place: Place, walk: Walk): AsyncGenerator<ReportFinding> {
  try {
    const { head, all, close } = await peek(source, walk.budget);
    const content = sniff(head);
    if (content === 'other') return await close();
    walk.budget.candidate();
    if (content === 'xml') yield* readXml(all, place, walk);
    else if (content === 'json') yield* readJson(await collect(all, REPORT_LIMITS.jsonBytesMax), place);
    else yield* open(content, await collect(all, REPORT_LIMITS.packedBytesMax), place, walk);
  } catch (error) {
    // One damaged member or part does not keep the others from being read.
    if (isFinal(error)) throw error;
    yield refused('none', error, place.around);
  }
}

/** Reads on in what has to be held whole. */
function open(content: 'mail' | 'base64' | 'cms' | 'gzip' | 'zip', bytes: Buffer, place: Place, walk: Walk): AsyncGenerator<ReportFinding> {
  if (content === 'mail') return readMail(bytes, place, walk);
  const inside = deeper(place);
  if (content === 'cms') return read(bytesOf(signedContent(bytes)), inside, walk);
  if (content === 'base64') return read(bytesOf(Buffer.from(bytes.toString('latin1'), 'base64')), inside, walk);
  return content === 'gzip' ? read(inflateGzip(bytes, inside.around), inside, walk) : readZip(bytes, inside, walk);
}

/** A file that somebody signed. */
function signedContent(bytes: Buffer): Buffer {
  const opened = openCms(bytes);
  if (opened.kind === 'sealed') throw encrypted();
  if (opened.kind === 'empty') throw damaged('It is an S/MIME signature without anything in it, or cut off.');
  return opened.content;
}

function deeper(place: Place): Place {
  const archives = place.archives + 1;
  if (archives > REPORT_LIMITS.archiveDepthMax)
    throw new ReportLimit(`Archives lie inside each other more than ${REPORT_LIMITS.archiveDepthMax} deep.`);
  return { ...place, archives };
}

async function* readZip(bytes: Buffer, place: Place, walk: Walk): AsyncGenerator<ReportFinding> {
  for await (const member of openZip(bytes)) yield* read(member.content(), place, walk);
}

async function* readMail(raw: Buffer, place: Place, walk: Walk): AsyncGenerator<ReportFinding> {
  const mails = place.mails + 1;
  if (mails > REPORT_LIMITS.mailDepthMax) return;
  const warnings = makeWarnings();
  const { failure, candidates, sealed } = openReportMail(raw, warnings);
  if (failure !== null) yield { kind: 'failure', report: failure, error: null, warnings: warnings.list() };
  for (const bytes of candidates) yield* read(bytesOf(bytes), { ...place, mails, around: makeWarnings() }, walk);
  if (sealed && failure === null && candidates.length === 0) yield refused('none', encrypted(), warnings);
}

async function* readXml(source: Bytes, place: Place, walk: Walk): AsyncGenerator<ReportFinding> {
  const warnings = makeWarnings();
  const number = walk.found;
  const reader = makeAggregateReader(warnings, (record) => walk.options.onRecord?.(record, number));
  try {
    for await (const piece of source) {
      reader.write(piece);
      if (reader.isOther()) return;
      await walk.options.onPiece?.();
    }
    const report = reader.end();
    if (report !== null) yield { kind: 'aggregate', report, error: null, warnings: [...place.around.list(), ...warnings.list()] };
  } catch (error) {
    yield refused(reader.isReport() ? 'aggregate' : 'none', error, warnings);
    if (isFinal(error)) walk.ended = true;
  }
}

async function* readJson(bytes: Buffer, place: Place): AsyncGenerator<ReportFinding> {
  const warnings = makeWarnings();
  for (const report of readTlsReports(bytes, warnings))
    yield { kind: 'tlsrpt', report, error: null, warnings: [...place.around.list(), ...warnings.list()] };
}

/** The first bytes, and a source that still has them all, counted. `close` is for a source that is not read on. */
async function peek(source: Bytes, budget: Budget): Promise<{ head: Buffer; all: AsyncGenerator<Buffer>; close: () => Promise<void> }> {
  const chunks = source[Symbol.asyncIterator]();
  const start: Buffer[] = [];
  let bytes = 0;
  let ended = false;
  const close = async () => {
    await chunks.return?.();
  };
  const nextPiece = async (): Promise<Buffer | null> => {
    const next = await chunks.next();
    if (next.done) return null;
    budget.read(next.value.length);
    return Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
  };
  while (bytes < SNIFF_BYTES && !ended) {
    const piece = await nextPiece();
    ended = piece === null;
    if (piece !== null) start.push(piece);
    bytes += piece?.length ?? 0;
  }
  async function* all(): AsyncGenerator<Buffer> {
    try {
      yield* start;
      for (let piece = ended ? null : await nextPiece(); piece !== null; piece = await nextPiece()) yield piece;
    } finally {
      await close();
    }
  }
  return { head: Buffer.concat(start).subarray(0, SNIFF_BYTES), all: all(), close };
}

async function collect(source: Bytes, bytesMax: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.length;
    if (bytes > bytesMax) throw new ReportLimit(`A mail, an archive or a TLS report is larger than ${bytesMax} bytes.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, bytes);
}

/** True for limits that end the reading of the whole input. */
function isFinal(error: unknown): boolean {
  return error instanceof ReportLimit && error.final;
}

/** The finding for an error. What is no AppError is not a refusal but a fault of ours or of the source, and is thrown on. */
function refused(kind: ReportKind | 'none', error: unknown, warnings: WarningList): ReportFinding {
  if (!(error instanceof AppError)) throw error;
  const { code, message, hint } = error;
  return { kind, report: null, error: { code, message, hint }, warnings: warnings.list() };
}
