// This file serves events by cursor. Rows are ordered by (transaction, id), and only those are served that no running transaction can still
// precede, so a slow commit is never skipped.
import { makeFilters } from './filters.ts';
import { type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

/** A place in the stream of events: everything after it is new. */
export interface EventPlace {
  /** Transaction id as decimal text (64 bits). */
  readonly txid: string;
  readonly id: string;
}

export interface EventRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly type: string;
  readonly at: Date;
  /** Null for what happened to an address alone (holds). */
  readonly message_id: string | null;
  readonly recipient_id: string | null;
  readonly address: string | null;
  readonly tags: string[];
  readonly metadata: Record<string, string> | null;
  readonly data: Record<string, unknown> | null;
}

export type Event = Plain<EventRow>;

export const EVENTS_START: EventPlace = { txid: '0', id: '00000000-0000-0000-0000-000000000000' };
/** Rows looked through for one page when only some types are asked for; the cursor moves past them, so the next page goes on. */
const SCAN_MAX = 5_000;

const COLUMNS = 'tenant_id, txid, id, recipient_id, message_id, type, data, at';
const NEWER = '(txid, id) > ($1::xid8, $2::uuid) and txid < pg_snapshot_xmin(pg_current_snapshot()) order by txid, id limit $3';
/** One tenant: a range of the index `events_cursor`. */
const SEEN_OF_TENANT = `select ${COLUMNS} from events where tenant_id = $6 and ${NEWER}`;
/** All tenants: a range of `events_log`, however many they are. */
const SEEN_OF_ALL = `select ${COLUMNS} from events where ${NEWER}`;

/**
 * A page of a tenant's events (null: of all tenants) after a place, oldest first, and the place to go on from (the one given when nothing
 * is new). `end`: when it was read, nothing stood behind it. Details are joined for the rows of the page only.
 */
export async function readEvents(
  db: Queryable,
  tenantId: Scope,
  page: { after: EventPlace; types: readonly string[] | null; limit: number },
): Promise<{ events: Event[]; next: EventPlace; end: boolean }> {
  const scan = page.types === null ? page.limit : SCAN_MAX;
  const { rows } = await db.query<EventRow & { txid: string; seen: number | null }>(
    `with seen as materialized (${tenantId === null ? SEEN_OF_ALL : SEEN_OF_TENANT}),
     hit as materialized (
       select * from seen where $4::text[] is null or type = any($4) order by txid, id limit $5
     ), last_seen as (
       select * from seen order by txid desc, id desc limit 1
     )
     select null as seen, h.txid::text, h.id, h.tenant_id, h.type, h.at, h.message_id, h.recipient_id,
       coalesce(r.address, h.data ->> 'address') as address, coalesce(m.tags, '{}') as tags,
       m.metadata, h.data
     from hit h left join recipients r on r.id = h.recipient_id and r.tenant_id = h.tenant_id
       left join messages m on m.id = h.message_id and m.tenant_id = h.tenant_id
     union all
     select (select count(*)::int from seen), txid::text, id, tenant_id, type, at, message_id, recipient_id, null, '{}', null, null from last_seen`,
    [page.after.txid, page.after.id, scan, page.types, page.limit, ...(tenantId === null ? [] : [tenantId])],
  );
  const hits = rows.filter((row) => row.seen === null).sort(byPlace);
  const lastSeen = rows.find((row) => row.seen !== null);
  const full = hits.length === page.limit;
  const last = full ? hits.at(-1) : lastSeen;
  return {
    events: hits.map(({ seen: _, txid: __, ...row }) => plainRow(row)),
    next: last ? { txid: last.txid, id: last.id } : page.after,
    end: !full && (lastSeen?.seen ?? 0) < scan,
  };
}

/** The place after everything that is served by now: for a reader who wants only what comes. */
export async function latestEventPlace(db: Queryable): Promise<EventPlace> {
  const { rows } = await db.query<{ txid: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as txid');
  return { txid: rows[0]?.txid ?? '0', id: EVENTS_START.id };
}

/** What happened to these recipients, oldest first: for the page of one message. */
export async function readEventsOfMessage(
  db: Queryable,
  tenantId: string,
  messageId: string,
  limit: number,
): Promise<Plain<Pick<EventRow, 'id' | 'type' | 'at' | 'recipient_id' | 'data'>>[]> {
  const filters = makeFilters().add('message_id = ?', messageId).add('tenant_id = ?', tenantId);
  const { rows } = await db.query<Pick<EventRow, 'id' | 'type' | 'at' | 'recipient_id' | 'data'>>(
    `select id, type, at, recipient_id, data from events ${filters.where} order by at, id limit ${filters.param(limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** Transaction ids compare as numbers, not as text. */
function byPlace(a: { txid: string; id: string }, b: { txid: string; id: string }): number {
  const [x, y] = [BigInt(a.txid), BigInt(b.txid)];
  if (x !== y) return x < y ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
