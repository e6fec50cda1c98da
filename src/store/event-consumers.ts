// This file is the store's half of event consumers: their places in the log, and pages of the log of all tenants with what consumers need to
// know about the recipient, in one statement per page. Rows are ordered by (transaction, id), and only those are read that no running
// transaction can still precede, so a slow commit is never skipped.
import type { RecipientState, Stream } from '../delivery/states.ts';
import { plainArray, textArray } from './arrays.ts';
import type { EventPlace } from './events-read.ts';
import type { Queryable } from './scope.ts';

/** One event of the log and what is known about its recipient at this moment. */
export interface ConsumedEvent {
  readonly tenantId: string;
  readonly id: string;
  readonly recipientId: string;
  readonly messageId: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** When it happened, as the world says; milliseconds since 1970. */
  readonly atMs: number;
  readonly address: string;
  readonly stream: Stream;
  /** The recipient's state now, which may be younger than the event. */
  readonly state: RecipientState;
  /** Lower case, without display name. */
  readonly fromAddress: string;
  readonly fromDomain: string;
  /** Envelope sender as the application gave it; '' is the null sender. */
  readonly mailFrom: string;
  readonly mailboxProvider: string;
  readonly laneId: number;
  /** The route it was handed over by last, or is meant for; null before one is chosen. */
  readonly routeId: number | null;
  readonly accountId: string | null;
  readonly poolId: string | null;
}

/** Where a new consumer begins: with everything that is stored, or with what happens from now on. */
export type ConsumerStart = 'beginning' | 'present';

export interface ConsumerPlace extends EventPlace {
  readonly name: string;
}

export interface LogPage {
  /** Events of the wanted types whose recipient is still stored, in the order of the log. */
  readonly events: ConsumedEvent[];
  /** Rows of the log that were looked at, of any type. */
  readonly seen: number;
  /** The place of the last of them; null when there was none. */
  readonly last: EventPlace | null;
}

/** Behind every place. */
const END: EventPlace = { txid: '18446744073709551615', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** Gives consumers that are new a place to begin at; the others keep theirs. */
export async function enlistConsumers(db: Queryable, consumers: readonly { name: string; start: ConsumerStart }[]): Promise<void> {
  await db.query(
    `insert into event_consumers (name, txid, id)
     select name, case start when 'beginning' then '0'::xid8 else pg_snapshot_xmin(pg_current_snapshot()) end, '00000000-0000-0000-0000-000000000000'
     from unnest($1::text[], $2::text[]) as t(name, start) order by name on conflict (name) do nothing`,
    [textArray(consumers.map((each) => each.name)), textArray(consumers.map((each) => each.start))],
  );
}

/** Takes the places of consumers until the transaction ends; those that another runner has are left out. The one furthest behind comes first. */
export async function lockConsumers(db: Queryable, names: readonly string[]): Promise<ConsumerPlace[]> {
  const { rows } = await db.query<ConsumerPlace>({
    name: 'lock-event-consumers',
    text: `select name, txid::text as txid, id from event_consumers where name = any($1::text[]) order by event_consumers.txid, id, name
      for update skip locked`,
    values: [names],
  });
  return rows;
}

/** Moves consumers to a place; in the transaction that consumed what lies before it. */
export async function moveConsumers(db: Queryable, names: readonly string[], place: EventPlace): Promise<void> {
  await db.query({
    name: 'move-event-consumers',
    text: 'update event_consumers set txid = $2::xid8, id = $3 where name = any($1::text[])',
    values: [names, place.txid, place.id],
  });
}

interface PageRow {
  readonly seen: string;
  readonly last_txid: string | null;
  readonly last_id: string | null;
  readonly id: string | null;
  readonly tenant_id: string;
  readonly recipient_id: string;
  readonly message_id: string;
  readonly type: string;
  readonly data: Record<string, unknown> | null;
  readonly at_ms: number;
  readonly address: string;
  readonly stream: Stream;
  readonly state: RecipientState;
  readonly from_address: string;
  readonly mail_from: string;
  readonly mailbox_provider: string;
  readonly lane_id: number;
  readonly route_id: number | null;
  readonly account_id: string | null;
  readonly pool_id: string | null;
}

/**
 * Details are joined only for the types that are wanted: the log itself is one range of `events_log`; a recipient and its message are one
 * probe each of the one week that can hold them. The laterals keep it so: a plain join would let the planner hash all recipients, and the
 * limit stands in the text because a parameter there means "a tenth of the table" to it.
 */
function pageText(limit: number): string {
  return `with seen as materialized (
    select tenant_id, txid, id, recipient_id, message_id, type, data, at from events
    where (txid, id) > ($1::xid8, $2::uuid) and (txid, id) <= ($3::xid8, $4::uuid) and txid < pg_snapshot_xmin(pg_current_snapshot())
    order by txid, id limit ${limit}
  ), bounds as (
    select count(*) as seen, (select txid from seen order by txid desc, id desc limit 1) as last_txid,
      (select id from seen order by txid desc, id desc limit 1) as last_id from seen
  ), hit as (
    select s.txid, s.id, s.tenant_id, s.recipient_id, s.message_id, s.type, s.data, extract(epoch from s.at)::float8 * 1000 as at_ms,
      r.address, r.stream, r.state, m.from_address, m.mail_from, l.mailbox_provider, r.lane_id, r.route_id, w.account_id, w.pool_id
    from seen s
      cross join lateral (select address, stream, state, lane_id, route_id from recipients where id = s.recipient_id limit 1) r
      cross join lateral (select from_address, mail_from from messages where id = s.message_id limit 1) m
      join lanes l on l.id = r.lane_id left join routes w on w.id = r.route_id
    where s.type = any($5::text[])
  )
  select b.seen, b.last_txid::text as last_txid, b.last_id, h.id, h.tenant_id, h.recipient_id, h.message_id, h.type, h.data, h.at_ms, h.address,
    h.stream, h.state, h.from_address, h.mail_from, h.mailbox_provider, h.lane_id, h.route_id, h.account_id, h.pool_id
  from bounds b left join hit h on true order by h.txid, h.id`;
}

/** The next page of the log behind `after` and not behind `upTo` (null: the end). An event whose recipient was dropped with its week is left out. */
export async function readLogPage(
  db: Queryable,
  page: { after: EventPlace; upTo: EventPlace | null; types: readonly string[]; limit: number },
): Promise<LogPage> {
  const upTo = page.upTo ?? END;
  const { rows } = await db.query<PageRow>({
    name: `event-log-page-${page.limit}`,
    text: pageText(page.limit),
    values: [page.after.txid, page.after.id, upTo.txid, upTo.id, plainArray(page.types)],
  });
  const first = rows[0];
  const last = first?.last_txid && first.last_id ? { txid: first.last_txid, id: first.last_id } : null;
  return { events: rows.flatMap((row) => (row.id === null ? [] : [eventOf(row, row.id)])), seen: Number(first?.seen ?? 0), last };
}

function eventOf(row: PageRow, id: string): ConsumedEvent {
  const fromAddress = row.from_address.toLowerCase();
  return {
    tenantId: row.tenant_id,
    id,
    recipientId: row.recipient_id,
    messageId: row.message_id,
    type: row.type,
    data: row.data ?? {},
    atMs: row.at_ms,
    address: row.address,
    stream: row.stream,
    state: row.state,
    fromAddress,
    fromDomain: fromAddress.slice(fromAddress.lastIndexOf('@') + 1),
    mailFrom: row.mail_from,
    mailboxProvider: row.mailbox_provider,
    laneId: row.lane_id,
    routeId: row.route_id,
    accountId: row.account_id,
    poolId: row.pool_id,
  };
}
