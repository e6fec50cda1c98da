// This file hands out filtered lists of bounces, complaints and holds as CSV.
import type { Bounce, Complaint, Hold } from '../api/feedback-model.ts';
import type { CsvCell } from '../desk/csv.ts';
import { downloadList } from './csv-pages.ts';

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

function gather<Row>(path: string, search: Search, columns: readonly CellOf<Row>[]): Promise<void> {
  const cells = (row: Row) => columns.map(([, cell]) => cell(row));
  return downloadList({ path, head: columns.map(([head]) => head), cells }, search);
}
