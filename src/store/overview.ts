// This file counts what the first page of the console shows. Every count is bounded by time through the ids; the caller asks seldom enough
// that counting stays a small part of the database's work.
import type { RecipientState, Stream } from '../delivery/states.ts';
import { idFloor, idTimeMs } from '../ids.ts';
import { makeFilters } from './filters.ts';
import { OF_MESSAGE } from './message-rows.ts';
import type { Queryable, Scope } from './scope.ts';

export interface MinuteFlow {
  /** Start of the minute, milliseconds since 1970. */
  readonly minuteMs: number;
  readonly transactional: number;
  readonly bulk: number;
  readonly handedOver: number;
}

const MINUTE_MS = 60_000;
/** Newest delivered recipients whose answer times stand for all. */
const ANSWERS_SAMPLED = 2_000;
/** Rows looked through for them. */
const ANSWERS_SCANNED = 20_000;

/** Recipients taken in and handed over, minute by minute: from the minute of `fromMs` to the one of `toMs`, that has begun. */
export async function readMinuteFlow(db: Queryable, tenantId: Scope, range: { fromMs: number; toMs: number }): Promise<MinuteFlow[]> {
  const start = Math.floor(range.fromMs / MINUTE_MS) * MINUTE_MS;
  const minutes = Array.from({ length: Math.floor((range.toMs - start) / MINUTE_MS) + 1 }, (_, index) => start + index * MINUTE_MS);
  const taken = makeFilters();
  const edges = `unnest(${taken.param(minutes)}::float8[], ${taken.param(minutes.map(idFloor))}::uuid[], ${taken.param(minutes.map((minute) => idFloor(minute + MINUTE_MS)))}::uuid[])`;
  taken.add('m.tenant_id = ?', tenantId);
  const { rows: inRows } = await db.query<{ minute: number; stream: Stream; n: string }>(
    `select e.minute, m.stream, sum(m.recipient_count) as n from ${edges} as e(minute, low, high)
     join messages m on m.id >= e.low and m.id < e.high ${taken.where.replace('where', 'and')} group by 1, 2`,
    taken.values,
  );
  const { rows: outRows } = await db.query<{ minute: Date; n: string }>(...handedOverByMinute(tenantId, start));
  const byMinute = new Map(minutes.map((minuteMs) => [minuteMs, { minuteMs, transactional: 0, bulk: 0, handedOver: 0 }]));
  for (const row of inRows) {
    const entry = byMinute.get(row.minute);
    if (entry) entry[row.stream] = Number(row.n);
  }
  for (const row of outRows) {
    const entry = byMinute.get(row.minute.getTime());
    if (entry) entry.handedOver = Number(row.n);
  }
  return [...byMinute.values()];
}

/**
 * For everybody the newest attempts are read by their ids; for one tenant, the attempts of its messages of that time, because attempts have no index
 * on the tenant (what was taken in earlier and left later is not counted there).
 */
function handedOverByMinute(tenantId: Scope, fromMs: number): [string, unknown[]] {
  const ended = `a.outcome = 'handed_over' and a.ended_at >= to_timestamp($1::float8 / 1000)`;
  const select = `select date_trunc('minute', a.ended_at) as minute, count(*) as n`;
  const floor = idFloor(fromMs - MINUTE_MS);
  if (tenantId === null) return [`${select} from attempts a where a.id >= $2 and ${ended} group by 1`, [fromMs, floor]];
  return [
    `${select} from messages m join attempts a on a.message_id = m.id where m.tenant_id = $3 and m.id >= $2 and ${ended} group by 1`,
    [fromMs, floor, tenantId],
  ];
}

/** Messages since a time, and where their recipients stand. */
export async function countStates(
  db: Queryable,
  tenantId: Scope,
  fromMs: number,
): Promise<{ messages: number; states: Partial<Record<RecipientState, number>>; heldSince: Date | null }> {
  const floor = idFloor(fromMs);
  const messages = makeFilters().add('m.tenant_id = ?', tenantId).add('m.id >= ?', floor);
  const { rows: counted } = await db.query<{ n: string }>(`select count(*) as n from messages m ${messages.where}`, messages.values);
  const { rows } =
    tenantId === null
      ? await db.query<{ state: RecipientState; n: string; since: Date }>(
          'select state, count(*) as n, min(state_at) as since from recipients where id >= $1 group by state',
          [floor],
        )
      : await db.query<{ state: RecipientState; n: string; since: Date }>(
          // A probe per message; a join of both tables would read all recipients of everybody.
          `select r.state, sum(r.n) as n, min(r.since) as since from messages m
           cross join lateral (select state, count(*) as n, min(state_at) as since from recipients r where ${OF_MESSAGE} group by state) r ${messages.where} group by r.state`,
          messages.values,
        );
  const states: Partial<Record<RecipientState, number>> = {};
  for (const row of rows) states[row.state] = Number(row.n);
  const heldSince = rows.find((row) => row.state === 'held')?.since ?? null;
  return { messages: Number(counted[0]?.n ?? 0), states, heldSince };
}

/** How long the recipient that has been due the longest is waiting, in seconds, by stream; null when none is. One probe per lane. */
export async function oldestWaiting(db: Queryable, tenantId: Scope): Promise<Record<Stream, number | null>> {
  const filters = makeFilters().add('l.tenant_id = ?', tenantId);
  const { rows } = await db.query<{ stream: Stream; seconds: number }>(
    `select l.stream, extract(epoch from now() - min(first.due_at))::float8 as seconds
     from lanes l cross join lateral (
       select due_at from recipients where lane_id = l.id and due_at is not null order by due_at limit 1
     ) first
     ${filters.where} ${filters.where === '' ? 'where' : 'and'} first.due_at <= now() group by l.stream`,
    filters.values,
  );
  const of = (stream: Stream) => rows.find((row) => row.stream === stream)?.seconds ?? null;
  return { transactional: of('transactional'), bulk: of('bulk') };
}

/** Seconds from the last hand-over to "delivered", of the newest delivered recipients since a time. */
export async function answerSeconds(
  db: Queryable,
  tenantId: Scope,
  fromMs: number,
): Promise<{ median: number | null; p99: number | null; n: number }> {
  const filters = makeFilters().add('m.tenant_id = ?', tenantId).add('m.id >= ?', idFloor(fromMs));
  const { rows } = await db.query<{ median: number | null; p99: number | null; n: string }>(
    `with newest as (
       select m.id, m.last_recipient_id, m.recipient_count from messages m ${filters.where} order by m.id desc limit ${ANSWERS_SAMPLED}
     ), bounded as (
       select * from (select n.*, sum(recipient_count) over (order by id desc) - recipient_count as before_it from newest n) c
       where before_it < ${ANSWERS_SCANNED}
     ), answered as (
       select extract(epoch from r.state_at - max(a.ended_at))::float8 as seconds
       from bounded m join recipients r on ${OF_MESSAGE} and r.state = 'delivered'
         join attempts a on a.message_id = m.id and a.recipient_id = r.id and a.outcome = 'handed_over'
       group by r.id, r.state_at limit ${ANSWERS_SAMPLED}
     )
     select percentile_cont(0.5) within group (order by greatest(seconds, 0)) as median,
       percentile_cont(0.99) within group (order by greatest(seconds, 0)) as p99, count(*) as n from answered`,
    filters.values,
  );
  return { median: rows[0]?.median ?? null, p99: rows[0]?.p99 ?? null, n: Number(rows[0]?.n ?? 0) };
}

/**
 * Things that wait for a person: dead webhook deliveries, domains whose records broke or are about to, and new DKIM keys that are not seen: those
 * that people publish get three days, those of the delegated zone an hour. Each is counted up to a thousand.
 */
export async function countTroubles(
  db: Queryable,
  tenantId: Scope,
): Promise<{
  deadDeliveries: number;
  deadSince: Date | null;
  brokenDomains: number;
  breakingDomains: number;
  waitingKeys: number;
  revokedKeys: number;
}> {
  const filters = makeFilters().add('tenant_id = ?', tenantId);
  const and = filters.where === '' ? 'where' : `${filters.where} and`;
  const { rows } = await db.query<{
    dead: string;
    oldest: string | null;
    broken: string;
    breaking: string;
    waiting: string;
    revoked: string;
  }>(
    `with dead as (select id from webhook_deliveries ${and} state = 'dead' limit 1000)
     select (select count(*) from dead) as dead, (select id from dead order by id limit 1) as oldest,
       (select count(*) from (select from sending_domains ${and} state = 'broken' limit 1000) b) as broken,
       (select count(*) from (select from sending_domains ${and} state = 'warning' and breaks_at is not null limit 1000) w) as breaking,
       (select count(*) from (select from dkim_keys k ${and} k.state = 'new' and k.trouble is not null
         and k.state_since < now() - case when k.target is null then interval '3 days' else interval '1 hour' end
         and exists (select from dkim_keys a where a.domain_id = k.domain_id and a.algorithm = k.algorithm and a.state = 'active') limit 1000) n) as waiting,
       (select count(*) from (select from dkim_keys k ${and} k.compromised and (k.state_since > now() - interval '3 days'
         or not exists (select from dkim_keys a where a.domain_id = k.domain_id and a.algorithm = 'rsa-sha256' and a.state = 'active')) limit 1000) r) as revoked`,
    filters.values,
  );
  const oldest = rows[0]?.oldest ?? null;
  return {
    deadDeliveries: Number(rows[0]?.dead ?? 0),
    deadSince: oldest === null ? null : new Date(idTimeMs(oldest)),
    brokenDomains: Number(rows[0]?.broken ?? 0),
    breakingDomains: Number(rows[0]?.breaking ?? 0),
    waitingKeys: Number(rows[0]?.waiting ?? 0),
    revokedKeys: Number(rows[0]?.revoked ?? 0),
  };
}
