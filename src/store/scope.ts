// This file is the second wall between tenants: a request of a tenant runs in a transaction under the role `packetboat_tenant`, which row-level
// security lets see one tenant's rows only, whatever the query says. The first wall is that every query names the tenant itself.
import pg from 'pg';
import { isId } from '../ids.ts';

/** Anything that runs a statement: a pool, or the one connection of a transaction. */
export type Queryable = Pick<pg.PoolClient, 'query'>;

/** A tenant's id, or null for an operator who looks at everybody. */
export type Scope = string | null;

/** Reads of pages and lists are bounded by design; this bound catches the one that is not, before it hurts the senders. */
const STATEMENT_TIMEOUT_MS = 10_000;

/** Pools whose database has the role; without it the first wall stands alone, and `packetboat doctor` says so. */
const roleThere = new WeakMap<pg.Pool, Promise<boolean>>();

/** Runs `work` in a transaction that sees this tenant's rows only. Throws what `work` throws, after rolling back. */
export async function withTenant<T>(pool: pg.Pool, tenantId: string, work: (db: pg.PoolClient) => Promise<T>): Promise<T> {
  // The id stands in the text of the statement, so it has to be one; everything that reaches this place was looked up or parsed before.
  if (!isId(tenantId)) throw new Error('withTenant needs the id of a tenant');
  const role = (await hasRole(pool)) ? 'set local role packetboat_tenant;' : '';
  return transaction(pool, `${role}select set_config('packetboat.tenant', ${pg.escapeLiteral(tenantId)}, true)`, work);
}

/** Runs `work` in a transaction of the owner: for operators, and for changes that touch several tenants. */
export async function withOwner<T>(pool: pg.Pool, work: (db: pg.PoolClient) => Promise<T>): Promise<T> {
  return transaction(pool, '', work);
}

/** The tenant's transaction, or the owner's when `scope` is null. */
export async function inScope<T>(pool: pg.Pool, scope: Scope, work: (db: pg.PoolClient) => Promise<T>): Promise<T> {
  return scope === null ? withOwner(pool, work) : withTenant(pool, scope, work);
}

/** True when this database has the role for the second wall and we may take it. */
export function hasRole(pool: pg.Pool): Promise<boolean> {
  let there = roleThere.get(pool);
  if (!there) {
    there = pool
      .query<{ there: boolean }>(
        "select exists (select from pg_roles where rolname = 'packetboat_tenant' and pg_has_role(current_user, oid, 'member')) as there",
      )
      .then(({ rows }) => rows[0]?.there === true);
    roleThere.set(pool, there);
    // A database that was away for a moment is asked again.
    there.catch(() => roleThere.delete(pool));
  }
  return there;
}

/** One round trip opens the transaction with everything that holds for it alone, so it is safe behind a transaction pooler. */
async function transaction<T>(pool: pg.Pool, opening: string, work: (db: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`begin;set local statement_timeout = ${STATEMENT_TIMEOUT_MS};${opening}`);
    const answer = await work(client);
    await client.query('commit');
    return answer;
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    // A connection that could not roll back is thrown away instead of being handed to somebody else.
    client.release(broken);
  }
}
