// This file reads and resolves tenants' short numbers.
import type pg from 'pg';

/** The number of a tenant, or null. */
export async function readTenantNumber(pool: pg.Pool, tenantId: string): Promise<number | null> {
  const { rows } = await pool.query<{ number: number }>('select number from tenants where id = $1', [tenantId]);
  return rows[0]?.number ?? null;
}

/** The tenant of a number, or null. */
export async function readTenantByNumber(pool: pg.Pool, number: number): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>('select id from tenants where number = $1', [number]);
  return rows[0]?.id ?? null;
}
