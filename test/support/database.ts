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

/** The template of each server this process uses. */
const templates = new Map<string, Promise<string>>();
let own: Promise<OwnServer> | null = null;

interface OwnServer {
  readonly server: EmbeddedPostgres;
  readonly folder: string;
}

export interface TestDatabaseOptions {
  /** Without any table. */
  readonly empty?: boolean;
  /**
   * On a server that no other test file uses: for what an open transaction in any database of the server can hold back (event cursors).
   * An external server is used as it is; such a run takes one file at a time.
   */
  readonly alone?: boolean;
}

/** A migrated database without rows, dropped when `t` ends (without `t`: when the file ends). */
export async function testDatabase(t?: Teardown, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = await testServerUrl(options);
  const prepared = templates.get(serverUrl) ?? prepareTemplate(serverUrl);
  templates.set(serverUrl, prepared);
  const name = options.empty ? 'template0' : await prepared;
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
async function testServerUrl(options: Pick<TestDatabaseOptions, 'alone'>): Promise<string> {
  const { PACKETBOAT_TEST_EXTERNAL_URL: external, PACKETBOAT_TEST_DATABASE_URL: fromRunner } = process.env;
  const given = external || (options.alone ? undefined : fromRunner);
  if (given) return given;
  own ??= startOwn();
  return (await own).server.url;
}

async function startOwn(): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'packetboat-test-'));
  return { folder, server: await startEmbeddedPostgres({ dataDir: folder, log: silentLog, flags: TEST_SERVER_FLAGS }) };
}

// Root hooks run in the order they were registered, so this one must come last: it waits until the process has nothing else to do.
process.once('beforeExit', () => {
  own
    ?.then(async ({ server, folder }) => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    })
    .catch((error) => {
      process.exitCode = 1;
      console.error(error);
    });
});

/** Makes the migrated template once per server and state of the migrations; others wait for the first. */
async function prepareTemplate(serverUrl: string): Promise<string> {
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
  return name;
}

/**
 * A pool that has ended may have connections that are still closing; forcing them would make their last words an uncaught error. Workers of
 * autovacuum, whom only a superuser may end, leave by themselves when a database is dropped without force.
 */
async function drop(client: pg.Client, database: string): Promise<void> {
  for (let tries = 0; tries < DROP_TRIES; tries += 1) {
    const { rows } = await client.query<{ open: number }>(
      `select count(*)::int as open from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
      [database],
    );
    if (rows[0]?.open === 0) return void (await client.query(`drop database if exists ${database}`));
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
