// This file stores which messages are held because of whose name they carry, and moves their recipients when that ended. A message stands here while one of its
// recipients is held for a reason of that kind: the consumer of the event log writes it down, whoever moves the last recipient on takes it off.
import type pg from 'pg';
import { type HeldFor, IDENTITY_REASONS, type IdentityReason } from '../delivery/held-because.ts';
import type { RecipientState, Stream } from '../delivery/states.ts';
import { plainArray, textArray } from './arrays.ts';
import { FROM_DOMAIN, OF_MESSAGE } from './message-rows.ts';
import type { Queryable } from './scope.ts';

/** Held messages that ask the router the same, but for what is special about the single one. */
export interface HeldKind {
  readonly tenantId: string;
  /** Lower case. */
  readonly fromAddress: string;
  readonly stream: Stream;
  readonly code: HeldFor;
}

export interface HeldMessage {
  readonly messageId: string;
  /** Null: the message is gone. */
  readonly sizeBytes: number | null;
  readonly recipientCount: number;
  readonly lastRecipientId: string;
  readonly sendAtMs: number | null;
  /** It took no place of the organisation's day at the door, and needs one to go with From written anew. */
  readonly needsPlace: boolean;
}

export interface HeldRecipient {
  readonly id: string;
  readonly messageId: string;
  readonly laneId: number;
  readonly reason: IdentityReason;
  /** An earlier release took a place of the day for it. */
  readonly placed: boolean;
}

/** What becomes of one held recipient. */
export interface HeldMove {
  readonly id: string;
  readonly state: Extract<RecipientState, 'queued' | 'scheduled' | 'expired' | 'held'>;
  /** When it may be claimed; milliseconds since 1970. */
  readonly dueAtMs: number | null;
  /** Null: it keeps its lane. */
  readonly laneId: number | null;
  readonly reason: string | null;
  readonly decisionId: string | null;
  /** Null: nothing is told. */
  readonly event: {
    readonly id: string;
    readonly type: 'released' | 'expired' | 'held';
    readonly data: Readonly<Record<string, unknown>>;
  } | null;
}

const BORN = `coalesce(m.send_at, to_timestamp(('x' || translate(substring(m.id::text from 1 for 13), '-', ''))::bit(48)::int8 / 1000.0))`;
const REASONS = IDENTITY_REASONS.map((reason) => `'${reason}'`).join(', ');
/** A recipient `r` that waits for what this file is about. */
const WAITS = `r.state = 'held' and r.reason in (${REASONS})`;
/** Bit of `messages.flags`: taken in as held. */
const AT_DOOR = 4;

/** Writes down the messages of these recipients, as far as they still wait; what holds them is read from the decision where it says so. */
export async function noteHeld(db: Queryable, recipientIds: readonly string[]): Promise<void> {
  await db.query({
    name: 'note-held',
    text: `insert into held_messages (tenant_id, message_id, stream, from_address, from_domain, code, born_at, held_at)
      select distinct on (m.id) m.tenant_id, m.id, m.stream, lower(m.from_address), ${FROM_DOMAIN},
        case when r.reason in ('sender-not-allowed', 'rewriting-cap') then r.reason
          -- A claim says no-route for everything: the reason is set right when it is asked.
          when r.reason = 'no-route' and d.body ->> 'heldCode' in ('free-mailbox', 'rewriting-not-agreed', 'signed-by-author') then ''
          else coalesce(d.body ->> 'heldCode', '') end,
        ${BORN}, r.state_at
      from unnest($1::uuid[]) as t(id)
        cross join lateral (select * from recipients r where r.id = t.id and ${WAITS} limit 1) r
        cross join lateral (select * from messages m where m.id = r.message_id limit 1) m
        left join route_decisions d on d.id = r.decision_id
      order by m.id
      on conflict (message_id) do update set code = excluded.code, look_at = now()`,
    values: [plainArray(recipientIds)],
  });
}

/** Kinds of held messages behind one, at most `limit`; `active`: the organisation may have mail go out. Jumps from kind to kind over the index. */
export async function heldKinds(
  pool: pg.Pool,
  after: HeldKind | null,
  limit: number,
): Promise<(HeldKind & { readonly active: boolean })[]> {
  const { rows } = await pool.query<HeldKind & { active: boolean }>({
    name: 'held-kinds',
    text: `with recursive kind as (
        (select tenant_id, from_address, stream, code, 1 as n from held_messages
         where (tenant_id, from_address, stream, code) > ($1::uuid, $2::text, $3::stream, $4::text)
         order by tenant_id, from_address, stream, code limit 1)
        union all
        select next.*, kind.n + 1 from kind cross join lateral (
          select h.tenant_id, h.from_address, h.stream, h.code from held_messages h
          where (h.tenant_id, h.from_address, h.stream, h.code) > (kind.tenant_id, kind.from_address, kind.stream, kind.code)
          order by h.tenant_id, h.from_address, h.stream, h.code limit 1
        ) next where kind.n < $5
      )
      select k.tenant_id as "tenantId", k.from_address as "fromAddress", k.stream, k.code, t.state = 'active' as active
      from kind k join tenants t on t.id = k.tenant_id order by k.n`,
    values: [after?.tenantId ?? LOWEST_ID, after?.fromAddress ?? '', after?.stream ?? 'transactional', after?.code ?? '', limit],
  });
  return rows;
}

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

/** The oldest messages of a kind that are due for a look. */
export async function heldOfKind(pool: pg.Pool, kind: HeldKind, limit: number): Promise<HeldMessage[]> {
  const { rows } = await pool.query<HeldMessage>({
    name: 'held-of-kind',
    text: `select h.message_id as "messageId", m.size as "sizeBytes", coalesce(m.recipient_count, 0) as "recipientCount",
        coalesce(m.last_recipient_id, h.message_id) as "lastRecipientId", extract(epoch from m.send_at)::float8 * 1000 as "sendAtMs",
        coalesce(m.credential_id is not null and (m.flags & ${AT_DOOR}) <> 0, false) as "needsPlace"
      from held_messages h left join messages m on m.id = h.message_id
      where h.tenant_id = $1 and h.from_address = $2 and h.stream = $3 and h.code = $4 and h.look_at <= now() order by h.message_id limit $5`,
    values: [kind.tenantId, kind.fromAddress, kind.stream, kind.code, limit],
  });
  return rows;
}

/** Messages of a stream whose lifetime began before a time, oldest first. */
export async function heldTooLong(
  pool: pg.Pool,
  over: { stream: Stream; oldestMs: number; limit: number },
): Promise<(HeldMessage & { code: HeldFor })[]> {
  const { rows } = await pool.query<HeldMessage & { code: HeldFor }>({
    name: 'held-too-long',
    text: `select h.message_id as "messageId", h.code, m.size as "sizeBytes", coalesce(m.recipient_count, 0) as "recipientCount",
        coalesce(m.last_recipient_id, h.message_id) as "lastRecipientId", extract(epoch from m.send_at)::float8 * 1000 as "sendAtMs", false as "needsPlace"
      from held_messages h left join messages m on m.id = h.message_id
      where h.stream = $1 and h.born_at < to_timestamp($2::float8 / 1000) order by h.born_at limit $3`,
    values: [over.stream, over.oldestMs, over.limit],
  });
  return rows;
}

/** The recipients of messages that wait. */
export async function heldRecipients(
  pool: pg.Pool,
  messages: readonly Pick<HeldMessage, 'messageId' | 'lastRecipientId'>[],
): Promise<HeldRecipient[]> {
  const { rows } = await pool.query<HeldRecipient>({
    name: 'held-recipients',
    text: `select r.id, m.id as "messageId", r.lane_id as "laneId", r.reason, exists (
          select from events e where e.message_id = m.id and e.recipient_id = r.id and e.type = 'released' and e.data ->> 'place' is not null
        ) as placed
      from unnest($1::uuid[], $2::uuid[]) as m(id, last_recipient_id)
        cross join lateral (select r.id, r.lane_id, r.reason from recipients r where ${OF_MESSAGE} and ${WAITS}) r
      order by r.id`,
    values: [plainArray(messages.map((each) => each.messageId)), plainArray(messages.map((each) => each.lastRecipientId))],
  });
  return rows;
}

/** Takes these messages until the transaction ends; those that another node has, or that are gone from here, are left out. */
export async function lockHeld(db: Queryable, messageIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>({
    name: 'lock-held',
    text: 'select message_id as id from held_messages where message_id = any ($1::uuid[]) order by message_id for update skip locked',
    values: [plainArray(messageIds)],
  });
  return new Set(rows.map((row) => row.id));
}

/** Moves recipients that still wait, each with its event. Returns the lanes of those that may be claimed. */
export async function moveHeld(
  db: Queryable,
  moves: readonly HeldMove[],
): Promise<{ moved: number; lanes: { laneId: number; dueAtMs: number }[] }> {
  const { rows } = await db.query<{ laneId: number; dueAtMs: number | null }>({
    name: 'move-held',
    text: `with given as materialized (
        select * from unnest($1::uuid[], $2::recipient_state[], $3::float8[], $4::int[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::text[])
          as t(id, state, due_at, lane_id, reason, decision_id, event_id, event_type, event_data)
      ), picked as materialized (
        -- In one order, as whoever cancels a message has it, too.
        select r.id from recipients r join given g on g.id = r.id where ${WAITS} order by r.id for update of r
      ), moved as (
        update recipients r set state = g.state, due_at = to_timestamp(g.due_at / 1000), lane_id = coalesce(g.lane_id, r.lane_id), reason = g.reason,
          decision_id = coalesce(g.decision_id, r.decision_id), state_at = case when g.state = 'held' then r.state_at else now() end
        from given g join picked p on p.id = g.id where r.id = g.id
        returning r.tenant_id, r.id, r.message_id, r.lane_id, r.due_at, g.event_id, g.event_type, g.event_data
      ), told as (
        insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
        select tenant_id, event_id, id, message_id, event_type, event_data::jsonb, now() from moved where event_id is not null
      )
      select lane_id as "laneId", extract(epoch from due_at)::float8 * 1000 as "dueAtMs" from moved`,
    values: [
      plainArray(moves.map((move) => move.id)),
      plainArray(moves.map((move) => move.state)),
      plainArray(moves.map((move) => move.dueAtMs)),
      plainArray(moves.map((move) => move.laneId)),
      textArray(moves.map((move) => move.reason)),
      plainArray(moves.map((move) => move.decisionId)),
      plainArray(moves.map((move) => move.event?.id ?? null)),
      plainArray(moves.map((move) => move.event?.type ?? null)),
      textArray(moves.map((move) => (move.event ? JSON.stringify(move.event.data) : null))),
    ],
  });
  const lanes = new Map<number, number>();
  for (const { laneId, dueAtMs } of rows) if (dueAtMs !== null) lanes.set(laneId, Math.min(dueAtMs, lanes.get(laneId) ?? dueAtMs));
  return { moved: rows.length, lanes: [...lanes].map(([laneId, dueAtMs]) => ({ laneId, dueAtMs })) };
}

/** What these messages, which are locked, wait for now, and when they are to be asked again. */
export async function renameHeld(db: Queryable, renamed: readonly { messageId: string; code: HeldFor; lookAtMs: number }[]): Promise<void> {
  await db.query({
    name: 'rename-held',
    text: `update held_messages h set code = t.code, look_at = to_timestamp(t.look_at / 1000)
      from unnest($1::uuid[], $2::text[], $3::float8[]) as t(id, code, look_at) where h.message_id = t.id`,
    values: [
      plainArray(renamed.map((each) => each.messageId)),
      textArray(renamed.map((each) => each.code)),
      plainArray(renamed.map((each) => each.lookAtMs)),
    ],
  });
}

/** Takes messages off, which are locked, when none of their recipients waits any more; returns how many. One that is held again later is written down again. */
export async function forgetSettled(db: Queryable, messageIds: readonly string[]): Promise<number> {
  const { rowCount } = await db.query({
    name: 'forget-settled',
    text: `delete from held_messages h where h.message_id = any ($1::uuid[]) and not exists (
        select from messages m join recipients r on ${OF_MESSAGE} and ${WAITS} where m.id = h.message_id)`,
    values: [plainArray(messageIds)],
  });
  return rowCount ?? 0;
}
