// This file hands out a filtered list of messages as CSV.
import type { MessageRow } from '../api/model.ts';
import { RECIPIENT_STATES } from '../api/model.ts';
import type { CsvCell } from '../desk/csv.ts';
import { downloadList } from './csv-pages.ts';

const HEAD = ['id', 'taken_in', 'tenant_id', 'tenant', 'from', 'subject', 'stream', 'first_recipient', 'recipients', ...RECIPIENT_STATES];

export function exportMessages(search: Readonly<Record<string, string>>): Promise<void> {
  return downloadList({ path: 'messages', head: HEAD, cells }, search);
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
