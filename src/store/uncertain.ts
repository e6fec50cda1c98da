// This file settles uncertain hand-overs: which are due for their next step, and what became of them.
import type pg from 'pg';
import { MARKS, type RecipientState, type Stream } from '../delivery/states.ts';

export interface UncertainRecipient {
  readonly tenantId: string;
  readonly recipientId: string;
  readonly messageId: string;
  readonly address: string;
  readonly routeId: number | null;
  readonly stream: Stream;
  readonly marks: number;
  readonly laneId: number;
  readonly sinceMs: number;
  /** True once the provider was asked. */
  readonly asked: boolean;
  /** The tenant's own choice; null: the platform's. */
  readonly policy: 'resend' | 'hold' | null;
}

/** How long a node has to work on what it took; then the rows are due again. Seconds. */
const TAKEN_S = 60;

/** Takes up to `limit` due rows; others do not see them for a minute. */
export async function takeUncertain(pool: pg.Pool, limit: number): Promise<UncertainRecipient[]> {
  const { rows } = await pool.query<UncertainRecipient>(
    `with due as (
       select recipient_id from uncertain_recipients where settle_at <= now() order by settle_at limit $1 for update skip locked
     ), taken as (
       update uncertain_recipients u set settle_at = now() + $2 * interval '1 second' from due where u.recipient_id = due.recipient_id returning u.*
     )
     select u.tenant_id as "tenantId", u.recipient_id as "recipientId", u.message_id as "messageId", r.address, u.route_id as "routeId", r.stream,
       r.marks, r.lane_id as "laneId", extract(epoch from u.since)::float8 * 1000 as "sinceMs", u.asked > 0 as asked, t.uncertain_policy as policy
     from taken u join recipients r on r.id = u.recipient_id join tenants t on t.id = u.tenant_id`,
    [limit, TAKEN_S],
  );
  return rows;
}

/** Notes that the provider could not tell; the policy decides at `settleAtMs`. */
export async function postponeUncertain(pool: pg.Pool, recipientId: string, settleAtMs: number): Promise<void> {
  await pool.query('update uncertain_recipients set asked = 1, settle_at = to_timestamp($2::float8 / 1000) where recipient_id = $1', [
    recipientId,
    settleAtMs,
  ]);
}

/**
 * Ends the doubt about one recipient: `queued` puts it back into its lane (as a counted resend when `resend`), the others are final for now.
 * False: it was settled meanwhile by an event.
 */
export async function settleUncertain(
  pool: pg.Pool,
  settled: {
    recipientId: string;
    state: Extract<RecipientState, 'handed_over' | 'queued' | 'held'>;
    reason: string | null;
    resend: boolean;
    eventId: string;
  },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with gone as (delete from uncertain_recipients where recipient_id = $1),
     moved as (
       update recipients set state = $2::recipient_state, reason = $3, marks = marks | $4, state_at = now(), due_at = case when $2 = 'queued' then now() end
       where id = $1 and state = 'uncertain' returning tenant_id, id, message_id, state
     )
     insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
     select tenant_id, $5, id, message_id, case when $4 > 0 then 'resent' else state::text end, jsonb_build_object('reason', $3::text), now() from moved`,
    [settled.recipientId, settled.state, settled.reason, settled.resend ? MARKS.resent : 0, settled.eventId],
  );
  return rowCount === 1;
}
