// This file lists and shows inbound mails with what they were read as, and puts one back to be read again by today's rules.
import type { Pool } from 'pg';
import { makeFilters } from './filters.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

interface InboundMailRow {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly mailbox_id: string | null;
  readonly mail_from: string;
  readonly rcpt_to: string;
  readonly remote_address: string;
  readonly size: number;
  readonly kind: string | null;
  readonly class: string | null;
  readonly fault: string | null;
  readonly outcome: string | null;
  readonly matched_by: string | null;
  readonly recipient_id: string | null;
  readonly message_id: string | null;
  readonly subject: string | null;
  readonly from: string | null;
  readonly note: string | null;
  readonly forwarded_message_id: string | null;
  readonly times: number | null;
  readonly read_at: Date | null;
}

export type InboundMail = Plain<InboundMailRow>;
export type InboundMailDetail = InboundMail & { readonly detail: Record<string, unknown> | null };

export interface InboundMailFilter {
  readonly before: string | null;
  readonly limit: number;
  readonly kind?: string | undefined;
  readonly class?: string | undefined;
  readonly outcome?: string | undefined;
  readonly mailboxId?: string | undefined;
  readonly recipientId?: string | undefined;
  readonly messageId?: string | undefined;
  /** Edges of the ids, from their times. */
  readonly fromId?: string | undefined;
  readonly belowId?: string | undefined;
}

const COLUMNS = `m.id, coalesce(r.tenant_id, m.tenant_id) as tenant_id, m.mailbox_id, m.mail_from, m.rcpt_to, m.remote_address, octet_length(m.raw) as size,
  r.kind, r.class, r.fault, r.outcome, r.matched_by, coalesce(r.recipient_id, m.recipient_id) as recipient_id, r.message_id, r.subject,
  r.from_address as "from", r.note, r.forwarded_message_id, r.times, r.read_at`;
const TABLES = 'inbound_mails m left join inbound_readings r on r.id = m.id';

/** Newest first. */
export async function listInboundMails(db: Queryable, tenantId: Scope, filter: InboundMailFilter): Promise<InboundMail[]> {
  const filters = makeFilters()
    .add('m.tenant_id = ?', tenantId)
    .add('m.id < ?', filter.before)
    .add('m.id >= ?', filter.fromId)
    .add('m.id < ?', filter.belowId)
    .add('r.kind = ?', filter.kind)
    .add('r.class = ?', filter.class)
    .add(filter.outcome === 'waiting' ? `(r.id is null) = (? = 'waiting')` : 'r.outcome = ?', filter.outcome)
    .add('m.mailbox_id = ?', filter.mailboxId)
    .add('coalesce(r.recipient_id, m.recipient_id) = ?', filter.recipientId)
    .add('r.message_id = ?', filter.messageId);
  const { rows } = await db.query<InboundMailRow>(
    `select ${COLUMNS} from ${TABLES} ${filters.where} order by m.id desc limit ${filters.param(filter.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

export async function findInboundMail(db: Queryable, tenantId: Scope, id: string): Promise<InboundMailDetail | null> {
  const filters = makeFilters().add('m.tenant_id = ?', tenantId).add('m.id = ?', id);
  const { rows } = await db.query<InboundMailRow & { detail: Record<string, unknown> | null }>(
    `select ${COLUMNS}, r.detail from ${TABLES} ${filters.where}`,
    filters.values,
  );
  return firstRow(rows);
}

/** The mail byte for byte, or null. */
export async function readInboundRaw(db: Queryable, tenantId: Scope, id: string): Promise<Buffer | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<{ raw: Buffer }>(`select raw from inbound_mails ${filters.where}`, filters.values);
  return rows[0]?.raw ?? null;
}

/** Puts a mail into the queue of those to be read; false when there is none under this id. */
export async function replayInboundMail(pool: Pool, tenantId: Scope, id: string): Promise<boolean> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rowCount } = await pool.query(
    `insert into inbound_queue (id) select id from inbound_mails ${filters.where}
     on conflict (id) do update set due_at = now(), tries = 0, error = null`,
    filters.values,
  );
  return (rowCount ?? 0) > 0;
}
