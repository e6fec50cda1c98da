// This file takes ready recipients out of a lane and puts them on the wire: suppression is decided in the same statement that writes
// `submitting`, so nothing reaches a provider that was on hold a moment before.
import type pg from 'pg';
import type { Stream } from '../delivery/states.ts';
import type { Fault, FeedbackClass } from '../feedback/vocabulary.ts';

export interface ClaimedRecipient {
  readonly tenantId: string;
  readonly id: string;
  readonly messageId: string;
  readonly address: string;
  readonly stream: Stream;
  readonly laneId: number;
  readonly attempts: number;
  readonly marks: number;
  readonly lease: bigint;
  /** Class of the last answer, or our code of why it waited. */
  readonly reason: string | null;
}

export interface ClaimAnswer {
  readonly taken: readonly ClaimedRecipient[];
  /** Rows found ready, the suppressed and expired ones among them: fewer than the limit means the lane is empty for now. */
  readonly found: number;
}

/**
 * One lane, `limit` rows, oldest due first. With one million rows waiting in other lanes this reads only its own index range
 * (measured 0.4 ms; ordered by due time over all lanes 176 ms).
 */
const CLAIM = {
  name: 'claim',
  text: `with picked as materialized (
    select id, address, tenant_id, stream from recipients
    where lane_id = $1 and due_at is not null and due_at <= now()
    order by due_at limit $2 for update skip locked
  ), judged as (
    select p.id, (
      select s.reason from suppressions s
      where s.tenant_id = p.tenant_id and s.address = lower(p.address) and s.stream in ('', p.stream::text) and (s.expires_at is null or s.expires_at > now())
      limit 1
    ) as on_hold
    from picked p
  ), moved as (
    update recipients r
    set state = (case when j.on_hold is not null then 'suppressed' else 'submitting' end)::recipient_state,
      due_at = null, lease = $3, state_at = now(), reason = coalesce(j.on_hold, r.reason),
      route_id = case when j.on_hold is null then $5 else r.route_id end
    from judged j where r.id = j.id
    returning r.tenant_id, r.id, r.message_id, r.address, r.stream, r.attempts, r.state, r.reason, r.marks
  ), event_row as (
    insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
    select tenant_id, event_id, id, message_id, state::text, jsonb_build_object('class', reason), now()
    from (select *, ($4::uuid[])[row_number() over ()] as event_id from moved where state <> 'submitting') ended
  )
  select tenant_id, id, message_id, address, stream, attempts, marks, state, reason from moved`,
};

/**
 * Claims up to `limit` ready rows of one lane under `lease`, for a hand-over by a route: should the node die, that is where the doubt is about.
 * `eventIds` are ids for the events of rows that end here, at least `limit` of them.
 */
export async function claimLane(
  hot: pg.Pool,
  claim: { laneId: number; limit: number; lease: bigint; routeId: number; eventIds: readonly string[] },
): Promise<ClaimAnswer> {
  const values = [claim.laneId, claim.limit, String(claim.lease), claim.eventIds, claim.routeId];
  const { rows } = await hot.query<[string, string, string, string, Stream, number, number, string, string | null]>({
    ...CLAIM,
    values,
    rowMode: 'array',
  });
  const taken = rows
    .filter((row) => row[7] === 'submitting')
    .map(([tenantId, id, messageId, address, stream, attempts, marks, , reason]) => ({
      tenantId,
      id,
      messageId,
      address,
      stream,
      laneId: claim.laneId,
      attempts,
      marks,
      lease: claim.lease,
      reason,
    }));
  return { taken, found: rows.length };
}

/**
 * Lanes that have something ready or soon to be, and when their first row is due. Jumps from lane to lane over the partial index, so its cost
 * grows with the lanes that wait, not with the rows.
 */
export async function readyLanes(hot: pg.Pool): Promise<{ laneId: number; dueAtMs: number }[]> {
  const { rows } = await hot.query<[number, number]>({
    name: 'ready-lanes',
    text: `with recursive lane(id) as (
        (select lane_id from recipients where due_at is not null order by lane_id limit 1)
        union all
        select (select lane_id from recipients where due_at is not null and lane_id > lane.id order by lane_id limit 1) from lane where lane.id is not null
      )
      select id, extract(epoch from (select due_at from recipients where lane_id = lane.id and due_at is not null order by due_at limit 1))::float8 * 1000
      from lane where id is not null`,
    rowMode: 'array',
  });
  return rows.map(([laneId, dueAtMs]) => ({ laneId, dueAtMs }));
}

/** Gives rows back that were claimed but never reached the wire: shutdown, a closed gate, a lane that is not theirs. */
export async function returnClaims(
  hot: pg.Pool,
  claims: readonly { id: string; lease: bigint; laneId?: number; dueAtMs?: number }[],
): Promise<void> {
  if (claims.length === 0) return;
  await hot.query({
    name: 'return-claims',
    text: `update recipients r set state = case when r.attempts > 0 then 'deferred' else 'queued' end::recipient_state, state_at = now(),
        due_at = coalesce(to_timestamp(c.due_at / 1000), now()), lane_id = coalesce(c.lane_id, r.lane_id)
      from unnest($1::uuid[], $2::int8[], $3::int[], $4::float8[]) as c(id, lease, lane_id, due_at)
      where r.id = c.id and r.lease = c.lease and r.state = 'submitting'`,
    values: [
      claims.map((claim) => claim.id),
      claims.map((claim) => String(claim.lease)),
      claims.map((claim) => claim.laneId ?? null),
      claims.map((claim) => claim.dueAtMs ?? null),
    ],
  });
}

/** Ends claimed rows without a hand-over: their lifetime is over (`expired`) or no way is left (`held`, `failed`). */
export async function endClaims(
  hot: pg.Pool,
  ends: readonly {
    id: string;
    lease: bigint;
    state: 'expired' | 'held' | 'failed';
    reason: string;
    /** Class of the last answer, where one is to be named, and whose turn it is: statistics leave out what is ours. */
    class?: FeedbackClass | null;
    fault?: Fault | null;
    decisionId: string | null;
    eventId: string;
  }[],
): Promise<void> {
  if (ends.length === 0) return;
  await hot.query({
    name: 'end-claims',
    text: `with moved as (
        update recipients r set state = c.state, reason = c.reason, decision_id = coalesce(c.decision_id, r.decision_id), state_at = now()
        from unnest($1::uuid[], $2::int8[], $3::recipient_state[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[])
          as c(id, lease, state, reason, decision_id, event_id, class, fault)
        where r.id = c.id and r.lease = c.lease and r.state = 'submitting'
        returning r.tenant_id, r.id, r.message_id, r.state, r.reason, c.event_id, c.class, c.fault
      )
      insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
      select tenant_id, event_id, id, message_id, state::text,
        jsonb_strip_nulls(jsonb_build_object('reason', reason, 'class', class, 'fault', fault)), now() from moved`,
    values: [
      ends.map((end) => end.id),
      ends.map((end) => String(end.lease)),
      ends.map((end) => end.state),
      ends.map((end) => end.reason),
      ends.map((end) => end.decisionId),
      ends.map((end) => end.eventId),
      ends.map((end) => end.class ?? null),
      ends.map((end) => end.fault ?? null),
    ],
  });
}
