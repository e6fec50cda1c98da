// This file makes a provider's form of a list of held addresses out of what is its own: the names of its columns, how a row is read and how one is
// written. All of them are CSV with a header. A row means here what the same entry of the provider's list means: its words come before its label,
// and what is not the recipient's fault holds nobody.
import { AppError } from '../../errors.ts';
import { type CsvRow, csvRow, makeCsvReader } from '../csv.ts';
import { judgeListed, type ListedAddress } from '../provider-list.ts';
import type { ExportedHold, FileEntry, SuppressionFileFormat } from '../suppression-file.ts';

/** A cell of a row by the name of its column in lower case; '' where the file has no such column. */
export type Cells = (name: string) => string;

export interface ProviderFile {
  readonly name: string;
  /** As an export writes them; the first is the address. */
  readonly columns: readonly string[];
  /** Other names of the column of addresses, lower case. */
  readonly addressNames: readonly string[];
  /** The entry of a row, or a sentence why it is none. */
  read(cells: Cells, address: string): ListedAddress | string;
  /** Rows for a hold, in the order of the columns; none where the form has no word for it. */
  write(hold: ExportedHold): readonly (readonly (string | null)[])[];
}

const EVIDENCE_CHARS_MAX = 2_000;
const LEFT: Readonly<Record<string, string>> = {
  'not-the-recipient': 'Its words name a fault that is not the recipient’s, or none; it holds nobody.',
  'provider-rule': 'It is a rule of the provider, not of the recipient; it holds nobody.',
  passing: 'It falls off the provider’s list by itself.',
};

export function providerFile(form: ProviderFile): SuppressionFileFormat {
  return {
    name: form.name,
    mediaType: 'text/csv; charset=utf-8',
    extension: 'csv',
    reader() {
      const rows = makeCsvReader();
      let header: ReadonlyMap<string, number> | null = null;
      const entries = (read: readonly CsvRow[]): FileEntry[] =>
        read.flatMap((row) => {
          if (header !== null) return [entryOf(form, row, header)];
          header = headerOf(form, row);
          return [];
        });
      return { push: (text) => entries(rows.push(text)), end: () => entries(rows.end()) };
    },
    head: csvRow(form.columns),
    render: (hold) => form.write(hold).map(csvRow).join(''),
    foot: '',
  };
}

function headerOf(form: ProviderFile, row: CsvRow): ReadonlyMap<string, number> {
  const names = row.cells.map((cell) => cell.trim().toLowerCase());
  const at = names.findIndex((name) => form.addressNames.includes(name));
  if (at === -1) {
    throw new AppError('REQUEST_INVALID', `Line ${row.line} names no column "${form.columns[0]}".`, {
      hint: `The file begins with a line such as "${form.columns.join(',')}"; the columns may stand in any order.`,
    });
  }
  return new Map([...names.map((name, index) => [name, index] as const), ['address', at]]);
}

function entryOf(form: ProviderFile, row: CsvRow, header: ReadonlyMap<string, number>): FileEntry {
  const cells: Cells = (name) => row.cells[header.get(name) ?? -1]?.trim() ?? '';
  const address = cells('address');
  const { line } = row;
  const refuse = (message: string): FileEntry => ({ line, address: address === '' ? null : address.slice(0, 320), message });
  if (row.cut) return refuse('This row is too long.');
  if (address === '') return refuse('The address is missing.');
  const entry = form.read(cells, address);
  if (typeof entry === 'string') return refuse(entry);
  const verdict = judgeListed({ ...entry, ours: false }, { tenants: 1, deliveredAtMs: null, releasedAtMs: null, marked: true });
  if (verdict.kind === 'leave') return refuse(LEFT[verdict.because] ?? 'It holds nobody.');
  // Only lists shared by several organisations give the reason of a list; a file belongs to one.
  const reason = verdict.reason === 'provider-list' ? 'manual' : verdict.reason;
  const words = entry.diagnostic === null ? entry.label : `${entry.label}: ${entry.diagnostic}`;
  return { line, hold: { address, stream: verdict.stream, reason, evidence: words.slice(0, EVIDENCE_CHARS_MAX), expiresAtMs: null } };
}

/** What an entry is called by kind. */
export function kindOf(hold: ExportedHold): 'bounce' | 'complaint' | 'unsubscribe' | 'manual' {
  if (hold.reason === 'complaint') return 'complaint';
  if (hold.reason === 'unsubscribed') return 'unsubscribe';
  return hold.reason === 'manual' ? 'manual' : 'bounce';
}

/** Words on one line, for a cell. */
export function oneLine(text: string | null): string | null {
  return text?.replace(/\s+/g, ' ') ?? null;
}
