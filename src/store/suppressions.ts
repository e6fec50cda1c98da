// This file manages addresses on hold. The check before a hand-over is not here but inside the statements that write `submitting`.
import { makeFilters } from './filters.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

export interface SuppressionRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly address: string;
  /** Null holds every stream. */
  readonly stream: 'transactional' | 'bulk' | null;
  readonly reason: string;
  readonly source: string;
  readonly evidence: string | null;
  readonly recipient_id: string | null;
  readonly created_at: Date;
  readonly expires_at: Date | null;
}

export type Suppression = Plain<SuppressionRow>;

const COLUMNS = `id, tenant_id, address, nullif(stream, '') as stream, reason, source, evidence, recipient_id, created_at, expires_at`;
/** Holds looked at for one page when a reason is asked for; the page says where it stopped, so the next one goes on. */
const SCAN_MAX = 20_000;

/** Newest first, holds that have ended left out. `scannedTo` is set when the page ended because enough was looked at, not because it is full. */
export async function listSuppressions(
  db: Queryable,
  tenantId: Scope,
  page: { before: string | null; limit: number; address?: string | undefined; reason?: string | undefined; stream?: string | undefined },
): Promise<{ rows: Suppression[]; scannedTo: string | null }> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id < ?', page.before);
  // An operator who names an address but no tenant asks the primary key once per tenant.
  if (page.address !== undefined)
    filters.add(tenantId === null ? '(tenant_id, address) in (select id, ? from tenants)' : 'address = ?', page.address);
  const scan = `select * from suppressions ${filters.where} order by id desc limit ${SCAN_MAX}`;
  const outer = [
    'true',
    ...(page.reason === undefined ? [] : [`reason = ${filters.param(page.reason)}`]),
    ...(page.stream === undefined ? [] : [`stream in ('', ${filters.param(page.stream)})`]),
  ].join(' and ');
  const { rows } = await db.query<SuppressionRow & { scanned: string; last_scanned: string }>(
    `with seen as materialized (${scan}),
     hit as (
       select ${COLUMNS} from seen where ${outer} and (expires_at is null or expires_at > now()) order by id desc limit ${filters.param(page.limit)}
     )
     select hit.*, s.scanned, s.last_scanned from (select count(*) as scanned, (select id from seen order by id limit 1) as last_scanned from seen) s
     left join hit on true order by hit.id desc`,
    filters.values,
  );
  const hits = rows.filter((row) => row.id !== null).map(({ scanned: _, last_scanned: __, ...row }) => plainRow(row));
  const full = Number(rows[0]?.scanned ?? 0) >= SCAN_MAX;
  return { rows: hits, scannedTo: full && hits.length < page.limit ? (rows[0]?.last_scanned ?? null) : null };
}

/** Puts an address on hold; when it is already, the hold that stands is answered. `address` in the form recipients have in the store. */
export async function createSuppression(
  db: Queryable,
  tenantId: string,
  hold: {
    id: string;
    address: string;
    stream: 'transactional' | 'bulk' | null;
    reason: string;
    source: string;
    expiresAtMs: number | null;
  },
): Promise<{ suppression: Suppression; created: boolean }> {
  const { rows } = await db.query<SuppressionRow>(
    `insert into suppressions as s (tenant_id, id, address, stream, reason, source, expires_at) values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000))
     on conflict (tenant_id, address, stream) do update
       set id = excluded.id, reason = excluded.reason, source = excluded.source, evidence = null, recipient_id = null, created_at = now(),
         expires_at = excluded.expires_at
       where s.expires_at <= now()
     returning ${COLUMNS}`,
    [tenantId, hold.id, hold.address, hold.stream ?? '', hold.reason, hold.source, hold.expiresAtMs],
  );
  const made = firstRow(rows);
  if (made) return { suppression: made, created: true };
  const { rows: standing } = await db.query<SuppressionRow>(
    `select ${COLUMNS} from suppressions where tenant_id = $1 and address = $2 and stream = $3`,
    [tenantId, hold.address, hold.stream ?? ''],
  );
  const found = firstRow(standing);
  if (!found) throw new Error('a hold was removed while it was being set');
  return { suppression: found, created: false };
}

export async function findSuppression(db: Queryable, tenantId: Scope, id: string): Promise<Suppression | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<SuppressionRow>(`select ${COLUMNS} from suppressions ${filters.where}`, filters.values);
  return firstRow(rows);
}

/** Ends a hold, and answers what it was. */
export async function deleteSuppression(db: Queryable, tenantId: Scope, id: string): Promise<Suppression | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<SuppressionRow>(`delete from suppressions ${filters.where} returning ${COLUMNS}`, filters.values);
  return firstRow(rows);
}

/** Ends every hold of an address (of a stream, when one is named), and answers what they were. */
export async function deleteSuppressionsOf(
  db: Queryable,
  tenantId: string,
  hold: { address: string; stream?: string | undefined },
): Promise<Suppression[]> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('address = ?', hold.address).add('stream = ?', hold.stream);
  const { rows } = await db.query<SuppressionRow>(`delete from suppressions ${filters.where} returning ${COLUMNS}`, filters.values);
  return rows.map(plainRow);
}
