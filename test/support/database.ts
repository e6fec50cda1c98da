// This file gives a test a database of its own: one migrated template per run, copied in milliseconds, dropped after the test.
// The server is the one the test runner started (PACKETBOAT_TEST_DATABASE_URL), an external one (PACKETBOAT_TEST_EXTERNAL_URL), or, when
// a file runs alone, an embedded one that this file starts and stops.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { silentLog } from '../../src/log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import { TEST_SERVER_FLAGS } from './server-flags.ts';

const MIGRATIONS = new URL('../../migrations', import.meta.url).pathname;
/** Any number that nothing else in the maintenance database locks. */
const TEMPLATE_LOCK_KEY = 7_212_481;
const POOL_SIZE = 8;
/** One second for connections that are closing; what is open then was forgotten by the test. */
const DROP_TRIES = 50;
const DROP_LOOK_MS = 20;

export interface TestDatabase {
  /** Connection string of the database, as its owner. */
  readonly url: string;
  /** A pool on it; closed for you. */
  readonly pool: pg.Pool;
}

/** Where the teardown is registered: a test context, or nothing for the end of the file. */
export interface Teardown {
  after(fn: () => Promise<void>): void;
}

let template: Promise<{ serverUrl: string; name: string }> | null = null;
let own: { server: EmbeddedPostgres; folder: string } | null = null;

/** A migrated database without rows, dropped when `t` ends (without `t`: when the file ends). `empty`: without any table. */
export async function testDatabase(t?: Teardown, options: { empty?: boolean } = {}): Promise<TestDatabase> {
  template ??= prepareTemplate();
  const prepared = await template;
  const { serverUrl } = prepared;
  const name = options.empty ? 'template0' : prepared.name;
  const database = `pb_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await onServer(serverUrl, (client) => client.query(`create database ${database} template ${name} strategy file_copy`));
  const url = withDatabase(serverUrl, database);
  const pool = new pg.Pool({ connectionString: url, max: POOL_SIZE });
  // A dropped database ends idle connections; that is no failure of the test.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const teardown = async () => {
    if (!pool.ended) await pool.end();
    await onServer(serverUrl, (client) => drop(client, database));
  };
  if (t) t.after(teardown);
  else after(teardown);
  return { url, pool };
}

/** The server for this run: connection string of a database in which others may be made. */
export async function testServerUrl(): Promise<string> {
  const { PACKETBOAT_TEST_EXTERNAL_URL: external, PACKETBOAT_TEST_DATABASE_URL: fromRunner } = process.env;
  const given = external || fromRunner;
  if (given) return given;
  if (own) return own.server.url;
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-test-'));
  own = { folder, server: await startEmbeddedPostgres({ dataDir: folder, log: silentLog, flags: TEST_SERVER_FLAGS }) };
  return own.server.url;
}

// Root hooks run in the order they were registered, so this one must come last: it waits until the process has nothing else to do.
process.once('beforeExit', () => {
  if (!own) return;
  const { server, folder } = own;
  own = null;
  server.stop().then(
    () => rmSync(folder, { recursive: true, force: true }),
    (error) => {
      process.exitCode = 1;
      console.error(error);
    },
  );
});

/** Makes the migrated template once per server and state of the migrations; others wait for the first. */
async function prepareTemplate(): Promise<{ serverUrl: string; name: string }> {
  const serverUrl = await testServerUrl();
  const sum = createHash('sha256');
  for (const migration of readMigrations(MIGRATIONS)) sum.update(migration.checksum);
  const name = `pb_template_${sum.digest('hex').slice(0, 12)}`;
  await onServer(serverUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK_KEY]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return;
    await client.query(`drop database if exists ${name}_unfinished with (force)`);
    await client.query(`create database ${name}_unfinished`);
    const pool = new pg.Pool({ connectionString: withDatabase(serverUrl, `${name}_unfinished`), max: 2 });
    try {
      await migrate(pool, { directory: MIGRATIONS, log: silentLog });
    } finally {
      await pool.end();
    }
    await client.query(`alter database ${name}_unfinished rename to ${name}`);
  });
  return { serverUrl, name };
}

/** A pool that has ended may have connections that are still closing; forcing them would make their last words an uncaught error. */
async function drop(client: pg.Client, database: string): Promise<void> {
  for (let tries = 0; tries < DROP_TRIES; tries += 1) {
    const { rows } = await client.query<{ open: number }>('select count(*)::int as open from pg_stat_activity where datname = $1', [
      database,
    ]);
    if (rows[0]?.open === 0) break;
    await delay(DROP_LOOK_MS);
  }
  await client.query(`drop database if exists ${database} with (force)`);
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
