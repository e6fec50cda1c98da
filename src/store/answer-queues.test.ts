import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { finishAnswers, takeInbound, takeWebhooks } from './answer-queues.ts';
import { inTransaction } from './feedback.ts';
import { makeInboundStore, makeWebhookStore } from './webhook-intake.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool, accountId } = rows;

const webhook = (body: Buffer, id = ids.next()) => ({ id, accountId, method: 'POST', url: '/hooks/x', headers: {}, body });
const mail = (raw: Buffer, id = ids.next()) => ({
  id,
  tenantId: null,
  recipientId: null,
  mailFrom: '',
  rcptTo: 'a@returns.test',
  remoteAddress: '127.0.0.1',
  raw,
});

/** The hot pool, with the longest parameter of each statement noted. */
function watched() {
  const longest: number[] = [];
  const hot = new Proxy(db.hot, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name, target);
      return (query: { values: unknown[] }) => {
        longest.push(Math.max(...query.values.map((value) => (Buffer.isBuffer(value) ? value.length : 0))));
        return Reflect.apply(target.query, target, [query]);
      };
    },
  });
  return { hot, longest };
}

test('Large bodies that come together go into the store a few at a time, each once', async () => {
  const MIB = 1024 * 1024;
  const bodies = [3, 3, 3, 9, 1, 1].map((size, n) => Buffer.alloc(size * MIB, String(n)));
  for (const { submit, longest, table, column } of [
    (() => {
      const { hot, longest } = watched();
      const store = makeWebhookStore(hot);
      return { submit: (body: Buffer) => store.submit(webhook(body)), longest, table: 'webhook_requests', column: 'body' };
    })(),
    (() => {
      const { hot, longest } = watched();
      const store = makeInboundStore(hot);
      return { submit: (raw: Buffer) => store.submit(mail(raw)), longest, table: 'inbound_mails', column: 'raw' };
    })(),
  ]) {
    await Promise.all(bodies.map(submit));
    assert.deepEqual(
      longest.map((bytes) => bytes / MIB),
      [6, 3, 9, 2],
    );
    const { rows: stored } = await pool.query<{ first: string; bytes: number }>(
      `select chr(get_byte(${column}, 0)) as first, octet_length(${column}) as bytes from ${table} order by 1`,
    );
    assert.deepEqual(
      stored.map(({ first, bytes }) => [first, bytes]),
      bodies.map((body, n) => [String(n), body.length]),
    );
  }
  await pool.query('truncate webhook_queue, inbound_queue');
});

test('One that the store refuses fails alone, and those that were stored beside it are no failure', async () => {
  const store = makeWebhookStore(db.hot);
  const big = Buffer.alloc(5 * 1024 * 1024);
  const answers = await Promise.allSettled([
    store.submit(webhook(big)),
    store.submit({ ...webhook(big), headers: { a: 'b' }, id: 'no id' }),
  ]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  assert.equal((await takeWebhooks(db.hot, 10)).length, 1);
  await pool.query('truncate webhook_queue');
});

test('A reader takes the oldest, as many as its memory may hold, and always one', async () => {
  for (const [store, take, queue, make] of [
    [makeWebhookStore(db.hot), takeWebhooks, 'webhook_queue', webhook],
    [makeInboundStore(db.hot), takeInbound, 'inbound_queue', mail],
  ] as const) {
    const sizes = [30, 60, 20, 200, 10];
    const made: string[] = [];
    for (const [n, size] of sizes.entries()) {
      const id = ids.next();
      made.push(id);
      // Each is one of its own kind; the store of a kind takes what the maker of that kind makes.
      await store.submit(make(Buffer.alloc(size), id) as never);
      await pool.query(`update ${queue} set due_at = now() - make_interval(mins => $2) where id = $1`, [id, 10 - n]);
    }
    const looks: string[][] = [];
    for (let left = sizes.length; left > 0; ) {
      const taken = (await take(db.hot, 10, 100)).map(({ id }) => id);
      looks.push(taken);
      left -= taken.length;
      await inTransaction(db.hot, (client) => finishAnswers(client, queue, taken));
      assert.ok(taken.length > 0);
    }
    assert.deepEqual(
      looks,
      [[0, 1], [2], [3], [4]].map((look) => look.map((n) => made[n])),
    );
  }
});

test('A long backlog is not walked through at every look', async () => {
  await pool.query(
    `insert into webhook_queue (id, account_id, due_at) select gen_random_uuid(), $1, now() - n * interval '1 second' from generate_series(1, 20000) as n`,
    [accountId],
  );
  await pool.query(`insert into inbound_queue (id, due_at) select id, due_at from webhook_queue`);
  await pool.query('analyze webhook_queue, inbound_queue');
  for (const queue of ['webhook_queue', 'inbound_queue']) {
    const { rows: plan } = await pool.query<{ 'QUERY PLAN': string }>(
      `explain select id, due_at from ${queue} where due_at <= now() order by due_at limit 100 for update skip locked`,
    );
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    assert.match(text, new RegExp(`Index Scan using ${queue}_due`), text);
  }
  await pool.query('truncate webhook_queue, inbound_queue');
});
