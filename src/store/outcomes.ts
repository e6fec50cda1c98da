// This file commits what came of hand-overs: the recipient's next state, the attempt, the event, and the provider's id where answers come
// back by webhook. One statement for everybody whose hand-over ended meanwhile. A row is moved only while it is still ours: same lease,
// still `submitting` (or `uncertain` since, when we were thought dead: knowledge beats doubt); the attempt itself is recorded either way, because it happened.
import type pg from 'pg';
import type { RecipientState } from '../delivery/states.ts';
import { plainArray, textArray } from './arrays.ts';
import { type Batcher, makeBatcher } from './batcher.ts';
import { isDataError } from './db.ts';

export interface OutcomeRow {
  readonly tenantId: string;
  readonly recipientId: string;
  readonly messageId: string;
  readonly lease: bigint;
  readonly nextState: RecipientState;
  /** Set when the recipient goes back to waiting; milliseconds since 1970. */
  readonly dueAtMs: number | null;
  /** The lane it waits in from now on; null keeps the one it has. */
  readonly laneId: number | null;
  readonly reason: string | null;
  /** Mark bits to set. */
  readonly marks: number;
  readonly attemptId: string;
  readonly attemptNumber: number;
  readonly routeId: number;
  readonly decisionId: string | null;
  /** Outcome kind of the port (`handed_over`, `refused` …). */
  readonly outcome: string;
  readonly class: string | null;
  readonly reply: string;
  readonly providerMessageId: string | null;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly eventId: string;
  readonly eventType: string;
  /** JSON text. */
  readonly eventData: string | null;
  /** Set where the provider answers by webhook under its own id. */
  readonly accountId: string | null;
  readonly address: string;
  /** Put the address on hold in the same commit; the reason is `class`. */
  readonly suppress: boolean;
}

/** True when the row was still ours and moved. */
export type OutcomeAnswer = boolean;

const TEXT = `with o as materialized (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int8[], $5::recipient_state[], $6::float8[], $7::int[], $8::text[], $9::int2[],
      $10::uuid[], $11::int2[], $12::int[], $13::uuid[], $14::text[], $15::text[], $16::text[], $17::text[], $18::float8[], $19::float8[],
      $20::uuid[], $21::text[], $22::text[], $23::uuid[], $24::text[], $25::bool[])
    as t(tenant_id, recipient_id, message_id, lease, state, due_at, lane_id, reason, marks, attempt_id, number, route_id, decision_id, outcome, class,
      reply, provider_message_id, started_at, ended_at, event_id, event_type, event_data, account_id, address, suppress)
  ), moved as (
    update recipients r
    set state = o.state, due_at = to_timestamp(o.due_at / 1000), lane_id = coalesce(o.lane_id, r.lane_id), reason = o.reason,
      marks = r.marks | o.marks, attempts = case when o.outcome = 'not_sent' then r.attempts else o.number end, route_id = o.route_id,
      decision_id = coalesce(o.decision_id, r.decision_id), state_at = to_timestamp(o.ended_at / 1000)
    from o
    where r.id = o.recipient_id and r.id between $26::uuid and $27::uuid and r.lease = o.lease and r.state in ('submitting', 'uncertain')
    returning r.id
  ), attempt_row as (
    insert into attempts (tenant_id, id, recipient_id, message_id, number, route_id, decision_id, outcome, class, reply, provider_message_id,
      started_at, ended_at)
    select tenant_id, attempt_id, recipient_id, message_id, number, route_id, decision_id, outcome, class, reply, provider_message_id,
      to_timestamp(started_at / 1000), to_timestamp(ended_at / 1000) from o
  ), correlation_row as (
    insert into provider_messages (tenant_id, recipient_id, account_id, provider_message_id, message_id, address)
    select tenant_id, recipient_id, account_id, provider_message_id, message_id, address from o
    where account_id is not null
  ), uncertain_row as (
    insert into uncertain_recipients (tenant_id, recipient_id, message_id, route_id, settle_at)
    select o.tenant_id, o.recipient_id, o.message_id, o.route_id, to_timestamp(o.ended_at / 1000)
    from o join moved on moved.id = o.recipient_id where o.state = 'uncertain'
    on conflict (recipient_id) do nothing
  ), settled_row as (
    delete from uncertain_recipients u using o join moved on moved.id = o.recipient_id
    where u.recipient_id = o.recipient_id and o.state <> 'uncertain'
  ), suppression_row as (
    insert into suppressions (tenant_id, id, address, reason, source, evidence, recipient_id)
    select distinct on (tenant_id, lower(address)) tenant_id, event_id, lower(address), class, 'hand-over', reply, recipient_id from o where suppress
    order by tenant_id, lower(address)
    on conflict (tenant_id, address, stream) do nothing
  ), event_row as (
    insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
    select o.tenant_id, o.event_id, o.recipient_id, o.message_id, o.event_type, o.event_data::jsonb, to_timestamp(o.ended_at / 1000)
    from o join moved on moved.id = o.recipient_id
  )
  select id from moved`;

const OUTCOMES = { name: 'outcomes', text: TEXT };

/** Opens the outcome batcher on the hot pool. */
export function makeOutcomes(hot: pg.Pool): Batcher<OutcomeRow, OutcomeAnswer> {
  return makeBatcher({ run: (items) => runOutcomes(hot, items), dataError: isDataError });
}

async function runOutcomes(hot: pg.Pool, given: readonly OutcomeRow[]): Promise<OutcomeAnswer[]> {
  // Sorted, so that two statements that touch the same rows lock them in the same order.
  const items = given.toSorted((a, b) => (a.recipientId < b.recipientId ? -1 : 1));
  const { rows } = await hot.query<[string]>({ ...OUTCOMES, values: parameters(items), rowMode: 'array' });
  if (rows.length === given.length) return given.map(() => true);
  const moved = new Set(rows.map((row) => row[0]));
  return given.map((item) => moved.has(item.recipientId));
}

function parameters(o: readonly OutcomeRow[]): unknown[] {
  return [
    plainArray(o.map((row) => row.tenantId)),
    plainArray(o.map((row) => row.recipientId)),
    plainArray(o.map((row) => row.messageId)),
    plainArray(o.map((row) => String(row.lease))),
    plainArray(o.map((row) => row.nextState)),
    plainArray(o.map((row) => row.dueAtMs)),
    plainArray(o.map((row) => row.laneId)),
    textArray(o.map((row) => row.reason)),
    plainArray(o.map((row) => row.marks)),
    plainArray(o.map((row) => row.attemptId)),
    plainArray(o.map((row) => row.attemptNumber)),
    plainArray(o.map((row) => row.routeId)),
    plainArray(o.map((row) => row.decisionId)),
    plainArray(o.map((row) => row.outcome)),
    plainArray(o.map((row) => row.class)),
    textArray(o.map((row) => row.reply)),
    textArray(o.map((row) => row.providerMessageId)),
    plainArray(o.map((row) => row.startedMs)),
    plainArray(o.map((row) => row.endedMs)),
    plainArray(o.map((row) => row.eventId)),
    plainArray(o.map((row) => row.eventType)),
    textArray(o.map((row) => row.eventData)),
    plainArray(o.map((row) => row.accountId)),
    textArray(o.map((row) => row.address)),
    plainArray(o.map((row) => (row.suppress ? 't' : 'f'))),
    o[0]?.recipientId ?? null,
    o.at(-1)?.recipientId ?? null,
  ];
}
