// This file stores the ordered lists of accounts that mail goes to: for the platform, a stream, a tenant, or a tenant's stream.
import { type Plain, plainRow } from './rows.ts';
import type { Queryable } from './scope.ts';

export interface RoutingRow {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly stream: 'transactional' | 'bulk' | null;
  readonly accounts: string[];
  readonly updated_at: Date;
}

export type RoutingRule = Plain<RoutingRow>;

/** A platform with a rule per tenant still fits; the list is read whole by the router anyway. */
const RULES_MAX = 10_000;
const COLUMNS = 'id, tenant_id, stream, accounts, updated_at';

/** The platform's rules first, then by tenant. */
export async function listRouting(db: Queryable): Promise<RoutingRule[]> {
  const { rows } = await db.query<RoutingRow>(
    `select ${COLUMNS} from routing order by tenant_id nulls first, stream nulls first limit $1`,
    [RULES_MAX],
  );
  return rows.map(plainRow);
}

/** Sets the list for a tenant (null: the platform) and stream (null: both), replacing the one before. Throws when an account is not there. */
export async function putRouting(
  db: Queryable,
  tenantId: string | null,
  rule: { id: string; stream: 'transactional' | 'bulk' | null; accounts: readonly string[] },
): Promise<RoutingRule | { readonly unknownAccount: string }> {
  const { rows: found } = await db.query<{ id: string }>(
    `select id from provider_accounts where id = any($1::uuid[]) and state <> 'removed' for key share`,
    [rule.accounts],
  );
  const known = new Set(found.map((row) => row.id));
  const unknownAccount = rule.accounts.find((id) => !known.has(id));
  if (unknownAccount !== undefined) return { unknownAccount };
  const { rows } = await db.query<RoutingRow>(
    `insert into routing (id, tenant_id, stream, accounts) values ($1, $2, $3, $4)
     on conflict (tenant_id, stream) do update set accounts = excluded.accounts, updated_at = now() returning ${COLUMNS}`,
    [rule.id, tenantId, rule.stream, rule.accounts],
  );
  const [row] = rows;
  if (!row) throw new Error('an upsert answered no row');
  return plainRow(row);
}

/** Removes a list, so that the less specific one counts again. */
export async function deleteRouting(
  db: Queryable,
  tenantId: string | null,
  stream: 'transactional' | 'bulk' | null,
): Promise<RoutingRule | null> {
  const { rows } = await db.query<RoutingRow>(
    `delete from routing where tenant_id is not distinct from $1 and stream is not distinct from $2 returning ${COLUMNS}`,
    [tenantId, stream],
  );
  return rows[0] ? plainRow(rows[0]) : null;
}
