// This file says what a form of lists of held addresses is: it reads text piece by piece and says for every row what it means or why it cannot be
// taken, with its line; it decides nothing about holds that stand.
import type { HoldClass } from './hold-policy.ts';

/** One hold as it stands in a file. */
export interface FiledHold {
  /** As the file writes it; whoever imports checks it. */
  readonly address: string;
  /** Null: every stream. */
  readonly stream: 'transactional' | 'bulk' | null;
  readonly reason: HoldClass | 'manual';
  /** The words that proved it, or the provider's label. */
  readonly evidence: string | null;
  /** When it ends, milliseconds since 1970; null: never. */
  readonly expiresAtMs: number | null;
}

/** One row of a file: a hold, or why it is none. Lines count from 1. */
export type FileEntry =
  | { readonly line: number; readonly hold: FiledHold }
  | { readonly line: number; readonly address: string | null; readonly message: string };

/** What the columns of a file were taken for. */
export interface FiledColumns {
  /** A line of the file names them; else they were known by what stands in them. */
  readonly named: boolean;
  readonly read: string[];
  /** Names of columns that mean nothing here. */
  readonly not_read: string[];
}

export interface FileReader {
  /** Entries that are complete with this piece. Throws REQUEST_INVALID when the file as a whole is not of this form. */
  push(text: string): FileEntry[];
  end(): FileEntry[];
  /** Null: nothing was read yet, or the form has fixed columns. */
  columns?(): FiledColumns | null;
}

/** A hold with what an export adds. */
export interface ExportedHold extends FiledHold {
  readonly source: string;
  readonly createdAtMs: number;
}

export interface SuppressionFileFormat {
  /** As `format=` names it. */
  readonly name: string;
  readonly mediaType: string;
  /** Of a file's name, without the dot. */
  readonly extension: string;
  reader(): FileReader;
  /** What comes before the first row. */
  readonly head: string;
  /** One row; '' where the form has no word for such a hold. */
  render(hold: ExportedHold): string;
  /** What comes behind the last row. */
  readonly foot: string;
}
