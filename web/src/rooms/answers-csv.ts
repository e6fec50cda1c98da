// This file gathers every row of a filtered list of bounces or complaints for CSV, page by page.
import { get } from '../api/client.ts';
import type { Bounce, Complaint, Hold } from '../api/feedback-model.ts';
import type { Page } from '../api/model.ts';
import { CSV_ROWS_MAX, type CsvCell, csvText, downloadCsv } from '../desk/csv.ts';

/** Rows of one question; the most the API gives. */
const PAGE_ROWS = 200;
/** A filter that finds little can give empty pages for long; after this many questions the file holds what was found. */
const PAGES_MAX = 200;

type Search = Readonly<Record<string, string>>;
type CellOf<Row> = readonly [head: string, cell: (row: Row) => CsvCell];

const BOUNCE: readonly CellOf<Bounce>[] = [
  ['at', (row) => row.at],
  ['address', (row) => row.address],
  ['class', (row) => row.class],
  ['fault', (row) => row.fault],
  ['hard', (row) => String(row.hard)],
  ['diagnostic', (row) => row.diagnostic],
  ['provider_label', (row) => row.provider_label],
  ['rule', (row) => row.rule],
  ['mailbox_provider', (row) => row.mailbox_provider],
  ['domain', (row) => row.domain],
  ['account', (row) => row.account],
  ['state', (row) => row.state],
  ['on_hold', (row) => String(row.held)],
  ['tenant_id', (row) => row.tenant_id],
  ['tenant', (row) => row.tenant_name],
  ['subject', (row) => row.subject],
  ['message_id', (row) => row.message_id],
  ['recipient_id', (row) => row.recipient_id],
];
const COMPLAINT: readonly CellOf<Complaint>[] = [
  ['at', (row) => row.at],
  ['address', (row) => row.address],
  ['mailbox_provider', (row) => row.mailbox_provider],
  ['account', (row) => row.account],
  ['type', (row) => row.type],
  ['tenant_id', (row) => row.tenant_id],
  ['tenant', (row) => row.tenant_name],
  ['subject', (row) => row.subject],
  ['tags', (row) => row.tags.join(' ')],
  ['message_id', (row) => row.message_id],
];
const HOLD: readonly CellOf<Hold>[] = [
  ['address', (row) => row.address],
  ['stream', (row) => row.stream],
  ['reason', (row) => row.reason],
  ['source', (row) => row.source],
  ['evidence', (row) => row.evidence],
  ['since', (row) => row.created_at],
  ['until', (row) => row.expires_at],
  ['tenant_id', (row) => row.tenant_id],
];

export const exportBounces = (search: Search) => gather('bounces', search, BOUNCE);
export const exportComplaints = (search: Search) => gather('complaints', search, COMPLAINT);
export const exportHolds = (search: Search) => gather('suppressions', search, HOLD);

/** Downloads what `search` finds, at most CSV_ROWS_MAX rows. */
async function gather<Row>(path: string, search: Search, columns: readonly CellOf<Row>[]): Promise<void> {
  const rows: CsvCell[][] = [];
  let { after } = search;
  for (let page = 0; page < PAGES_MAX && rows.length < CSV_ROWS_MAX; page += 1) {
    const asked = new URLSearchParams({ ...search, limit: String(PAGE_ROWS), ...(after === undefined ? {} : { after }) });
    const { data, next } = await get<Page<Row>>(`/v1/${path}?${asked}`);
    for (const row of data) rows.push(columns.map(([, cell]) => cell(row)));
    if (next === null) break;
    after = next;
  }
  const name = [path, ...Object.entries(search).map(([key, value]) => `${key}-${value}`)].join('_');
  const head = columns.map(([one]) => one);
  downloadCsv(name, csvText(head, rows.slice(0, CSV_ROWS_MAX)));
}
