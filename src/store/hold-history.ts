// This file reads what the world said lately about addresses that failed, for a look at what another policy would have done. It reads the newest
// events first and stops at a bound, so its cost does not grow with the log, and it says how far it came.
import type { Queryable, Scope } from './scope.ts';

export interface HistoryRow {
  readonly tenantId: string;
  readonly address: string;
  readonly type: string;
  readonly recipientId: string;
  readonly atMs: number;
  readonly class: string | null;
  readonly suppress: boolean;
  readonly evidence: string | null;
}

export interface HoldHistory {
  readonly rows: readonly HistoryRow[];
  /** Addresses that anything was said about. */
  readonly addresses: number;
  readonly events: number;
  /** Not everything since the asked time was read. */
  readonly sampled: boolean;
  /** The oldest event that was read, milliseconds; null when there is none. */
  readonly oldestMs: number | null;
}

/** Events read for one tenant: about a second. */
const EVENTS_MAX = 150_000;
/** For an operator over all tenants: each is asked for its newest ones. */
const EVENTS_PER_TENANT = 2_000;
/** Addresses with failures that are judged. */
const ADDRESSES_MAX = 20_000;

/** What was said since an id floor about addresses that failed at least once, with their deliveries. */
export async function readHoldHistory(db: Queryable, tenantId: Scope, sinceId: string): Promise<HoldHistory> {
  const perTenant = tenantId === null ? EVENTS_PER_TENANT : EVENTS_MAX;
  const { rows } = await db.query<HistoryRow & { addresses: number; events: number; sampled: boolean; oldestMs: number | null }>(
    `with seen as materialized (
       select e.* from tenants t cross join lateral (
         select tenant_id, recipient_id, type, at, data from events
         where tenant_id = t.id and id >= $2 order by txid desc, id desc limit $3
       ) e where $1::uuid is null or t.id = $1 limit ${EVENTS_MAX}
     ), told as materialized (
       select s.*, lower(r.address) as address from seen s join recipients r on r.id = s.recipient_id
       where s.type in ('delivered', 'bounced', 'failed', 'rejected', 'expired', 'complained', 'unsubscribed')
     ), bad as materialized (
       select distinct tenant_id, address from told where type <> 'delivered' limit ${ADDRESSES_MAX}
     ), whole as (
       select (select count(*) from seen)::int as events, (select count(distinct (tenant_id, address)) from told)::int as addresses,
         (select extract(epoch from min(at))::float8 * 1000 from seen) as "oldestMs",
         exists (select from seen group by tenant_id having count(*) >= $3) or (select count(*) from seen) >= ${EVENTS_MAX}
           or (select count(*) from bad) >= ${ADDRESSES_MAX} as sampled
     )
     select whole.*, t.tenant_id as "tenantId", t.address, t.type, t.recipient_id as "recipientId", extract(epoch from t.at)::float8 * 1000 as "atMs",
       t.data ->> 'class' as class, coalesce((t.data ->> 'suppress')::boolean, false) as suppress,
       left(coalesce(t.data ->> 'diagnostic', t.data ->> 'reply'), 300) as evidence
     from whole left join (told t join bad on bad.tenant_id = t.tenant_id and bad.address = t.address) on true`,
    [tenantId, sinceId, perTenant],
  );
  const [first] = rows;
  return {
    rows: rows.filter((row) => row.address !== null),
    addresses: first?.addresses ?? 0,
    events: first?.events ?? 0,
    sampled: first?.sampled ?? false,
    oldestMs: first?.oldestMs ?? null,
  };
}
