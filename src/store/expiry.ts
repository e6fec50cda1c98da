// This file ends what is past its time: recipients whose lane never opened, idempotency keys, event keys, holds that ended long ago.
import type pg from 'pg';
import type { Stream } from '../delivery/states.ts';
import { CLASS_FAULT } from '../feedback/vocabulary.ts';

/** Rows ended in one statement. */
const BATCH = 1_000;

/**
 * Expires recipients of a stream that still wait although their lifetime is over: their lane was blocked all the time, so no claim ever saw
 * them. A scheduled message lives from its send_at. Returns how many.
 */
export async function expireWaiting(
  pool: pg.Pool,
  over: { stream: Stream; oldestMs: number; oldestId: string; eventIds: (count: number) => string[] },
): Promise<number> {
  let ended = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `with late as (
         select r.id, r.reason from lanes l
         cross join lateral (
           select r.id, r.message_id, r.reason from recipients r
           where r.lane_id = l.id and r.due_at is not null and r.due_at <= now() and r.id < $2 order by r.due_at limit $4 for update skip locked
         ) r
         join messages m on m.id = r.message_id
         where l.stream = $1 and coalesce(m.send_at, to_timestamp(0)) < to_timestamp($3 / 1000.0) limit $4
       ), moved as (
         update recipients r set state = 'expired', due_at = null, reason = 'expired', state_at = now() from late where r.id = late.id
         returning r.tenant_id, r.id, r.message_id, late.reason as was
       )
       insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
       select tenant_id, ($5::uuid[])[row_number() over ()], id, message_id, 'expired',
         -- Who never got an answer waited for us.
         jsonb_strip_nulls(jsonb_build_object('reason', 'expired', 'class', coalesce(c.class, 'operator'), 'fault', case when c.class is null then 'operator' else c.fault end)),
         now()
       from moved left join unnest($6::text[], $7::text[]) as c(class, fault) on c.class = moved.was`,
      [over.stream, over.oldestId, over.oldestMs, BATCH, over.eventIds(BATCH), Object.keys(CLASS_FAULT), Object.values(CLASS_FAULT)],
    );
    ended += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return ended;
  }
}

/** Keys removed in one statement: some tenths of a second, whatever has gathered while nobody kept house. */
const KEYS = 20_000;

/** Forgets idempotency keys and provider event keys that are past their day. */
export async function expireIdempotencyKeys(pool: pg.Pool): Promise<void> {
  for (let full = true; full; ) {
    const { rowCount } = await pool.query(
      `delete from idempotency_keys where (tenant_id, key) in (select tenant_id, key from idempotency_keys where expires_at < now() limit $1)`,
      [KEYS],
    );
    full = rowCount === KEYS;
  }
  for (let full = true; full; ) {
    const { rowCount } = await pool.query(
      `delete from provider_event_keys where (account_id, key) in (select account_id, key from provider_event_keys where expires_at < now() limit $1)`,
      [KEYS],
    );
    full = rowCount === KEYS;
  }
}

/**
 * Forgets holds that ended so many days ago, at most `limit`. Holds grow by the marks of the address (address_strikes); one that answers made and that has
 * no marks beside it is the only memory of them, and stays until `rememberDays` after its end. Returns how many went.
 */
export async function purgeEndedHolds(pool: pg.Pool, after: { days: number; rememberDays: number; limit: number }): Promise<number> {
  // There is no index on the end: a hold in a hundred ends in a month, and one walk through a million rows a day costs a fifth of a second.
  const { rowCount } = await pool.query(
    `delete from suppressions where (tenant_id, address, stream) in (
       select tenant_id, address, stream from suppressions s
       where s.expires_at < now() - make_interval(days => $1)
         and (not s.by_answers or s.expires_at < now() - make_interval(days => $2)
           or exists (select from address_strikes a where a.tenant_id = s.tenant_id and a.address = s.address and a.version > 0))
       limit $3)`,
    [after.days, after.rememberDays, after.limit],
  );
  return rowCount ?? 0;
}
