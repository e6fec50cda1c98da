// This file gathers every row of a filtered list for CSV, page by page from the first one on, whichever page is shown.
import { get } from '../api/client.ts';
import type { Page } from '../api/model.ts';
import { CSV_ROWS_MAX, type CsvCell, csvText, downloadCsv } from '../desk/csv.ts';
import { problemText } from '../desk/error-state.tsx';
import { sayResult } from '../desk/toast.tsx';
import { csvWords } from '../words/csv.words.ts';
import { deskWords } from '../words/desk.words.ts';
import { pick } from '../words/words.ts';

/** Rows of one question; the most the API gives. */
const PAGE_ROWS = 200;
/** A filter that finds little can give empty pages for long; after this many questions the file holds what was found. */
const PAGES_MAX = 200;

export interface CsvList<Row> {
  /** Of the API, without `/v1/`. */
  readonly path: string;
  readonly head: readonly string[];
  readonly cells: (row: Row) => CsvCell[];
}

/** Downloads what `search` finds, at most CSV_ROWS_MAX rows. Says so where it cannot. */
export async function downloadList<Row>({ path, head, cells }: CsvList<Row>, search: Readonly<Record<string, string>>): Promise<void> {
  const { after: _, ...filters } = search;
  try {
    const rows: CsvCell[][] = [];
    let after: string | undefined;
    for (let page = 0; page < PAGES_MAX && rows.length < CSV_ROWS_MAX; page += 1) {
      const asked = new URLSearchParams({ ...filters, limit: String(PAGE_ROWS), ...(after === undefined ? {} : { after }) });
      const { data, next } = await get<Page<Row>>(`/v1/${path}?${asked}`);
      for (const row of data) rows.push(cells(row));
      if (next === null) break;
      after = next;
    }
    const name = [path, ...Object.entries(filters).map(([key, value]) => `${key}-${value}`)].join('_');
    downloadCsv(name, csvText(head, rows.slice(0, CSV_ROWS_MAX)));
  } catch (error) {
    const lang = document.documentElement.lang === 'de' ? 'de' : 'en';
    sayResult(pick(csvWords, lang).failed(problemText(error, pick(deskWords, lang))));
  }
}
