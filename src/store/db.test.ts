import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tcpRelay } from '../../test/fakes/tcp-relay.ts';
import { testDatabase } from '../../test/support/database.ts';
import { until } from '../../test/support/until.ts';
import { silentLog } from '../log.ts';
import { isDatabaseAway, isDataError, isOutage, openDb, sqlState } from './db.ts';
import { openHints } from './hints.ts';

/** What the socket says after the server's own last word. */
const RESET = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

test('A connection that breaks while it is in use ends its query, not the process', async (t) => {
  const { url } = await testDatabase(t);
  const db = openDb(url, silentLog);
  for (const pool of [db.pool, db.hot]) {
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const slow = assert.rejects(client.query('select pg_sleep(30)'), { code: '57P01' });
    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await slow;
    assert.doesNotThrow(() => client.emit('error', RESET));
    client.release(true);
    assert.doesNotThrow(() => client.emit('error', RESET));
    assert.equal((await pool.query('select 1')).rowCount, 1);
  }
  await db.close();
});

test('Hours, days and how times are written are those of UTC and ISO, whatever the database is set to', async (t) => {
  const { url, pool } = await testDatabase(t);
  const name = new URL(url).pathname.slice(1);
  await pool.query(`alter database ${name} set timezone = 'Asia/Kolkata'`);
  await pool.query(`alter database ${name} set datestyle = 'German, DMY'`);
  const db = openDb(url, silentLog);
  t.after(() => db.close());
  for (const each of [db.pool, db.hot]) {
    const { rows } = await each.query<{ hour: Date; day: string }>(
      `select date_trunc('hour', at) as hour, at::date::text as day from (select '2026-03-01T23:10:00Z'::timestamptz as at) it`,
    );
    assert.deepEqual(rows, [{ hour: new Date('2026-03-01T23:00:00Z'), day: '2026-03-01' }]);
  }
});

test('A listener whose server is killed listens again, once', async (t) => {
  const { url } = await testDatabase(t);
  const db = openDb(url, silentLog);
  let heard = 0;
  const hints = openHints(db.pool, silentLog, () => {
    heard += 1;
  });
  const listeners = async () =>
    (await db.hot.query<{ pid: number }>("select pid from pg_stat_activity where datname = current_database() and query like 'listen %'"))
      .rows;
  // The one that listens, when there is one only and it is not `before`: between two there may be a moment without any, seen or not.
  const listening = (before?: number) =>
    until(
      async () => {
        const [one, ...others] = await listeners();
        return one && others.length === 0 && one.pid !== before ? one.pid : null;
      },
      { what: 'one connection to listen' },
    );
  const first = await listening();
  await db.hot.query('select pg_terminate_backend($1)', [first]);
  await listening(first);
  hints.send({ kind: 'accounts' });
  await until(() => heard > 0, { what: 'the hint to be heard' });
  assert.equal(heard, 1);
  await hints.stop();
  await db.close();
});

test('A listener whose line breaks as it asks to listen, listens once all the same, and can stop', { timeout: 120_000 }, async (t) => {
  const { url } = await testDatabase(t);
  const relay = await tcpRelay(Number(new URL(url).port));
  t.after(() => relay.close());
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(relay.port);
  const db = openDb(through.href, silentLog);
  relay.cutAtQuestion('listen packetboat');
  let heard = 0;
  const hints = openHints(db.pool, silentLog, () => {
    heard += 1;
  });
  await until(() => relay.cuts > 0, { what: 'the line to break' });
  await until(
    () => {
      hints.send({ kind: 'accounts' });
      return heard > 0;
    },
    { what: 'the next listener' },
  );
  await hints.stop();
  // Ends when every connection is given back: a second listener would keep one for ever.
  await db.close();
});

test('A listener that is stopped while it connects keeps no connection', { timeout: 120_000 }, async (t) => {
  const { url } = await testDatabase(t);
  const db = openDb(url, silentLog);
  const hints = openHints(db.pool, silentLog, () => {});
  await hints.stop();
  // Ends when every connection is given back.
  await db.close();
});

test('A database that is away is told from a fault of ours and from data that it refuses', async (t) => {
  const { pool } = await testDatabase(t);
  const refused = await pool.query('select 1/0').catch((error: unknown) => error);
  assert.ok(!isDatabaseAway(refused));
  assert.ok(!isDatabaseAway(new TypeError('x is not a function')));
  assert.ok(isDatabaseAway(RESET));
  assert.ok(isDatabaseAway(new Error('Connection terminated unexpectedly')));
  const ended = await pool.query('select pg_terminate_backend(pg_backend_pid())').catch((error: unknown) => error);
  assert.ok(isDatabaseAway(ended));
  for (const code of ['EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])
    assert.ok(isDatabaseAway(Object.assign(new Error(code), { code })), code);
  for (const words of ['timeout expired', 'Client has encountered a connection error and is not queryable'])
    assert.ok(isDatabaseAway(new Error(words)), words);
});

test('A server that only reads, a deadlock and a lock that is not to be had blame nobody: the same is tried again', async (t) => {
  const { pool } = await testDatabase(t);
  await pool.query('create table boats (id int primary key)');
  await pool.query('insert into boats values (1), (2)');
  const failed = async (...statements: string[]) => {
    const client = await pool.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } catch (error) {
      return error;
    } finally {
      await client.query('rollback');
      client.release();
    }
    throw new Error('it was to fail');
  };
  const readOnly = await failed('begin read only', 'delete from boats');
  const [one, two] = [await pool.connect(), await pool.connect()];
  for (const [client, id] of [[one, 1] as const, [two, 2] as const]) {
    await client.query('begin');
    await client.query('select from boats where id = $1 for update', [id]);
  }
  const locked = await failed('begin', 'select from boats where id = 1 for update nowait');
  const crossed = await Promise.allSettled([
    one.query('select from boats where id = 2 for update').finally(() => one.query('rollback')),
    two.query('select from boats where id = 1 for update').finally(() => two.query('rollback')),
  ]);
  for (const client of [one, two]) client.release();
  const deadlock = crossed.find((each) => each.status === 'rejected')?.reason;
  for (const [error, state] of [
    [readOnly, '25006'],
    [locked, '55P03'],
    [deadlock, '40P01'],
  ] as const) {
    assert.equal(sqlState(error), state);
    assert.ok(isOutage(error) && isDatabaseAway(error) && !isDataError(error), state);
  }
});

test('Connections whose way has died are given up, and new ones are made', { timeout: 120_000 }, async (t) => {
  const { url } = await testDatabase(t);
  const relay = await tcpRelay(Number(new URL(url).port));
  t.after(() => relay.close());
  const through = new URL(url);
  through.port = String(relay.port);
  // Waited for in full once; nobody who answers needs so long, on a busy machine either.
  const db = openDb(through.href, silentLog, { connections: 10, answerTimeoutMs: 10_000 });
  t.after(() => db.close());
  const ask = (pool: typeof db.pool) => pool.query('select 1');
  // As many as there may be, so that none of them is fresh afterwards.
  for (const pool of [db.pool, db.hot]) await Promise.all(Array.from({ length: 8 }, () => ask(pool)));
  relay.hang();
  const answers = await Promise.allSettled([db.pool, db.hot].flatMap((pool) => Array.from({ length: 8 }, () => ask(pool))));
  for (const answer of answers) {
    assert.equal(answer.status, 'rejected');
    assert.ok(answer.status === 'rejected' && isDatabaseAway(answer.reason), String(answer));
  }
  relay.open();
  for (const pool of [db.pool, db.hot]) assert.equal((await ask(pool)).rowCount, 1);
});
