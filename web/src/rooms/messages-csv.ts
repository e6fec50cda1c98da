// This file gathers every row of a filtered list of messages for CSV, page by page.
import { get } from '../api/client.ts';
import type { MessageRow, Page } from '../api/model.ts';
import { RECIPIENT_STATES } from '../api/model.ts';
import { CSV_ROWS_MAX, type CsvCell, csvText, downloadCsv } from '../desk/csv.ts';

/** Rows of one question; the most the API gives. */
const PAGE_ROWS = 200;
/** A filter that finds little can give empty pages for long; after this many questions the file holds what was found. */
const PAGES_MAX = 200;

/** Downloads what `search` finds, at most CSV_ROWS_MAX rows. */
export async function exportMessages(search: Readonly<Record<string, string>>): Promise<void> {
  const rows: CsvCell[][] = [];
  let after = search['after'];
  for (let page = 0; page < PAGES_MAX && rows.length < CSV_ROWS_MAX; page += 1) {
    const asked = new URLSearchParams({ ...search, limit: String(PAGE_ROWS), ...(after === undefined ? {} : { after }) });
    const { data, next } = await get<Page<MessageRow>>(`/v1/messages?${asked}`);
    for (const row of data) rows.push(cells(row));
    if (next === null) break;
    after = next;
  }
  const head = ['id', 'taken_in', 'tenant_id', 'tenant', 'from', 'subject', 'stream', 'first_recipient', 'recipients', ...RECIPIENT_STATES];
  const name = ['messages', ...Object.entries(search).map(([key, value]) => `${key}-${value}`)].join('_');
  downloadCsv(name, csvText(head, rows.slice(0, CSV_ROWS_MAX)));
}

function cells(row: MessageRow): CsvCell[] {
  return [
    row.id,
    row.created_at,
    row.tenant_id,
    row.tenant_name,
    row.from,
    row.subject,
    row.stream,
    row.first_recipient,
    row.recipient_count,
    ...RECIPIENT_STATES.map((state) => row.states[state] ?? 0),
  ];
}
