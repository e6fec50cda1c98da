// This file manages addresses on hold. The check before a hand-over is not here but inside the statements that write `submitting`.
import { textArray } from './arrays.ts';
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
  /** Holds so far, this one among them. */
  readonly holds: number;
  /** Answers of the world made it; they may lengthen or end it. */
  readonly by_answers: boolean;
}

export type Suppression = Plain<SuppressionRow>;

export interface NewHold {
  readonly id: string;
  /** In the form recipients have in the store (lower case). */
  readonly address: string;
  readonly stream: 'transactional' | 'bulk' | null;
  readonly reason: string;
  readonly source: string;
  readonly evidence: string | null;
  readonly expiresAtMs: number | null;
}

const COLUMNS = `id, tenant_id, address, nullif(stream, '') as stream, reason, source, evidence, recipient_id, created_at, expires_at, holds, by_answers`;
/** A hold that ended is renewed under a new id; one that stands stays as it is. */
const RENEWED = `on conflict (tenant_id, address, stream) do update
       set id = excluded.id, reason = excluded.reason, source = excluded.source, evidence = excluded.evidence, recipient_id = null, created_at = now(),
         expires_at = excluded.expires_at, holds = s.holds + 1, by_answers = false
       where s.expires_at <= now()`;

/** Puts an address on hold; when it is already, the hold that stands is answered. */
export async function createSuppression(
  db: Queryable,
  tenantId: string,
  hold: NewHold,
): Promise<{ suppression: Suppression; created: boolean }> {
  const [made] = await createSuppressions(db, tenantId, [hold]);
  if (made) return { suppression: made, created: true };
  const { rows: standing } = await db.query<SuppressionRow>(
    `select ${COLUMNS} from suppressions where tenant_id = $1 and address = $2 and stream = $3`,
    [tenantId, hold.address, hold.stream ?? ''],
  );
  const found = firstRow(standing);
  if (!found) throw new Error('a hold was removed while it was being set');
  return { suppression: found, created: false };
}

/** Puts addresses on hold, no address and stream twice; answers those that were not on hold already. */
export async function createSuppressions(db: Queryable, tenantId: string, holds: readonly NewHold[]): Promise<Suppression[]> {
  const { rows } = await db.query<SuppressionRow>(
    `insert into suppressions as s (tenant_id, id, address, stream, reason, source, evidence, expires_at)
     select $1, id, address, stream, reason, source, evidence, to_timestamp(until / 1000)
     from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[])
       as t(id, address, stream, reason, source, evidence, until) order by address, stream
     ${RENEWED} returning ${COLUMNS}`,
    [
      tenantId,
      holds.map((hold) => hold.id),
      textArray(holds.map((hold) => hold.address)),
      textArray(holds.map((hold) => hold.stream ?? '')),
      textArray(holds.map((hold) => hold.reason)),
      textArray(holds.map((hold) => hold.source)),
      textArray(holds.map((hold) => hold.evidence)),
      holds.map((hold) => hold.expiresAtMs),
    ],
  );
  return rows.map(plainRow);
}

export async function findSuppression(db: Queryable, tenantId: Scope, id: string): Promise<Suppression | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<SuppressionRow>(`select ${COLUMNS} from suppressions ${filters.where}`, filters.values);
  return firstRow(rows);
}

/** Holds of an address (of a stream, when one is named), ended ones among them. */
export async function findSuppressionsOf(
  db: Queryable,
  tenantId: string,
  hold: { address: string; stream?: string | undefined },
): Promise<Suppression[]> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('address = ?', hold.address).add('stream = ?', hold.stream);
  const { rows } = await db.query<SuppressionRow>(`select ${COLUMNS} from suppressions ${filters.where}`, filters.values);
  return rows.map(plainRow);
}

/** Ends a hold, and answers what it was. */
export async function deleteSuppression(db: Queryable, tenantId: Scope, id: string): Promise<Suppression | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<SuppressionRow>(`delete from suppressions ${filters.where} returning ${COLUMNS}`, filters.values);
  return firstRow(rows);
}
