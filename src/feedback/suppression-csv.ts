// This file is our own form of a list of held addresses: CSV with a header, `address` needed, the other columns as an export writes them. A file
// without a header whose first cell is an address is a bare list.
import { AppError } from '../errors.ts';
import { type CsvRow, csvRow, makeCsvReader } from './csv.ts';
import { type HoldClass, holdingClasses, isHoldClass, mayHold } from './hold-policy.ts';
import type { FileEntry, SuppressionFileFormat } from './suppression-file.ts';

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

type Header = Readonly<Record<string, number>>;

export const csvFile: SuppressionFileFormat = {
  name: 'csv',
  mediaType: 'text/csv; charset=utf-8',
  extension: 'csv',
  reader() {
    const rows = makeCsvReader();
    let header: Header | null = null;
    const entries = (read: readonly CsvRow[]): FileEntry[] =>
      read.flatMap((row) => {
        if (header !== null) return [entryOf(row, header)];
        const named = headerOf(row);
        header = named ?? { address: 0 };
        return named === null ? [entryOf(row, header)] : [];
      });
    return { push: (text) => entries(rows.push(text)), end: () => entries(rows.end()) };
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
  const stream = cell('stream').toLowerCase();
  if (stream !== '' && stream !== 'bulk' && stream !== 'transactional')
    return refuse('stream is "transactional", "bulk" or empty for both.');
  const reason = reasonOf(cell('reason'));
  if (reason === null)
    return refuse(`"${cell('reason').slice(0, 50)}" is no reason to hold an address; leave it empty, or write one of: ${REASONS}.`);
  const until = cell('expires_at');
  const expiresAtMs = until === '' ? null : Date.parse(until);
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

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
