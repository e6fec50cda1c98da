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
  /**
   * What counts against the address, as JSON (feedback/marks.ts), to be counted after the commit; null for every success. Its field `hold`
   * puts the address on hold in this commit.
   */
  readonly strike: string | null;
  /** It was offered before, and the answer got lost: its commit may have happened. */
  readonly again?: true;
}

/** True when the row was still ours and moved. */
export type OutcomeAnswer = boolean;

/** Knows every case: strikes and holds, providers that answer by webhook, doubts that begin or end. */
const ANY_CASE = `with o as materialized (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int8[], $5::recipient_state[], $6::float8[], $7::int[], $8::text[], $9::int2[],
      $10::uuid[], $11::int2[], $12::int[], $13::uuid[], $14::text[], $15::text[], $16::text[], $17::text[], $18::float8[], $19::float8[],
      $20::uuid[], $21::text[], $22::text[], $23::uuid[], $24::text[], $25::text[])
    as t(tenant_id, recipient_id, message_id, lease, state, due_at, lane_id, reason, marks, attempt_id, number, route_id, decision_id, outcome, class,
      reply, provider_message_id, started_at, ended_at, event_id, event_type, event_data, account_id, address, strike)
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
  ), struck as materialized (
    select tenant_id, event_id, lower(address) as address, recipient_id, strike::jsonb as mark, strike::jsonb -> 'hold' as hold
    from o where strike is not null
  ), strike_row as (
    insert into strike_queue (id, tenant_id, address, mark) select event_id, tenant_id, address, mark - 'hold' from struck
    on conflict (id) do nothing
  ), hold_row as (
    insert into suppressions as s (tenant_id, id, address, stream, reason, source, evidence, recipient_id, expires_at, by_answers)
    select distinct on (tenant_id, address, hold ->> 'stream') tenant_id, (hold ->> 'id')::uuid, address, hold ->> 'stream', mark ->> 'class',
      mark ->> 'source', mark ->> 'evidence', recipient_id, to_timestamp((hold ->> 'until')::float8 / 1000), true
    from struck where hold is not null order by tenant_id, address, hold ->> 'stream'
    on conflict (tenant_id, address, stream) do update
      set id = excluded.id, reason = excluded.reason, source = excluded.source, evidence = excluded.evidence, recipient_id = excluded.recipient_id,
        created_at = now(), expires_at = excluded.expires_at, holds = s.holds + 1, by_answers = true
      -- Its length is set right when the strike is counted.
      where s.expires_at <= now()
    returning s.*
  ), hold_event_row as (
    insert into events (tenant_id, id, type, data, at)
    select h.tenant_id, (k.hold ->> 'event')::uuid, 'hold.created', jsonb_build_object('hold_id', h.id, 'address', h.address,
      'stream', nullif(h.stream, ''), 'class', h.reason, 'source', h.source, 'evidence', h.evidence, 'recipient_id', h.recipient_id,
      'expires_at', to_char(h.expires_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'by', 'answers'), now()
    from hold_row h join struck k on (k.hold ->> 'id')::uuid = h.id
  ), event_row as (
    insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
    select o.tenant_id, o.event_id, o.recipient_id, o.message_id, o.event_type, o.event_data::jsonb, to_timestamp(o.ended_at / 1000)
    from o join moved on moved.id = o.recipient_id
  )
  select id from moved`;

/**
 * The common case alone: our own row, still `submitting`, nothing to count against anybody. It costs half of the other, whose many steps each
 * have to be opened even where they find nothing to do; that counts, because a busy desk commits some ten rows at a time.
 */
const PLAIN = `with moved as (
    update recipients r
    set state = o.state, due_at = to_timestamp(o.due_at / 1000), lane_id = coalesce(o.lane_id, r.lane_id), reason = o.reason,
      marks = r.marks | o.marks, attempts = case when o.outcome = 'not_sent' then r.attempts else o.number end, route_id = o.route_id,
      decision_id = coalesce(o.decision_id, r.decision_id), state_at = to_timestamp(o.ended_at / 1000)
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int8[], $5::recipient_state[], $6::float8[], $7::int[], $8::text[], $9::int2[], $10::uuid[],
      $11::int2[], $12::int[], $13::uuid[], $14::text[], $15::text[], $16::text[], $17::text[], $18::float8[], $19::float8[], $20::uuid[],
      $21::text[], $22::text[])
    as o(tenant_id, recipient_id, message_id, lease, state, due_at, lane_id, reason, marks, attempt_id, number, route_id, decision_id, outcome, class,
      reply, provider_message_id, started_at, ended_at, event_id, event_type, event_data)
    where r.id = o.recipient_id and r.id between $23::uuid and $24::uuid and r.lease = o.lease and r.state = 'submitting'
    returning o.*
  ), attempt_row as (
    insert into attempts (tenant_id, id, recipient_id, message_id, number, route_id, decision_id, outcome, class, reply, provider_message_id,
      started_at, ended_at)
    select tenant_id, attempt_id, recipient_id, message_id, number, route_id, decision_id, outcome, class, reply, provider_message_id,
      to_timestamp(started_at / 1000), to_timestamp(ended_at / 1000) from moved
  ), event_row as (
    insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
    select tenant_id, event_id, recipient_id, message_id, event_type, event_data::jsonb, to_timestamp(ended_at / 1000) from moved
  )
  select recipient_id from moved`;

/**
 * Outcomes gather this long: the places on the wire are free again meanwhile, and whoever asks sees them this much later. At 700 messages/s a statement
 * takes seven of them instead of one or two, and the commits of the doors find the log free.
 */
const REST_MS = 10;

const OUTCOMES = { name: 'outcomes', text: ANY_CASE };
const OUTCOMES_PLAIN = { name: 'outcomes-plain', text: PLAIN };

const NOBODY: ReadonlySet<string> = new Set();

function isPlain(row: OutcomeRow): boolean {
  return row.strike === null && row.accountId === null && row.nextState !== 'uncertain';
}

/** Opens the outcome batcher on the hot pool. */
export function makeOutcomes(hot: pg.Pool): Batcher<OutcomeRow, OutcomeAnswer> {
  return makeBatcher({ run: (items) => runOutcomes(hot, items), dataError: isDataError, restMs: REST_MS });
}

async function runOutcomes(hot: pg.Pool, given: readonly OutcomeRow[]): Promise<OutcomeAnswer[]> {
  const stored = await storedBefore(hot, given);
  const fresh = stored.size === 0 ? given : given.filter((row) => !stored.has(row.attemptId));
  const moved = new Set<string>();
  let rest = fresh;
  if (fresh.every(isPlain)) {
    await move(hot, { plain: true, given: fresh, moved });
    if (moved.size === given.length) return given.map(() => true);
    rest = fresh.filter((row) => !moved.has(row.recipientId));
  }
  if (rest.length > 0) await move(hot, { plain: false, given: rest, moved });
  return given.map((row) => stored.has(row.attemptId) || moved.has(row.recipientId));
}

/**
 * Attempts that a commit stored whose answer was lost. Its recipient may be on the wire again by now, under the same lease: what is known by now
 * must not be taken for the outcome of that.
 */
async function storedBefore(hot: pg.Pool, given: readonly OutcomeRow[]): Promise<ReadonlySet<string>> {
  const again = given.filter((row) => row.again);
  if (again.length === 0) return NOBODY;
  const { rows } = await hot.query<{ id: string }>(
    'select id from attempts where message_id = any ($1::uuid[]) and id = any ($2::uuid[])',
    [plainArray(again.map((row) => row.messageId)), plainArray(again.map((row) => row.attemptId))],
  );
  return new Set(rows.map((row) => row.id));
}

/** Runs one of the statements and adds the recipients it moved. */
async function move(hot: pg.Pool, job: { plain: boolean; given: readonly OutcomeRow[]; moved: Set<string> }): Promise<void> {
  // Sorted, so that two statements that touch the same rows lock them in the same order.
  const items = job.given.toSorted((a, b) => (a.recipientId < b.recipientId ? -1 : 1));
  const values = [
    ...parameters(items),
    ...(job.plain ? [] : answerParameters(items)),
    items[0]?.recipientId ?? null,
    items.at(-1)?.recipientId ?? null,
  ];
  const { rows } = job.plain
    ? await hot.query<[string]>({ ...OUTCOMES_PLAIN, values, rowMode: 'array' })
    : await hot.query<[string]>({ ...OUTCOMES, values, rowMode: 'array' });
  for (const [id] of rows) job.moved.add(id);
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
  ];
}

/** What only ANY_CASE asks. */
function answerParameters(o: readonly OutcomeRow[]): unknown[] {
  return [plainArray(o.map((row) => row.accountId)), textArray(o.map((row) => row.address)), textArray(o.map((row) => row.strike))];
}
