// This file lists addresses on hold: newest first, by the beginning of the address, and all of them for an export. Every page looks at a bounded
// number of rows, however many there are, and says where it stopped.
import { textArray } from './arrays.ts';
import { makeFilters } from './filters.ts';
import { plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';
import type { Suppression, SuppressionRow } from './suppressions.ts';
import { COUNTED_MAX, type Total, totalOf } from './total.ts';

export interface SuppressionFilter {
  readonly address?: string | undefined;
  readonly reason?: string | undefined;
  readonly source?: string | undefined;
  readonly stream?: string | undefined;
  /** Holds that ended, or the ones that stand; undefined: the ones that stand. */
  readonly expired?: boolean | undefined;
}

/** A place among addresses. */
export interface AddressPlace {
  readonly address: string;
  readonly tenantId: string;
  readonly stream: string;
}

const COLUMNS = `id, tenant_id, address, nullif(stream, '') as stream, reason, source, evidence, recipient_id, created_at, expires_at, holds, by_answers`;
/** Holds looked at for one page; the page says where it stopped, so the next one goes on. */
const SCAN_MAX = 20_000;
/** Looked at first. */
const SCAN_FIRST = 1_000;
/** The same for an operator who looks through all tenants by address: each tenant is asked for this many. */
const SCAN_ALL_MAX = 500;
/** The last character there is: behind every address that begins with the text before it. */
const LAST = '\u{10FFFF}';

/** Newest first. `scannedTo` is set when the page ended because enough was looked at, not because it is full. */
export async function listSuppressions(
  db: Queryable,
  tenantId: Scope,
  page: SuppressionFilter & { before: string | null; limit: number },
): Promise<{ rows: Suppression[]; scannedTo: string | null }> {
  // Most pages are full after a few rows; only those that are not look further.
  const near = await scanNewest(db, tenantId, { ...page, scanMax: SCAN_FIRST });
  return near.scannedTo === null ? near : scanNewest(db, tenantId, { ...page, scanMax: SCAN_MAX });
}

async function scanNewest(
  db: Queryable,
  tenantId: Scope,
  page: SuppressionFilter & { before: string | null; limit: number; scanMax: number },
): Promise<{ rows: Suppression[]; scannedTo: string | null }> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id < ?', page.before);
  // An operator who names an address but no tenant asks the primary key once per tenant.
  if (page.address !== undefined)
    filters.add(tenantId === null ? '(tenant_id, address) in (select id, ? from tenants)' : 'address = ?', page.address);
  // With a tenant there is an index on the class; without one, the class is looked for in the window.
  if (tenantId !== null) filters.add('reason = ?', page.reason);
  const scan = `select * from suppressions ${filters.where} order by id desc limit ${filters.param(page.scanMax)}`;
  const { rows } = await db.query<SuppressionRow & { scanned: string; last_scanned: string }>(
    `with seen as materialized (${scan}),
     hit as (select ${COLUMNS} from seen where ${conditions(filters, page)} order by id desc limit ${filters.param(page.limit)})
     select hit.*, s.scanned, s.last_scanned from (select count(*) as scanned, (select id from seen order by id limit 1) as last_scanned from seen) s
     left join hit on true order by hit.id desc`,
    filters.values,
  );
  const hits = rows.filter((row) => row.id !== null).map(({ scanned: _, last_scanned: __, ...row }) => plainRow(row));
  const full = Number(rows[0]?.scanned ?? 0) >= page.scanMax;
  return { rows: hits, scannedTo: full && hits.length < page.limit ? (rows[0]?.last_scanned ?? null) : null };
}

/** By address, those that begin with `prefix` ('': all). `next`: where the following page goes on; null at the end. */
export async function findByPrefix(
  db: Queryable,
  tenantId: Scope,
  page: SuppressionFilter & { prefix: string; after: AddressPlace | null; limit: number },
): Promise<{ rows: Suppression[]; next: AddressPlace | null }> {
  const filters = makeFilters();
  const scanMax = tenantId === null ? SCAN_ALL_MAX : SCAN_MAX;
  const {
    address,
    tenantId: afterTenant,
    stream,
  } = page.after ?? { address: '', tenantId: '00000000-0000-0000-0000-000000000000', stream: '' };
  const [from, to] = [filters.param(page.prefix), filters.param(`${page.prefix}${LAST}`)];
  const place = `(${filters.param(address)}::text collate "C", ${filters.param(afterTenant)}::uuid, ${filters.param(stream)}::text)`;
  const tenants = tenantId === null ? '' : `where t.id = ${filters.param(tenantId)}`;
  const { rows } = await db.query<SuppressionRow & { key: string; hit: boolean; scanned: string }>(
    `with seen as materialized (
       select s.* from tenants t cross join lateral (
         select * from suppressions p
         where p.tenant_id = t.id and p.address collate "C" >= ${from} and p.address collate "C" < ${to}
           and p.address collate "C" >= ${place.slice(1, place.indexOf(','))}
           and (p.address collate "C", p.tenant_id, p.stream) > ${place}
         order by p.address collate "C", p.stream limit ${scanMax}
       ) s ${tenants} order by s.address collate "C", s.tenant_id, s.stream limit ${scanMax}
     ), hit as (
       select true as hit, ${COLUMNS} from seen where ${conditions(filters, page)} order by address collate "C", tenant_id, stream limit ${filters.param(page.limit)}
     ), last_seen as (
       select false as hit, ${COLUMNS} from seen order by address collate "C" desc, tenant_id desc, stream desc limit 1
     )
     select *, (select count(*) from seen) as scanned from hit union all select *, (select count(*) from seen) from last_seen`,
    filters.values,
  );
  const hits = rows.filter((row) => row.hit).map(({ hit: _, scanned: __, key: ___, ...row }) => plainRow(row));
  const last =
    hits.length >= page.limit ? hits.at(-1) : Number(rows[0]?.scanned ?? 0) >= scanMax ? rows.find((row) => !row.hit) : undefined;
  return { rows: hits, next: last ? { address: last.address, tenantId: last.tenant_id, stream: last.stream ?? '' } : null };
}

/** How many holds there are on all pages of a list; `prefix`: of addresses that begin so. */
export async function countSuppressions(
  db: Queryable,
  tenantId: Scope,
  filter: SuppressionFilter & { prefix?: string | undefined },
): Promise<Total> {
  const filters = makeFilters();
  const { prefix } = filter;
  let scan: string;
  if (prefix === undefined) {
    filters.add('tenant_id = ?', tenantId);
    if (filter.address !== undefined)
      filters.add(tenantId === null ? '(tenant_id, address) in (select id, ? from tenants)' : 'address = ?', filter.address);
    if (tenantId !== null) filters.add('reason = ?', filter.reason);
    scan = `select * from suppressions ${filters.where} limit ${SCAN_MAX}`;
  } else {
    const [from, to] = [filters.param(prefix), filters.param(`${prefix}${LAST}`)];
    const tenants = tenantId === null ? '' : `where t.id = ${filters.param(tenantId)}`;
    scan = `select s.* from tenants t cross join lateral (
        select * from suppressions p where p.tenant_id = t.id and p.address collate "C" >= ${from} and p.address collate "C" < ${to} limit ${SCAN_MAX}
      ) s ${tenants} limit ${SCAN_MAX}`;
  }
  const { rows } = await db.query<{ n: number; seen: number }>(
    `with seen as materialized (${scan}), hit as (select from seen where ${conditions(filters, filter)} limit ${COUNTED_MAX})
     select (select count(*) from hit)::int as n, (select count(*) from seen)::int as seen`,
    filters.values,
  );
  return totalOf({ n: rows[0]?.n ?? 0, cut: (rows[0]?.seen ?? 0) >= SCAN_MAX });
}

/**
 * For each address and stream, in their order: does a hold stand on exactly that (null is every stream), or one on every stream that lasts at least as
 * long? Then there is nothing to add. A wish of a person is added beside a hold for another reason: it outlives that one's release.
 */
export async function standingAmong(
  db: Queryable,
  tenantId: string,
  asked: readonly {
    readonly address: string;
    readonly stream: 'transactional' | 'bulk' | null;
    /** Null: for good. */
    readonly expiresAtMs: number | null;
    readonly reason: string;
  }[],
): Promise<boolean[]> {
  const { rows } = await db.query<{ standing: boolean }>(
    `select exists (select from suppressions s where s.tenant_id = $1 and s.address = t.address and (s.expires_at is null or s.expires_at > now())
       and (s.stream = t.stream or s.stream = '' and (s.expires_at is null or s.expires_at >= to_timestamp(t.until / 1000))
         and (s.reason = t.reason or t.reason not in ('complaint', 'unsubscribed')))) as standing
     from unnest($2::text[], $3::text[], $4::float8[], $5::text[]) with ordinality as t(address, stream, until, reason, place) order by place`,
    [
      tenantId,
      textArray(asked.map(({ address }) => address)),
      textArray(asked.map(({ stream }) => stream ?? '')),
      asked.map(({ expiresAtMs }) => expiresAtMs),
      textArray(asked.map(({ reason }) => reason)),
    ],
  );
  return rows.map(({ standing }) => standing);
}

function conditions(filters: ReturnType<typeof makeFilters>, page: SuppressionFilter): string {
  return [
    page.expired === true ? 'expires_at <= now()' : '(expires_at is null or expires_at > now())',
    ...(page.reason === undefined ? [] : [`reason = ${filters.param(page.reason)}`]),
    ...(page.source === undefined ? [] : [`source = ${filters.param(page.source)}`]),
    ...(page.stream === undefined ? [] : [`stream in ('', ${filters.param(page.stream)})`]),
  ].join(' and ');
}
