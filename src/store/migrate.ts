// This file brings a database to the schema of this version: numbered SQL files, forward only, each applied once and remembered with
// its checksum. A binary that meets a newer schema marked breaking refuses to run.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';

/** Any number that nothing else in this database locks. */
const LOCK_KEY = 7_212_480;
/** The lock is tried, not waited for: a waiting statement would hold a snapshot, and `create index concurrently` waits for those. */
const LOCK_LOOK_MS = 100;
/** Beyond this another migration is not just slow. */
/** An index over hundreds of millions of rows takes hours; a day is no index any more. */
const MIGRATION_MAX_MS = 24 * 3_600_000;
const LOCK_TRIES_MAX = 36_000;
const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;

export interface Migration {
  readonly number: number;
  readonly name: string;
  /** True when an older binary must not run on the schema afterwards. */
  readonly breaking: boolean;
  /** False for statements that PostgreSQL refuses inside a transaction; such a file holds one statement that may be repeated. */
  readonly transaction: boolean;
  readonly sql: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly checksum: string;
}

export interface SchemaStatus {
  /** Highest number applied; 0 for an empty database. */
  readonly current: number;
  /** Highest number this version knows. */
  readonly latest: number;
  readonly pending: readonly Migration[];
  /** Applied by a newer version, and breaking: this version must not run. */
  readonly newerBreaking: readonly number[];
  /** Applied files whose text has changed since. */
  readonly drifted: readonly number[];
}

interface AppliedRow {
  readonly number: number;
  readonly breaking: boolean;
  readonly checksum: string;
  readonly finished: boolean;
}

/** Reads the migrations of a folder in order. Throws an Error naming the file that does not keep to the form. */
export function readMigrations(directory: string): Migration[] {
  const migrations = readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => parseMigration(name, readFileSync(join(directory, name), 'utf8')));
  migrations.forEach((migration, index) => {
    if (migrations[index - 1]?.number === migration.number) throw new Error(`two migrations have the number ${migration.number}`);
  });
  return migrations;
}

/** Reads one migration. `name` is its file name, `sql` its text. */
export function parseMigration(name: string, sql: string): Migration {
  const parts = FILE_NAME.exec(name);
  if (!parts) throw new Error(`${name}: a migration is named 0001_words.sql`);
  const [first = '', second = ''] = sql.split('\n');
  const breaking = /^-- breaking: (yes|no)$/.exec(first)?.[1];
  if (!breaking) throw new Error(`${name}: the first line is "-- breaking: yes" or "-- breaking: no"`);
  if (!/^-- \S/.test(second)) throw new Error(`${name}: the second line is a comment that says why`);
  const transaction = !/^-- transaction: no$/m.test(sql);
  const checksum = createHash('sha256').update(sql).digest('hex');
  return { number: Number(parts[1]), name: parts[2] ?? '', breaking: breaking === 'yes', transaction, sql, checksum };
}

/** Compares a database with the migrations of this version without changing it. */
export async function schemaStatus(pool: Pool, options: { directory: string }): Promise<SchemaStatus> {
  return compare(readMigrations(options.directory), await readApplied(pool));
}

/**
 * Applies what is missing; safe to call from several processes at once. Returns the numbers it applied.
 * Throws STORE_SCHEMA_NEWER when the schema is of a newer, breaking version, MIGRATION_FAILED when a file fails.
 */
export async function migrate(pool: Pool, options: { directory: string; log: Log }): Promise<{ applied: number[] }> {
  const migrations = readMigrations(options.directory);
  const client = await pool.connect();
  const applied: number[] = [];
  try {
    await lock(client);
    try {
      // The pool bounds its statements for requests; building an index over millions of rows may take longer.
      await client.query('set statement_timeout = 0');
      await client.query(`create table if not exists schema_migrations (
        number integer primary key, name text not null, breaking boolean not null, checksum text not null,
        started_at timestamptz not null default now(), finished_at timestamptz)`);
      const status = compare(migrations, await readApplied(client));
      refuseNewer(status);
      if (status.drifted.length > 0) {
        options.log.warn(
          { event: 'migration_drift', numbers: status.drifted },
          'these migrations were changed after they had been applied',
        );
      }
      const isNew = status.pending.length === migrations.length;
      for (const migration of status.pending) {
        if (await apply(client, migration)) applied.push(migration.number);
        // The first start of a desk is read by a person: one line there.
        options.log[isNew ? 'debug' : 'info'](
          { event: 'migration_applied', number: migration.number, name: migration.name },
          'migration applied',
        );
      }
      if (isNew) options.log.info({ event: 'schema_made', migrations: applied.length }, 'the database has its tables');
    } finally {
      await client.query('reset statement_timeout');
      await client.query('select pg_advisory_unlock($1)', [LOCK_KEY]);
    }
  } finally {
    client.release();
  }
  return { applied };
}

/** Throws STORE_SCHEMA_NEWER or STORE_SCHEMA_OLDER when this version must not run on the schema as it is. */
export async function checkSchema(pool: Pool, options: { directory: string }): Promise<void> {
  const status = await schemaStatus(pool, options);
  refuseNewer(status);
  if (status.pending.length > 0) {
    throw new AppError('STORE_SCHEMA_OLDER', `The database is at schema ${status.current}; this version needs ${status.latest}.`);
  }
}

function refuseNewer(status: SchemaStatus): void {
  if (status.newerBreaking.length === 0) return;
  throw new AppError(
    'STORE_SCHEMA_NEWER',
    `The database has schema ${status.newerBreaking.at(-1)}, this version knows ${status.latest}, and what lies between breaks it.`,
  );
}

/** Answers false when another process was faster, which can happen behind a pooler that loses session locks. */
async function apply(client: PoolClient, migration: Migration): Promise<boolean> {
  const { number, name, breaking, checksum } = migration;
  const insert = `insert into schema_migrations (number, name, breaking, checksum) values ($1, $2, $3, $4)
    on conflict (number) do update set started_at = now() where schema_migrations.finished_at is null returning number`;
  const finish = 'update schema_migrations set finished_at = now() where number = $1';
  if (!migration.transaction) {
    const { rowCount } = await client.query(insert, [number, name, breaking, checksum]);
    if (rowCount !== 1) return false;
    await client.query(patient(migration.sql));
    await client.query(finish, [number]);
    return true;
  }
  await client.query('begin');
  try {
    // The row goes in first, so that a racing process collides here and not in the middle.
    const { rowCount } = await client.query(insert, [number, name, breaking, checksum]);
    if (rowCount === 1) {
      await client.query(patient(migration.sql));
      await client.query(finish, [number]);
    }
    await client.query('commit');
    return rowCount === 1;
  } catch (cause) {
    await client.query('rollback');
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('MIGRATION_FAILED', `Migration ${String(number).padStart(4, '0')}_${name}: ${why}.`, { cause });
  }
}

/** A statement whose answer may take as long as it takes: the pool gives up on answers that requests wait for. */
function patient(text: string): { text: string; query_timeout: number } {
  return { text, query_timeout: MIGRATION_MAX_MS };
}

async function lock(client: PoolClient): Promise<void> {
  for (let tries = 0; tries < LOCK_TRIES_MAX; tries += 1) {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [LOCK_KEY]);
    if (rows[0]?.got) return;
    await delay(LOCK_LOOK_MS);
  }
  throw new AppError('STORE_UNAVAILABLE', 'Another process has been migrating this database for an hour.', {
    hint: 'Look for a stuck "packetboat migrate", end it, and start again.',
  });
}

async function readApplied(db: Pool | PoolClient): Promise<AppliedRow[]> {
  const { rows: found } = await db.query<{ there: boolean }>("select to_regclass('schema_migrations') is not null as there");
  if (!found[0]?.there) return [];
  const { rows } = await db.query<AppliedRow>(
    'select number, breaking, checksum, finished_at is not null as finished from schema_migrations order by number',
  );
  return rows;
}

function compare(migrations: readonly Migration[], rows: readonly AppliedRow[]): SchemaStatus {
  const applied = new Map(rows.filter((row) => row.finished).map((row) => [row.number, row]));
  const latest = migrations.at(-1)?.number ?? 0;
  return {
    current: Math.max(0, ...applied.keys()),
    latest,
    pending: migrations.filter((migration) => !applied.has(migration.number)),
    newerBreaking: rows.filter((row) => row.number > latest && row.breaking).map((row) => row.number),
    drifted: migrations
      .filter(({ number, checksum }) => (applied.get(number)?.checksum ?? checksum) !== checksum)
      .map(({ number }) => number),
  };
}
