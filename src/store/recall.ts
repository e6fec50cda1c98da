// This file reads what a message was when it was accepted: its recipients in their order, and what already stood against each.
import type pg from 'pg';

export interface AcceptedRow {
  readonly id: string;
  readonly address: string;
  /** The address was on hold when the message came in. */
  readonly suppressed: boolean;
}

export interface AcceptedMessage {
  readonly flags: number;
  readonly scheduled: boolean;
  readonly recipients: readonly AcceptedRow[];
}

/** Null when the message is not the tenant's or is gone. */
export async function readAccepted(pool: pg.Pool, tenantId: string, messageId: string): Promise<AcceptedMessage | null> {
  // An event of the very transaction that stored the message is the door's own; a hold that was found later has a transaction of its own.
  const { rows } = await pool.query<AcceptedRow & { flags: number; scheduled: boolean }>(
    `select r.id, r.address, m.flags, m.send_at is not null as scheduled, exists (
       select from events e where e.message_id = m.id and e.recipient_id = r.id and e.type = 'suppressed' and e.txid::xid = m.xmin
     ) as suppressed
     from messages m
     join recipients r on r.id > m.id and r.id <= m.last_recipient_id and r.message_id = m.id
     where m.tenant_id = $1 and m.id = $2 order by r.id`,
    [tenantId, messageId],
  );
  const [first] = rows;
  if (!first) return null;
  return {
    flags: first.flags,
    scheduled: first.scheduled,
    recipients: rows.map(({ id, address, suppressed }) => ({ id, address, suppressed })),
  };
}
