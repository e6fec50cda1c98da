// This file checks that migrations are applied once, in order, by one of many racing processes, and that odd databases are refused.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { AppError } from '../errors.ts';
import { silentLog as log } from '../log.ts';
import { checkSchema, migrate, parseMigration, readMigrations, schemaStatus } from './migrate.ts';

const REAL = new URL('../../migrations', import.meta.url).pathname;

test('the migrations of this version bring an empty database to its latest schema', async (t) => {
  const { pool } = await testDatabase(t);
  const status = await schemaStatus(pool, { directory: REAL });
  assert.deepEqual(
    { pending: status.pending, drifted: status.drifted, newer: status.newerBreaking },
    { pending: [], drifted: [], newer: [] },
  );
  assert.equal(status.current, readMigrations(REAL).at(-1)?.number);
  await checkSchema(pool, { directory: REAL });
});

test('eight processes that start at once apply each migration once', async (t) => {
  const directory = folder(t, {
    '0001_a.sql': no('create table a (n int); insert into a values (1);'),
    '0002_b.sql': no('insert into a values (2);'),
  });
  const pool = await emptyDatabase(t);
  const results = await Promise.all(Array.from({ length: 8 }, () => migrate(pool, { directory, log })));
  assert.deepEqual(results.flatMap(({ applied }) => applied).sort(), [1, 2]);
  assert.deepEqual((await pool.query('select n from a order by n')).rows, [{ n: 1 }, { n: 2 }]);
});

test('a migration that fails leaves nothing behind and is tried again after it was mended', async (t) => {
  const directory = folder(t, { '0001_a.sql': no('create table a (n int); select 1/0;') });
  const pool = await emptyDatabase(t);
  await assert.rejects(migrate(pool, { directory, log }), /Migration 0001_a: division by zero/);
  assert.equal((await pool.query("select to_regclass('a') as a")).rows[0].a, null);
  writeFileSync(join(directory, '0001_a.sql'), no('create table a (n int);'));
  assert.deepEqual(await migrate(pool, { directory, log }), { applied: [1] });
});

test('an index built outside a transaction is built, and built again when the first try was killed', async (t) => {
  const files = {
    '0001_a.sql': no('create table a (n int);'),
    '0002_i.sql': no('-- transaction: no\ncreate index concurrently if not exists a_n on a (n);'),
  };
  const directory = folder(t, files);
  const pool = await emptyDatabase(t);
  const both = await Promise.all([migrate(pool, { directory, log }), migrate(pool, { directory, log })]);
  assert.deepEqual(both.flatMap(({ applied }) => applied).sort(), [1, 2]);
  await pool.query('update schema_migrations set finished_at = null where number = 2');
  assert.deepEqual(await migrate(pool, { directory, log }), { applied: [2] });
});

test('a newer schema is refused when it breaks this version, and accepted when it does not', async (t) => {
  const directory = folder(t, { '0001_a.sql': no('create table a (n int);') });
  const pool = await emptyDatabase(t);
  await migrate(pool, { directory, log });
  const add = 'insert into schema_migrations (number, name, breaking, checksum, finished_at) values ($1, $2, $3, $4, now())';
  await pool.query(add, [2, 'later', false, 'x']);
  assert.deepEqual(await migrate(pool, { directory, log }), { applied: [] });
  await pool.query(add, [3, 'much_later', true, 'x']);
  for (const refused of [() => migrate(pool, { directory, log }), () => checkSchema(pool, { directory })]) {
    await assert.rejects(refused, (error) => error instanceof AppError && error.code === 'STORE_SCHEMA_NEWER');
  }
});

test('an old schema is named, and a changed file is reported as drift', async (t) => {
  const directory = folder(t, { '0001_a.sql': no('create table a (n int);') });
  const pool = await emptyDatabase(t);
  await assert.rejects(checkSchema(pool, { directory }), (error) => error instanceof AppError && error.code === 'STORE_SCHEMA_OLDER');
  await migrate(pool, { directory, log });
  writeFileSync(join(directory, '0001_a.sql'), no('create table a (n bigint);'));
  assert.deepEqual((await schemaStatus(pool, { directory })).drifted, [1]);
});

test('a file that does not keep to the form is named', () => {
  for (const [name, sql, complaint] of [
    ['1_a.sql', no(''), /named 0001_words/],
    ['0001_a.sql', 'select 1', /first line/],
    ['0001_a.sql', '-- breaking: maybe\n-- why', /first line/],
    ['0001_a.sql', '-- breaking: no\nselect 1', /second line/],
  ] as const) {
    assert.throws(() => parseMigration(name, sql), complaint);
  }
});

function no(sql: string): string {
  return `-- breaking: no\n-- A test needs it.\n${sql}`;
}

function folder(t: TestContext, files: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), 'packetboat-migrations-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(path, name), sql);
  return path;
}

async function emptyDatabase(t: TestContext) {
  const { pool } = await testDatabase(t, { empty: true });
  return pool;
}
