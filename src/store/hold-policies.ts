// This file stores hold policies: one of the platform, which organisations inherit, and one of each organisation that has its own.
import type { HoldRule } from '../feedback/hold-policy.ts';
import type { Queryable, Scope } from './scope.ts';

export interface StoredPolicy {
  /** Null: the platform's. */
  readonly tenantId: Scope;
  readonly rules: readonly HoldRule[];
}

/** The policy that is stored for a tenant, or else the platform's; null when neither is. */
export async function findHoldPolicy(db: Queryable, tenantId: Scope): Promise<StoredPolicy | null> {
  const { rows } = await db.query<StoredPolicy>(
    `select tenant_id as "tenantId", rules from hold_policies where tenant_id is null or tenant_id = $1 order by tenant_id nulls last limit 1`,
    [tenantId],
  );
  return rows[0] ?? null;
}

export async function putHoldPolicy(db: Queryable, tenantId: Scope, rules: readonly HoldRule[]): Promise<void> {
  await db.query(
    `insert into hold_policies (tenant_id, rules) values ($1, $2)
     on conflict (tenant_id) do update set rules = excluded.rules, updated_at = now()`,
    [tenantId, JSON.stringify(rules)],
  );
}

/** Back to the inherited policy; false when none was stored. */
export async function deleteHoldPolicy(db: Queryable, tenantId: Scope): Promise<boolean> {
  const { rowCount } = await db.query('delete from hold_policies where tenant_id is not distinct from $1', [tenantId]);
  return rowCount === 1;
}
