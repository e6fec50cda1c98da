// This file reads the recipients of one message in the order they were accepted.
import type pg from 'pg';
import type { RecipientState } from '../delivery/states.ts';

/** Empty when the message is not the tenant's or is gone. */
export async function readAccepted(
  pool: pg.Pool,
  tenantId: string,
  messageId: string,
): Promise<{ id: string; address: string; state: RecipientState }[]> {
  const { rows } = await pool.query<{ id: string; address: string; state: RecipientState }>(
    `select r.id, r.address, r.state from messages m
     join recipients r on r.id > m.id and r.id <= m.last_recipient_id and r.message_id = m.id
     where m.tenant_id = $1 and m.id = $2 order by r.id`,
    [tenantId, messageId],
  );
  return rows;
}
