// This file gives a test a database of its own: one migrated template per run, copied in milliseconds, dropped when nobody uses it any more.
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
/** Two seconds at the end of a file for connections that are closing. */
const LAST_TRIES = 100;
const LAST_LOOK_MS = 20;

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
/** Databases whose tests are over, with their server. */
const over = new Map<string, string>();

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
  await onServer(serverUrl, async (client) => {
    await dropOver(client, serverUrl);
    await client.query(`create database ${database} template ${name} strategy file_copy`);
  });
  const url = withDatabase(serverUrl, database);
  const pool = new pg.Pool({ connectionString: url, max: POOL_SIZE });
  // A dropped database ends idle connections; that is no failure of the test.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  // Hooks run in the order they were registered and a failed one keeps the rest from running: what the test opened on this database after
  // this line is still open when ours runs, so nothing is dropped in it.
  const teardown = async () => {
    over.set(database, serverUrl);
    if (!pool.ended) await pool.end();
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
  // Whoever counts on nobody else's transactions must not meet those of the server's own housekeeping: what ANALYZE writes holds events back, too.
  const flags = [...TEST_SERVER_FLAGS, 'autovacuum=off'];
  return { folder, server: await startEmbeddedPostgres({ dataDir: folder, log: silentLog, flags }) };
}

// The process has nothing else to do: every pool is closed.
process.once('beforeExit', () => {
  finish().catch((error) => {
    process.exitCode = 1;
    console.error(error);
  });
});

async function finish(): Promise<void> {
  for (const serverUrl of new Set(over.values())) await onServer(serverUrl, (client) => dropOver(client, serverUrl, LAST_TRIES));
  if (!own) return;
  const { server, folder } = await own;
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

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
 * Drops the databases that are over and to which nobody is connected; looks up to `tries` times. Never by force: that makes the last words of
 * a closing connection an uncaught error, and fails at workers of autovacuum, whom only a superuser may end; without force they leave by
 * themselves. What stays connected (a process that a test killed) goes with the server.
 */
async function dropOver(client: pg.Client, serverUrl: string, tries = 1): Promise<void> {
  for (let look = 1; look <= tries; look += 1) {
    const names = [...over].flatMap(([database, server]) => (server === serverUrl ? [database] : []));
    if (names.length === 0) return;
    if (look > 1) await delay(LAST_LOOK_MS);
    const { rows } = await client.query<{ name: string }>(
      `select name from unnest($1::text[]) as name
       where not exists (select from pg_stat_activity where datname = name and backend_type = 'client backend')`,
      [names],
    );
    for (const { name } of rows) {
      await client.query(`drop database if exists ${name}`);
      over.delete(name);
    }
  }
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
