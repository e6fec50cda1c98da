// This file looks at a database for `packetboat doctor`: version, clock, schema, and whether the role of row-level security can be made.
import pg from 'pg';
import type { Clock } from '../clock.ts';
import { lookAtDatabaseClock, provenOffset } from './database-clock.ts';
import { type SchemaStatus, schemaStatus } from './migrate.ts';

const CONNECT_LIMIT_MS = 5_000;

export interface DatabaseLook {
  /** For example 180004. */
  readonly versionNumber: number;
  readonly versionText: string;
  readonly user: string;
  /** The database's clock minus ours, milliseconds; 0 where the way there could make the difference. */
  readonly offsetMs: number;
  /** Null when tenant requests are walled off by the database too; else why not. */
  readonly wallMissing: string | null;
  /** Settings that are off although a commit must survive a crash (`fsync` …). */
  readonly forgetful: readonly string[];
  readonly schema: SchemaStatus;
}

/** Connects, looks, and leaves no trace. Rejects when the database does not answer. */
export async function inspectDatabase(url: string, options: { directory: string; clock: Clock }): Promise<DatabaseLook> {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  pool.on('error', () => undefined);
  try {
    const { rows } = await pool.query<{ number: number; text: string; role: string; forgetful: string[] }>(
      `select current_setting('server_version_num')::int as number, current_setting('server_version') as text, current_user as role,
         array(select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name) as forgetful`,
    );
    const [row] = rows;
    if (!row) throw new Error('the database answered nothing');
    return {
      versionNumber: row.number,
      versionText: row.text,
      user: row.role,
      offsetMs: provenOffset(0, await lookAtDatabaseClock(pool, options.clock)),
      wallMissing: await tryWall(pool),
      forgetful: row.forgetful,
      schema: await schemaStatus(pool, options),
    };
  } finally {
    await pool.end();
  }
}

/** Takes on the tenant role, making it where it is absent, in a transaction that is rolled back. */
async function tryWall(pool: pg.Pool): Promise<string | null> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rowCount } = await client.query("select from pg_roles where rolname = 'packetboat_tenant'");
    if (!rowCount) {
      await client.query('create role packetboat_tenant nologin');
      await client.query('grant packetboat_tenant to current_user');
    }
    await client.query('set local role packetboat_tenant');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
