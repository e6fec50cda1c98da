// This file reads and writes CSV (RFC 4180) piece by piece, so that a list of a million addresses needs no more memory than its longest row.
// Line ends may be CR LF, LF or CR; a byte order mark, and semicolons instead of commas, come from spreadsheets and are understood.

export interface CsvRow {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** The row was longer than is read; the rest of it was left out. */
  readonly cut: boolean;
  /** The file ended inside of a quoted cell: what was meant to be further rows is in it. */
  readonly open: boolean;
}

export interface CsvReader {
  /** Rows that are complete with this piece of text. */
  push(text: string): CsvRow[];
  /** The last row, when the file does not end with a line end. */
  end(): CsvRow[];
}

/** Characters of a row: an address, a date and a receiver's words need a few hundred. */
const ROW_CHARS_MAX = 8_192;
const CELLS_MAX = 100;

/** Makes a reader for one file. Empty lines give no row. */
export function makeCsvReader(): CsvReader {
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let afterQuote = false;
  let line = 1;
  let rowLine = 1;
  let chars = 0;
  let previousCr = false;
  let first = true;
  let separator: string | null = null;

  function take(rows: CsvRow[]): void {
    const all = [...cells, cell];
    const cut = chars > ROW_CHARS_MAX || all.length > CELLS_MAX;
    if (cut || all.some((each) => each.trim() !== ''))
      rows.push({ line: rowLine, cells: all.slice(0, CELLS_MAX).map((each) => each.trim()), cut, open: quoted });
    cells = [];
    cell = '';
    chars = 0;
    quoted = false;
    afterQuote = false;
  }

  function add(char: string): void {
    chars += 1;
    if (chars <= ROW_CHARS_MAX) cell += char;
  }

  function unquoted(char: string): void {
    if (char === '"' && cell.trim() === '' && !afterQuote) {
      quoted = true;
      cell = '';
    } else if (separator === null ? char === ',' || char === ';' || char === '\t' : char === separator) {
      separator ??= char;
      if (cells.length < CELLS_MAX) cells.push(cell);
      cell = '';
      afterQuote = false;
    } else add(char);
  }

  return {
    push(given) {
      const text = first ? given.replace(/^\ufeff/, '') : given;
      if (given !== '') first = false;
      const rows: CsvRow[] = [];
      for (const char of text) {
        const newLine = char === '\n' || char === '\r';
        const second = char === '\n' && previousCr;
        previousCr = char === '\r';
        if (newLine && !second) line += 1;
        if (quoted) {
          if (char !== '"') add(char);
          else {
            quoted = false;
            afterQuote = true;
          }
        } else if (afterQuote && char === '"') {
          // A doubled quote inside quotes is one quote.
          quoted = true;
          afterQuote = false;
          add('"');
        } else if (newLine) {
          if (!second) take(rows);
          rowLine = line;
        } else unquoted(char);
      }
      return rows;
    },
    end() {
      const rows: CsvRow[] = [];
      take(rows);
      return rows;
    },
  };
}

/**
 * A row with CR LF. A cell that a spreadsheet would run as a formula gets a quote in front; an address that begins with "+" or "-" stays as it is, because
 * what stands behind makes no formula of it.
 */
export function csvRow(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`;
}

/** Letters as addresses have them: no "!" (a call of another program), no "=", "|", quotes or braces. */
const PLAIN_ADDRESS = /^[+-]?[\p{L}\p{N}._+-]+@[\p{L}\p{N}.-]+$/u;

function csvCell(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) && !PLAIN_ADDRESS.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
