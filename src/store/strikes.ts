// This file keeps what counts against addresses: their marks, locked while they are judged, and the failures of hand-overs on their way there.
// Locks are taken in one order (recipients before addresses, addresses in byte order), so two recorders never wait for each other in a circle.
import type pg from 'pg';
import type { Mark } from '../feedback/marks.ts';
import { plainArray, textArray } from './arrays.ts';
import { jsonText } from './json-text.ts';

/** One address of one tenant, in the form holds have (lower case). */
export interface AddressOf {
  readonly tenantId: string;
  readonly address: string;
}

export interface LockedStrikes extends AddressOf {
  readonly marks: readonly Mark[];
  readonly version: number;
}

export interface GivenMark extends AddressOf {
  readonly mark: Mark;
}

/** Deliveries of one address that are looked up: the newest ones decide. */
const DELIVERIES_MAX = 8;
/** Failures taken from the queue in one transaction. */
const QUEUE_PAGE = 500;

/** Addresses without doubles, in the order in which they are locked. */
export function inLockOrder<T extends AddressOf>(addresses: readonly T[]): T[] {
  const unique = new Map(addresses.map((each) => [addressKeyOf(each), each]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

export function addressKeyOf({ tenantId, address }: AddressOf): string {
  return `${tenantId} ${address}`;
}

/**
 * Locks the rows of addresses. `needed` ones get a row when they have none; the others are answered only where a delivery would change something,
 * so a delivery to an address that never failed costs one look into a small index.
 */
export async function lockStrikes(
  client: pg.PoolClient,
  asked: readonly (AddressOf & { readonly needed: boolean })[],
): Promise<LockedStrikes[]> {
  const ordered = inLockOrder(asked);
  const needed = ordered.filter((each) => each.needed);
  if (needed.length > 0) {
    await client.query({
      name: 'strikes-made',
      text: `insert into address_strikes (tenant_id, address) select * from unnest($1::uuid[], $2::text[]) as t(tenant_id, address)
        on conflict do nothing`,
      values: columnsOf(needed),
    });
  }
  const { rows } = await client.query<LockedStrikes>({
    name: 'strikes-locked',
    // The limit keeps it at one index descent per address, whatever the planner believes about the size of the table.
    text: `select t.tenant_id as "tenantId", t.address, s.marks, s.version
      from unnest($1::uuid[], $2::text[], $3::bool[]) as t(tenant_id, address, needed) cross join lateral (
        select marks, version from address_strikes a
        where a.tenant_id = t.tenant_id and a.address = t.address and (t.needed or a.heeds_delivery) limit 1 for update
      ) s`,
    values: [...columnsOf(ordered), plainArray(ordered.map((each) => (each.needed ? 't' : 'f')))],
  });
  return rows;
}

/** The newest deliveries of each address that stand: recipients that are delivered, with the moment they were. */
export async function recentDeliveries(
  client: pg.PoolClient,
  addresses: readonly AddressOf[],
): Promise<(AddressOf & { readonly recipientId: string; readonly atMs: number })[]> {
  if (addresses.length === 0) return [];
  const { rows } = await client.query<AddressOf & { recipientId: string; atMs: number }>({
    name: 'strikes-deliveries',
    text: `select t.tenant_id as "tenantId", t.address, r.id as "recipientId", round(extract(epoch from r.state_at) * 1000)::float8 as "atMs"
      from unnest($1::uuid[], $2::text[]) as t(tenant_id, address) cross join lateral (
        select id, state_at from recipients
        where tenant_id = t.tenant_id and lower(address) = t.address and state = 'delivered' order by id desc limit ${DELIVERIES_MAX}
      ) r`,
    values: columnsOf(addresses),
  });
  return rows;
}

/** Writes judged rows that were locked before. `version` is what was locked; a row that changed since is left to whoever changed it. */
export async function writeStrikes(
  client: pg.PoolClient,
  rows: readonly (LockedStrikes & { readonly heedsDelivery: boolean; readonly lookAgain: boolean })[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query({
    name: 'strikes-written',
    text: `update address_strikes s set marks = t.marks::jsonb, heeds_delivery = t.heeds_delivery, look_again = t.look_again, version = s.version + 1,
        changed_at = now()
      from unnest($1::uuid[], $2::text[], $3::text[], $4::bool[], $5::bool[], $6::int[]) as t(tenant_id, address, marks, heeds_delivery, look_again, version)
      where s.tenant_id = t.tenant_id and s.address = t.address and s.version = t.version`,
    values: [
      ...columnsOf(rows),
      textArray(rows.map((row) => jsonText(row.marks))),
      plainArray(rows.map((row) => (row.heedsDelivery ? 't' : 'f'))),
      plainArray(rows.map((row) => (row.lookAgain ? 't' : 'f'))),
      plainArray(rows.map((row) => row.version)),
    ],
  });
}

/** Takes failures of hand-overs out of their queue, oldest first; they are gone once the caller's transaction commits. */
export async function takeQueuedMarks(client: pg.PoolClient): Promise<GivenMark[]> {
  const { rows } = await client.query<GivenMark>({
    name: 'strike-queue-taken',
    text: `delete from strike_queue where id in (select id from strike_queue order by id limit ${QUEUE_PAGE} for update skip locked)
      returning tenant_id as "tenantId", address, mark`,
  });
  return rows;
}

/** Addresses to look at once more, and the transaction id from which on nothing that was running while this was read still runs. */
export async function addressesToRepeat(
  pool: pg.Pool,
  limit: number,
): Promise<{ addresses: (AddressOf & { version: number })[]; quietFrom: string }> {
  const { rows } = await pool.query<{ tenantId: string; address: string; version: number; quietFrom: string }>({
    name: 'strikes-to-repeat',
    text: `select tenant_id as "tenantId", address, version, pg_snapshot_xmax(pg_current_snapshot())::text as "quietFrom"
      from address_strikes where look_again order by tenant_id, address limit $1`,
    values: [limit],
  });
  return { addresses: rows, quietFrom: rows[0]?.quietFrom ?? '0' };
}

/** True once every transaction below this id has ended. */
export async function isQuiet(pool: pg.Pool, quietFrom: string): Promise<boolean> {
  const { rows } = await pool.query<{ quiet: boolean }>('select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as quiet', [quietFrom]);
  return rows[0]?.quiet === true;
}

/** Forgets addresses whose last change is older than any hold counts, and holds that ended that long ago. Returns how many rows went. */
export async function forgetOldStrikes(pool: pg.Pool, days: number, limit: number): Promise<number> {
  const strikes = await pool.query(
    `delete from address_strikes where (tenant_id, address) in (
       select tenant_id, address from address_strikes where changed_at < now() - make_interval(days => $1) order by changed_at limit $2)`,
    [days, limit],
  );
  return strikes.rowCount ?? 0;
}

function columnsOf(addresses: readonly AddressOf[]): [string, string] {
  return [plainArray(addresses.map((each) => each.tenantId)), textArray(addresses.map((each) => each.address))];
}
