// This file prints rows for people: columns as wide as their content, times short, what is empty as a middle dot.

export interface Column {
  readonly title: string;
  /** Path into the row (`states.held`), or what to show of it. */
  readonly show: string | ((row: Row) => unknown);
  readonly right?: boolean;
}

export type Row = Readonly<Record<string, unknown>>;

const EMPTY = '·';
const CELL_CHARS_MAX = 60;
/** Prose wider than this is hard to read. */
const LINE_CHARS = 120;
const TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):\d{2}(?:\.\d+)?Z$/;

/** The table as text, or a sentence when there are no rows. */
export function renderTable(rows: readonly Row[], columns: readonly Column[], nothing = 'There is nothing to show.'): string {
  if (rows.length === 0) return `${nothing}\n`;
  const cells = rows.map((row) => columns.map((column) => cellOf(row, column)));
  const widths = columns.map((column, index) => Math.max(column.title.length, ...cells.map((line) => line[index]?.length ?? 0)));
  const lineOf = (line: readonly string[]) =>
    line
      .map((text, index) => (columns[index]?.right ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  return `${[columns.map((column) => column.title), ...cells].map(lineOf).join('\n')}\n`;
}

/** One object, a line for each member; members of members stand under `outer.inner`. */
export function renderObject(row: Row): string {
  const entries = membersOf(row);
  const width = Math.max(...entries.map(([key]) => key.length), 0);
  return `${entries.map(([key, value]) => `${key.padEnd(width)}  ${plain(value)}`).join('\n')}\n`;
}

/** Deeper than any answer of the API. */
const DEPTH_MAX = 8;

function membersOf(row: Row, within = '', depth = 0): [string, unknown][] {
  return Object.entries(row).flatMap(([key, value]): [string, unknown][] => {
    if (value === undefined) return [];
    const plainList = Array.isArray(value) && !value.some((each) => typeof each === 'object');
    if (typeof value !== 'object' || value === null || plainList || depth >= DEPTH_MAX) return [[`${within}${key}`, value]];
    // An object of parsed JSON, or a list of objects: its members are called by their place.
    const inner = value as Row;
    return Object.keys(inner).length === 0 ? [[`${within}${key}`, null]] : membersOf(inner, `${within}${key}.`, depth + 1);
  });
}

/** Prose as lines that fit a terminal; words stay whole. */
export function wrapped(text: string, columns = LINE_CHARS): string {
  return text.replace(new RegExp(`(.{1,${columns}})(?:\\s+|$)`, 'gu'), '$1\n').trimEnd();
}

/** Counts by name as a phrase: `3 queued, 1 held`. */
export function counts(value: unknown): string {
  const entries = Object.entries((value ?? {}) as Record<string, number>).filter(([, n]) => n > 0);
  return entries.map(([name, n]) => `${n} ${name}`).join(', ');
}

function cellOf(row: Row, column: Column): string {
  const value = typeof column.show === 'function' ? column.show(row) : valueAt(row, column.show);
  const text = plain(value);
  return text.length > CELL_CHARS_MAX ? `${text.slice(0, CELL_CHARS_MAX - 1)}…` : text;
}

function valueAt(row: Row, path: string): unknown {
  let value: unknown = row;
  for (const key of path.split('.')) {
    // Every step is an object of parsed JSON, or there is nothing further down.
    value = typeof value === 'object' && value !== null ? (value as Row)[key] : undefined;
  }
  return value;
}

function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return EMPTY;
  if (Array.isArray(value)) return value.length === 0 ? EMPTY : value.map(plain).join(', ');
  if (typeof value === 'object') return JSON.stringify(value);
  // A line break in a cell would break the table; control characters could play with the terminal.
  return String(value)
    .replace(TIME, '$1 $2')
    .replace(/\p{Cc}+/gu, ' ');
}
