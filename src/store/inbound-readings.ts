// This file writes down what inbound mails were read as, and finds the recipients that a report is about by what it brings back of our message.
import type pg from 'pg';
import { jsonText } from './json-text.ts';
import type { Queryable } from './scope.ts';

/** What became of a mail once it was read. */
export type InboundOutcome = 'recorded' | 'unmatched' | 'forwarded' | 'kept' | 'unreadable';
/** How we know whom a mail is about, the surest first. */
export type MatchedBy = 'return-path' | 'returned-path' | 'reference' | 'message-id';

export interface InboundReading {
  readonly id: string;
  readonly tenantId: string | null;
  readonly recipientId: string | null;
  readonly messageId: string | null;
  /** Null: it could not be read. */
  readonly kind: string | null;
  readonly class: string | null;
  readonly fault: string | null;
  readonly matchedBy: MatchedBy | null;
  readonly outcome: InboundOutcome;
  readonly note: string | null;
  readonly subject: string;
  readonly from: string;
  readonly forwardedMessageId: string | null;
  readonly detail: unknown;
}

/** Writes readings; one that is there already is replaced, and counts how often it was read. Mails without a tenant get the one they turned out to be about. */
export async function writeReadings(db: Queryable, readings: readonly InboundReading[]): Promise<void> {
  if (readings.length === 0) return;
  const rows = readings.map((reading) => ({
    ...reading,
    detail: jsonText(reading.detail),
  }));
  await db.query({
    name: 'write-readings',
    text: `with given as materialized (
        select * from jsonb_to_recordset($1::jsonb) as t(id uuid, "tenantId" uuid, "recipientId" uuid, "messageId" uuid, kind text, class text,
          fault text, "matchedBy" text, outcome text, note text, subject text, "from" text, "forwardedMessageId" uuid, detail text)
      ), found as (
        update inbound_mails m set tenant_id = g."tenantId", recipient_id = g."recipientId" from given g
        where m.id = g.id and m.tenant_id is null and g."tenantId" is not null
      )
      insert into inbound_readings (tenant_id, id, recipient_id, message_id, kind, class, fault, matched_by, outcome, note, subject, from_address,
        forwarded_message_id, detail)
      select "tenantId", id, "recipientId", "messageId", kind, class, fault, "matchedBy", outcome, note, subject, "from", "forwardedMessageId", detail::jsonb
      from given
      on conflict (id) do update set tenant_id = excluded.tenant_id, recipient_id = excluded.recipient_id, message_id = excluded.message_id,
        kind = excluded.kind, class = excluded.class, fault = excluded.fault, matched_by = excluded.matched_by, outcome = excluded.outcome,
        note = excluded.note, subject = excluded.subject, from_address = excluded.from_address,
        forwarded_message_id = coalesce(excluded.forwarded_message_id, inbound_readings.forwarded_message_id), detail = excluded.detail,
        times = inbound_readings.times + 1, read_at = now()`,
    values: [jsonText(rows)],
  });
}

export interface ReportedRecipient {
  readonly id: string;
  readonly tenantId: string;
  readonly messageId: string;
  readonly address: string;
  readonly recipientCount: number;
  readonly headerMessageId: string;
  /** It was on the wire at least once, or is on it now: nobody can report about another. */
  readonly mailed: boolean;
}

const MAILED = `(r.attempts > 0 or r.state in ('submitting', 'uncertain', 'handed_over', 'delivered', 'bounced'))`;
const COLUMNS = `r.id, r.tenant_id as "tenantId", r.message_id as "messageId", r.address, m.recipient_count as "recipientCount",
  m.header_message_id as "headerMessageId", ${MAILED} as mailed`;

/** Recipients by their own ids. */
export async function findReported(db: Queryable, ids: readonly string[]): Promise<Map<string, ReportedRecipient>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<ReportedRecipient>(
    `select ${COLUMNS} from unnest($1::uuid[]) as q(id) join recipients r on r.id = q.id join messages m on m.id = r.message_id`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Recipients of messages that reports brought back: those with one of these addresses (lower case), and the only one of a message that has one. */
export async function findReportedOf(
  db: Queryable,
  messageIds: readonly string[],
  addresses: readonly string[],
): Promise<ReportedRecipient[]> {
  if (messageIds.length === 0) return [];
  const { rows } = await db.query<ReportedRecipient>(
    `select ${COLUMNS} from unnest($1::uuid[]) as q(id) join messages m on m.id = q.id
     join recipients r on r.id > m.id and r.id <= m.last_recipient_id and r.message_id = m.id
     where m.recipient_count = 1 or lower(r.address) = any ($2::text[])`,
    [[...new Set(messageIds)], addresses],
  );
  return rows;
}

/** Messages of a tenant that are looked through for a Message-ID that is no message's own id: reports come within days, and there is no index for it. */
const WINDOW_MESSAGES = 20_000;

/**
 * The message of a tenant with this Message-ID (with its brackets), or null. It is looked for among the newest ones, or, where an id says when it was
 * written, among those taken in after that.
 */
export async function findByHeaderMessageId(
  db: Queryable,
  tenantNumber: number,
  headerMessageId: string,
  writtenAt: string | null = null,
): Promise<string | null> {
  const { rows } =
    writtenAt === null
      ? await db.query<{ id: string }>(
          `select id from (
             select m.id, m.header_message_id from messages m join tenants t on t.id = m.tenant_id where t.number = $1
             order by m.id desc limit ${WINDOW_MESSAGES}
           ) newest where header_message_id = $2 limit 1`,
          [tenantNumber, headerMessageId],
        )
      : await db.query<{ id: string }>(
          `select id from (
             select m.id, m.header_message_id from messages m join tenants t on t.id = m.tenant_id where t.number = $1 and m.id > $3
             order by m.id limit ${WINDOW_MESSAGES}
           ) next where header_message_id = $2 limit 1`,
          [tenantNumber, headerMessageId, writtenAt],
        );
  return rows[0]?.id ?? null;
}

/** Mails without a reading that can never be read again by themselves get one that says so. */
export async function writeUnreadable(pool: pg.Pool, mail: { id: string; tenantId: string | null }, reason: string): Promise<void> {
  await writeReadings(pool, [
    {
      ...mail,
      recipientId: null,
      messageId: null,
      kind: null,
      class: null,
      fault: null,
      matchedBy: null,
      outcome: 'unreadable',
      note: reason,
      subject: '',
      from: '',
      forwardedMessageId: null,
      detail: {},
    },
  ]);
}
