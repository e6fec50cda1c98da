// This file hands a table out as CSV: exactly the filtered rows, UTF-8 with BOM, ISO times, raw numbers, the query in the file name.

/** Rows one file may have; above it a spreadsheet becomes unusable and the API is the better way. */
export const CSV_ROWS_MAX = 10_000;

export type CsvCell = string | number | null;

/** RFC 4180 text with a byte order mark, so that spreadsheets read umlauts. A cell that would be read as a formula gets a leading quote. */
export function csvText(head: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `\ufeff${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** Some browsers read what is downloaded only after the click was answered. */
const READ_WITHIN_MS = 60_000;

/** Offers the text as a download; `name` tells what it is and how it was filtered. */
export function downloadCsv(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replace(/[^\w.@-]+/g, '_')}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), READ_WITHIN_MS);
}

function cell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
