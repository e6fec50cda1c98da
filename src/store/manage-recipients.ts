// This file moves recipients because a person asked: cancel what has not left, release what is held. Which states allow it, the caller knows
// from the table of transitions.
import type pg from 'pg';
import type { RecipientState } from '../delivery/states.ts';
import type { Queryable } from './scope.ts';

/** Cancels the recipients of a message that stand in one of `from`. Returns how many moved and how many there are; null: no such message. */
export async function cancelRecipients(
  db: Queryable,
  tenantId: string,
  messageId: string,
  cancel: { from: readonly RecipientState[]; actor: string; eventIds: (count: number) => string[] },
): Promise<{ cancelled: number; unchanged: number } | null> {
  const message = await db.query<{ last_recipient_id: string; recipient_count: number }>(
    'select last_recipient_id, recipient_count from messages where tenant_id = $1 and id = $2',
    [tenantId, messageId],
  );
  const found = message.rows[0];
  if (!found) return null;
  const { rowCount } = await db.query(
    `with moved as (
       update recipients set state = 'cancelled', due_at = null, reason = 'cancelled', state_at = now()
       where tenant_id = $1 and id > $2 and id <= $3 and message_id = $2 and state = any ($4::recipient_state[])
       returning tenant_id, id, message_id
     ), settled as (delete from uncertain_recipients u using moved where u.recipient_id = moved.id)
     insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
     select tenant_id, ($5::uuid[])[row_number() over ()], id, message_id, 'cancelled', jsonb_build_object('by', $6::text), now() from moved`,
    [tenantId, messageId, found.last_recipient_id, cancel.from, cancel.eventIds(found.recipient_count), cancel.actor],
  );
  const cancelled = rowCount ?? 0;
  return { cancelled, unchanged: found.recipient_count - cancelled };
}

/**
 * Puts one held recipient back into its lane, `queued`, or `scheduled` where its send_at lies ahead; answers where it stands, the state that forbade it, or null
 * when there is no such recipient.
 */
export async function releaseRecipient(
  db: Queryable,
  tenantId: string,
  recipientId: string,
  release: { from: readonly RecipientState[]; actor: string; eventId: string; laneId: number | null },
): Promise<{ laneId: number; released: 'queued' | 'scheduled' } | { state: RecipientState } | null> {
  const { rows } = await db.query<{ lane_id: number; state: 'queued' | 'scheduled' }>(
    `with moved as (
       update recipients r set state = case when m.send_at > now() then 'scheduled' else 'queued' end::recipient_state,
         due_at = greatest(m.send_at, now()), reason = null, state_at = now(), lane_id = coalesce($6, lane_id)
       from messages m
       where r.tenant_id = $1 and r.id = $2 and r.state = any ($3::recipient_state[]) and m.id = r.message_id
       returning r.tenant_id, r.id, r.message_id, r.lane_id, r.state
     ), told as (
       insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
       select tenant_id, $4, id, message_id, 'released', jsonb_build_object('by', $5::text), now() from moved
     )
     select lane_id, state from moved`,
    [tenantId, recipientId, release.from, release.eventId, release.actor, release.laneId],
  );
  if (rows[0]) return { laneId: rows[0].lane_id, released: rows[0].state };
  const left = await db.query<{ state: RecipientState }>('select state from recipients where tenant_id = $1 and id = $2', [
    tenantId,
    recipientId,
  ]);
  return left.rows[0] ? { state: left.rows[0].state } : null;
}

/** Lane facts of a held recipient, to find it a lane with a route, and what holds it. */
export async function recipientLane(
  db: Queryable | pg.Pool,
  tenantId: string,
  recipientId: string,
): Promise<{ laneId: number; messageId: string; address: string; state: RecipientState; reason: string | null } | null> {
  const { rows } = await db.query<{ laneId: number; messageId: string; address: string; state: RecipientState; reason: string | null }>(
    'select lane_id as "laneId", message_id as "messageId", address, state, reason from recipients where tenant_id = $1 and id = $2',
    [tenantId, recipientId],
  );
  return rows[0] ?? null;
}
