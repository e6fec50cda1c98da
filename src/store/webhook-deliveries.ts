// This file is the queue of events on their way to tenants' endpoints: events become deliveries, nodes take due ones endpoint by endpoint,
// and write down what came of them. Endpoints themselves are managed in webhook-endpoints.ts.
import type pg from 'pg';
import { eventDataForTenant } from '../delivery/tenant-view.ts';
import { type IdMint, idFloor } from '../ids.ts';
import { plainArray, textArray } from './arrays.ts';
import { recordAudit } from './audit.ts';
import { type Batcher, makeBatcher } from './batcher.ts';
import { isDataError } from './db.ts';
import { type EventPlace, readEvents } from './events-read.ts';
import { withoutPlatformNames } from './hidden-names.ts';
import { withOwner } from './scope.ts';

/** An endpoint for which events wait. */
export interface EndpointWithNews {
  readonly tenantId: string;
  readonly id: string;
}

/** A delivery that this node is trying now. */
export interface ClaimedDelivery {
  readonly tenantId: string;
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly url: string;
  /** Sealed for the purpose `webhook-secret` and the endpoint's id. */
  readonly secret: Buffer;
  /** JSON text, the same bytes at every try. */
  readonly body: string;
  /** This try among them; from 1. */
  readonly tries: number;
}

export interface DeliveryResult {
  readonly id: string;
  /** As it was claimed: a row that somebody else took since, or that was revived, is left alone. */
  readonly tries: number;
  /** `returned`: nothing came of the try and it does not count (shutdown). */
  readonly end: 'delivered' | 'later' | 'dead' | 'returned';
  /** Until the next try, milliseconds; only for `later` and `returned`. */
  readonly waitMs: number;
  readonly status: number | null;
  readonly error: string | null;
}

/** A node that dies gives its deliveries back after this. Longer than the longest request (15 s) and the grace of a shutdown. Seconds. */
const TAKEN_S = 60;
/** Characters of `last_error`; a receiver's own words are cut before they come here. */
const ERROR_CHARS_MAX = 500;
/** Rows removed in one statement. */
const PURGE_ROWS = 5_000;

/** What was committed by now, as text: when it is the same twice, nothing was committed in between. */
export async function committedSoFar(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ seen: string }>('select pg_current_snapshot()::text as seen');
  return rows[0]?.seen ?? '';
}

/**
 * Active endpoints with events behind their cursor, by id. Those with `waitingMax` deliveries under way already are left out: their events
 * wait where they are. The lateral with order and limit keeps it at one index descent per endpoint and week of events; a plain `exists` would
 * let the planner hash all events.
 */
export async function endpointsWithNews(
  pool: pg.Pool,
  page: { after: string | null; limit: number; waitingMax: number },
): Promise<EndpointWithNews[]> {
  const { rows } = await pool.query<EndpointWithNews>({
    name: 'endpoints-with-news',
    text: `select e.tenant_id as "tenantId", e.id
      from webhook_endpoints e cross join lateral (
        select v.id from events v
        where v.tenant_id = e.tenant_id and (v.txid, v.id) > (e.cursor_txid, e.cursor_id) and v.txid < pg_snapshot_xmin(pg_current_snapshot())
        order by v.txid, v.id limit 1
      ) news cross join lateral (
        select count(*) as deliveries from (
          select from webhook_deliveries d where d.endpoint_id = e.id and d.state = 'due' limit $3
        ) waiting
      ) under_way
      where e.state = 'active' and ($1::uuid is null or e.id > $1) and under_way.deliveries < $3
      order by e.id limit $2`,
    values: [page.after, page.limit, page.waitingMax],
  });
  return rows;
}

interface LockedEndpoint {
  readonly types: string[];
  readonly txid: string;
  readonly event_id: string;
}

/**
 * Turns the next events of one endpoint into deliveries and moves its cursor in the same transaction. `end`: what there was to read when it was
 * read is done, or another node is doing it right now.
 */
export async function fanOutPage(
  pool: pg.Pool,
  tenantId: string,
  page: { endpointId: string; limit: number; ids: IdMint },
): Promise<{ made: number; end: boolean }> {
  return withOwner(pool, async (db) => {
    const { rows } = await db.query<LockedEndpoint>({
      name: 'fan-out-lock',
      text: `select types, cursor_txid::text as txid, cursor_id as event_id from webhook_endpoints
        where tenant_id = $1 and id = $2 and state = 'active' for update skip locked`,
      values: [tenantId, page.endpointId],
    });
    const endpoint = rows[0];
    if (!endpoint) return { made: 0, end: true };
    const after: EventPlace = { txid: endpoint.txid, id: endpoint.event_id };
    const types = endpoint.types.length > 0 ? endpoint.types : null;
    const { events: read, next, end } = await readEvents(db, tenantId, { after, types, limit: page.limit });
    if (next.txid === after.txid && next.id === after.id) return { made: 0, end: true };
    const events = await withoutPlatformNames({ pool, db }, tenantId, read);
    await db.query({
      name: 'fan-out',
      // The transaction id is read again from the range of the page: events are shaped for readers, who do not see it.
      text: `with given as materialized (
          select * from unnest($3::uuid[], $4::uuid[], $5::jsonb[]) as t(id, event_id, payload)
        ), seen as materialized (
          select txid, id from events where tenant_id = $1 and (txid, id) > ($6::xid8, $7::uuid) and (txid, id) <= ($8::xid8, $9::uuid)
        ), moved as (
          update webhook_endpoints set cursor_txid = $8, cursor_id = $9 where tenant_id = $1 and id = $2
        )
        insert into webhook_deliveries (tenant_id, id, endpoint_id, event_txid, event_id, payload)
        select $1, g.id, $2, coalesce(seen.txid, $8), g.event_id, g.payload from given g left join seen on seen.id = g.event_id`,
      values: [
        tenantId,
        page.endpointId,
        plainArray(events.map(() => page.ids.next())),
        plainArray(events.map((event) => event.id)),
        textArray(events.map((event) => JSON.stringify({ ...event, data: eventDataForTenant(event.data) }))),
        after.txid,
        after.id,
        next.txid,
        next.id,
      ],
    });
    return { made: events.length, end };
  });
}

export interface ClaimShares {
  /** Endpoints up to this id had their turn; null begins anew. */
  readonly after: string | null;
  readonly limit: number;
  /** Deliveries for an endpoint that is not named in `shares`. */
  readonly share: number;
  /** 0 leaves an endpoint out. */
  readonly shares: readonly { readonly endpointId: string; readonly share: number }[];
}

/**
 * Takes due deliveries of active endpoints, at most its share for each, oldest due first. Endpoints are walked by id from `after` on; the
 * inner order keeps the walk lazy, so rows beyond `limit` are neither read nor locked.
 */
export async function claimDeliveries(pool: pg.Pool, want: ClaimShares): Promise<ClaimedDelivery[]> {
  const { rows } = await pool.query<ClaimedDelivery>({
    name: 'claim-webhook-deliveries',
    text: `with picked as materialized (
        select d.id, e.url, e.secret
        from (
          select e.id, e.url, e.secret, coalesce(s.share, $3) as share
          from webhook_endpoints e left join unnest($4::uuid[], $5::int[]) as s(id, share) on s.id = e.id
          where e.state = 'active' and ($1::uuid is null or e.id > $1) and coalesce(s.share, $3) > 0
          order by e.id
        ) e cross join lateral (
          select id from webhook_deliveries
          where endpoint_id = e.id and state = 'due' and due_at <= now()
          order by due_at limit e.share for update skip locked
        ) d
        limit $2
      )
      update webhook_deliveries d set tries = d.tries + 1, due_at = now() + ${TAKEN_S} * interval '1 second'
      from picked p where d.id = p.id
      returning d.tenant_id as "tenantId", d.id, d.endpoint_id as "endpointId", d.event_id as "eventId", p.url, p.secret,
        d.payload::text as body, d.tries`,
    values: [
      want.after,
      want.limit,
      want.share,
      plainArray(want.shares.map((each) => each.endpointId)),
      plainArray(want.shares.map((each) => each.share)),
    ],
  });
  return rows;
}

const RESULTS = {
  name: 'webhook-delivery-results',
  text: `with given as materialized (
      select * from unnest($1::uuid[], $2::int2[], $3::text[], $4::float8[], $5::int[], $6::text[]) as t(id, tries, ending, wait_ms, status, error)
    ), gone as (
      delete from webhook_deliveries d using given g where d.id = g.id and g.ending = 'delivered'
    )
    update webhook_deliveries d
    set state = case g.ending when 'dead' then 'dead' else 'due' end,
      tries = d.tries - case g.ending when 'returned' then 1 else 0 end,
      due_at = now() + g.wait_ms * interval '1 millisecond',
      last_status = case g.ending when 'returned' then d.last_status else g.status end,
      last_error = coalesce(g.error, d.last_error)
    from given g
    where d.id = g.id and g.ending <> 'delivered' and d.state = 'due' and d.tries = g.tries`,
};

/** Opens the batcher that writes down what came of tries: a delivered row leaves, the others wait or become dead letters. */
export function makeDeliveryResults(pool: pg.Pool): Batcher<DeliveryResult, undefined> {
  return makeBatcher({
    dataError: isDataError,
    run: async (results) => {
      await pool.query({
        ...RESULTS,
        values: [
          plainArray(results.map((each) => each.id)),
          plainArray(results.map((each) => each.tries)),
          plainArray(results.map((each) => each.end)),
          plainArray(results.map((each) => each.waitMs)),
          plainArray(results.map((each) => each.status)),
          textArray(results.map((each) => each.error?.slice(0, ERROR_CHARS_MAX) ?? null)),
        ],
      });
      return results.map(() => undefined);
    },
  });
}

/** Pauses an endpoint that says it is gone, unless somebody gave it another address meanwhile. True when it was paused by this call. */
export async function pauseGoneEndpoint(
  pool: pg.Pool,
  tenantId: string,
  gone: { endpointId: string; url: string; ids: IdMint },
): Promise<boolean> {
  return withOwner(pool, async (db) => {
    const { rowCount } = await db.query(
      `update webhook_endpoints set state = 'paused' where tenant_id = $1 and id = $2 and state = 'active' and url = $3`,
      [tenantId, gone.endpointId, gone.url],
    );
    if (rowCount !== 1) return false;
    const detail = { url: gone.url, reason: 'The endpoint answered 410 Gone.' };
    await recordAudit(db, gone.ids, { actor: 'desk', tenantId, action: 'webhook-endpoint.pause', subject: gone.endpointId, detail });
    return true;
  });
}

/** Removes deliveries that were made before a time, whatever their state: the events behind them are gone too. Returns how many. */
export async function dropOldDeliveries(pool: pg.Pool, beforeMs: number): Promise<number> {
  let dropped = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      'delete from webhook_deliveries where id in (select id from webhook_deliveries where id < $1 order by id limit $2)',
      [idFloor(beforeMs), PURGE_ROWS],
    );
    dropped += rowCount ?? 0;
    if ((rowCount ?? 0) < PURGE_ROWS) return dropped;
  }
}
