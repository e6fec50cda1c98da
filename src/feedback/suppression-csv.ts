// This file is our own form of a list of held addresses: CSV with a header, `address` needed, the other columns as an export writes them. A file
// without a header is a bare list of addresses, or has the columns of an export in their order; one that could be something else is refused, because
// a hold of bulk mail for a month would become one of all mail for good.
import { AppError } from '../errors.ts';
import { type CsvRow, csvRow, makeCsvReader } from './csv.ts';
import { type HoldClass, holdingClasses, isHoldClass, mayHold } from './hold-policy.ts';
import type { FiledColumns, FileEntry, SuppressionFileFormat } from './suppression-file.ts';

const COLUMNS = ['address', 'stream', 'reason', 'evidence', 'expires_at', 'source', 'created_at'] as const;
/** What other programs call the column of addresses. */
const ADDRESS_NAMES: ReadonlySet<string> = new Set([
  'address',
  'email',
  'e-mail',
  'recipient',
  'email address',
  'emailaddress',
  'mail',
  'adresse',
  'e-mail-adresse',
]);
const REASONS = ['manual', ...holdingClasses()].join(', ');
const EVIDENCE_CHARS_MAX = 2_000;

/** Characters of a cell that a refusal quotes. */
const QUOTED_CHARS_MAX = 40;
/** Names of columns that are told as not read; a list of holds has a handful. */
const NOT_READ_MAX = 20;

type Header = Readonly<Record<string, number>>;

export const csvFile: SuppressionFileFormat = {
  name: 'csv',
  mediaType: 'text/csv; charset=utf-8',
  extension: 'csv',
  reader() {
    const rows = makeCsvReader();
    let header: Header | null = null;
    let columns: FiledColumns | null = null;
    const entries = (read: readonly CsvRow[]): FileEntry[] =>
      read.flatMap((row) => {
        if (header !== null) return [entryOf(row, header)];
        const named = headerOf(row);
        header = named ?? headlessHeader(row);
        columns = columnsOf(header, named === null ? [] : row.cells);
        return named === null ? [entryOf(row, header)] : [];
      });
    return { push: (text) => entries(rows.push(text)), end: () => entries(rows.end()), columns: () => columns };
  },
  head: csvRow(COLUMNS),
  render: (hold) =>
    csvRow([
      hold.address,
      hold.stream,
      hold.reason,
      hold.evidence?.replace(/\s+/g, ' ') ?? null,
      hold.expiresAtMs === null ? null : isoTime(hold.expiresAtMs),
      hold.source,
      isoTime(hold.createdAtMs),
    ]),
  foot: '',
};

/** Null when the first row is a row already. Throws when it is neither. */
function headerOf(row: CsvRow): Header | null {
  const names = row.cells.map((cell) => cell.toLowerCase());
  const at = names.findIndex((name) => ADDRESS_NAMES.has(name));
  if (at !== -1) return { ...Object.fromEntries(names.map((name, index) => [name, index])), address: at };
  if (row.cells[0]?.includes('@')) return null;
  throw new AppError('REQUEST_INVALID', `Line ${row.line} names no column "address".`, {
    hint: `Begin the file with a line such as "${COLUMNS.join(',')}", or with an address.`,
  });
}

const BARE: Header = { address: 0 };
const IN_ORDER: Header = Object.fromEntries(COLUMNS.map((name, index) => [name, index]));

/** What the columns of a file without a header are, by its first row. Throws when that is not sure. */
function headlessHeader(row: CsvRow): Header {
  const last = row.cells.findLastIndex((cell) => cell !== '');
  if (row.cut || row.open || last === 0) return BARE;
  const cell = (name: string): string => row.cells[IN_ORDER[name] ?? -1] ?? '';
  const wrong = COLUMNS.find((name) => FITS[name]?.(cell(name)) === false);
  if (wrong === undefined && last < COLUMNS.length) return IN_ORDER;
  const where =
    wrong === undefined
      ? `it has ${last + 1} columns, an export ${COLUMNS.length}`
      : `column ${(IN_ORDER[wrong] ?? 0) + 1} would be "${wrong}", and there stands "${cell(wrong).slice(0, QUOTED_CHARS_MAX)}"`;
  throw new AppError('REQUEST_INVALID', `No line names the columns, and line ${row.line} is not in the order of an export: ${where}.`, {
    hint: `Put a line such as "address,reason" above that names every column; of ${COLUMNS.join(', ')} each is read, others are not. For a bare list of addresses leave only these.`,
  });
}

/** Whether a cell can stand in a column of ours; what is missing here takes any text. */
const FITS: Readonly<Partial<Record<(typeof COLUMNS)[number], (cell: string) => boolean>>> = {
  stream: (cell) => STREAMS.has(cell.toLowerCase()),
  reason: (cell) => reasonOf(cell) !== null,
  expires_at: (cell) => !Number.isNaN(timeOf(cell)),
  created_at: (cell) => !Number.isNaN(timeOf(cell)),
};
const STREAMS: ReadonlySet<string> = new Set(['', 'bulk', 'transactional']);

function columnsOf(header: Header, names: readonly string[]): FiledColumns {
  const places = new Map(COLUMNS.map((name) => [header[name], name]));
  return {
    named: names.length > 0,
    read: COLUMNS.filter((name) => header[name] !== undefined),
    not_read: names.filter((name, index) => name !== '' && !places.has(index)).slice(0, NOT_READ_MAX),
  };
}

function entryOf(row: CsvRow, header: Header): FileEntry {
  const cell = (name: string): string => row.cells[header[name] ?? -1] ?? '';
  const { line } = row;
  const address = cell('address');
  const refuse = (message: string): FileEntry => ({
    line,
    address: address === '' ? null : (address.split('\n')[0] ?? '').slice(0, 320),
    message,
  });
  if (row.open) return refuse('A quotation mark that begins here is never closed, so that the rest of the file was not read.');
  if (row.cut) return refuse('This row is too long.');
  if (address === '') return refuse('The address is missing.');
  if (header === BARE && row.cells.findLastIndex((each) => each !== '') > 0)
    return refuse('More than an address stands here, and no line names the columns. Put one above, such as "address,stream,reason".');
  const stream = cell('stream').toLowerCase();
  if (stream !== '' && stream !== 'bulk' && stream !== 'transactional')
    return refuse('stream is "transactional", "bulk" or empty for both.');
  const reason = reasonOf(cell('reason'));
  if (reason === null)
    return refuse(`"${cell('reason').slice(0, 50)}" is no reason to hold an address; leave it empty, or write one of: ${REASONS}.`);
  const expiresAtMs = timeOf(cell('expires_at'));
  if (Number.isNaN(expiresAtMs)) return refuse('expires_at is a time such as 2026-03-01T09:00:00Z.');
  const evidence = cell('evidence').slice(0, EVIDENCE_CHARS_MAX);
  return {
    line,
    hold: { address, stream: stream === '' ? null : stream, reason, evidence: evidence === '' ? null : evidence, expiresAtMs },
  };
}

function reasonOf(given: string): HoldClass | 'manual' | null {
  const reason = given.toLowerCase();
  if (reason === '' || reason === 'manual') return 'manual';
  return isHoldClass(reason) && mayHold(reason) ? reason : null;
}

/** Milliseconds since 1970; null: none is named; NaN: it is no time. */
function timeOf(given: string): number | null {
  return given === '' ? null : Date.parse(given);
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
