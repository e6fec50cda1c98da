import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type pg from 'pg';
import { ids, type MailRows, mailRows } from '../../test/support/mail-rows.ts';
import { silentLog } from '../log.ts';
import type { ConsumedEvent } from '../store/event-consumers.ts';
import { makeIntake } from '../store/intake.ts';
import { type ConsumeLimits, type EventConsumer, makeConsumeEvents } from './consume-events.ts';

interface World extends MailRows {
  /** Writes events about one recipient, and answers their ids. */
  happen(count: number, event?: { type?: string; db?: pg.PoolClient }): Promise<string[]>;
  /** A consumer that writes down what it was given. */
  tally(name: string, change?: Partial<EventConsumer>): EventConsumer;
  /** What it wrote, in the order in which it was given. */
  tallied(name: string): Promise<string[]>;
  runner(consumers: readonly EventConsumer[], limits?: Partial<ConsumeLimits>): () => Promise<number>;
  later(ms: number): void;
}

async function world(t: TestContext): Promise<World> {
  // An open transaction anywhere on the server holds the log back: such files have a server of their own.
  const rows = await mailRows(t, { alone: true });
  t.after(() => rows.db.close());
  const { pool, tenantId } = rows;
  await pool.query('create table tally (n integer generated always as identity, name text, id uuid)');
  const message = rows.message();
  await makeIntake(pool).submit(message);
  const recipientId = message.recipients[0]?.id;
  let nowMs = 0;
  return {
    ...rows,
    async happen(count, { type = 'delivered', db } = {}) {
      const eventIds = Array.from({ length: count }, () => ids.next());
      await (db ?? pool).query(
        `insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
         select $1, id, $2, $3, $4, '{"class": "delivered"}', now() from unnest($5::uuid[]) as t(id)`,
        [tenantId, recipientId, message.id, type, eventIds],
      );
      return eventIds;
    },
    tally: (name, change = {}) => ({
      name,
      types: ['delivered', 'bounced'],
      start: 'beginning',
      async consume(client, page) {
        await client.query('insert into tally (name, id) select $1, id from unnest($2::uuid[]) with ordinality as t(id, n) order by n', [
          name,
          page.map((event) => event.id),
        ]);
      },
      ...change,
    }),
    async tallied(name) {
      const { rows: found } = await pool.query<{ id: string }>('select id from tally where name = $1 order by n', [name]);
      return found.map((row) => row.id);
    },
    runner: (consumers, limits = {}) => makeConsumeEvents({ pool, clock: { monotonicMs: () => nowMs }, log: silentLog, consumers, limits }),
    later: (ms) => {
      nowMs += ms;
    },
  };
}

test('A consumer gets every event of its types once, in order, page after page, with what is known about the recipient', async (t) => {
  const { happen, runner, tally, tallied, tenantId, accountId, routeId, lane } = await world(t);
  const pages: ConsumedEvent[][] = [];
  const watch: EventConsumer = {
    name: 'watch',
    types: ['bounced'],
    start: 'beginning',
    consume: async (_, page) => void pages.push([...page]),
  };
  const first = await happen(5);
  const bounced = await happen(1, { type: 'bounced' });
  await happen(3, { type: 'opened' });
  const run = runner([tally('all'), watch], { pageRows: 4 });
  assert.equal(await run(), 9);
  assert.equal(await run(), 0);
  assert.deepEqual(await tallied('all'), [...first, ...bounced]);
  assert.equal(pages.length, 1, 'a page without any event of its types is not given to it');
  const { id, messageId, recipientId, atMs, ...facts } = pages[0]?.[0] ?? assert.fail();
  assert.equal(id, bounced[0]);
  assert.ok(messageId && recipientId && Math.abs(atMs - Date.now()) < 3_600_000);
  const poolId = facts.poolId;
  assert.ok(poolId);
  assert.deepEqual(facts, {
    tenantId,
    type: 'bounced',
    data: { class: 'delivered' },
    address: 'member0@mailbox.test',
    stream: 'transactional',
    state: 'queued',
    fromAddress: 'office@club.test',
    fromDomain: 'club.test',
    mailFrom: 'office@club.test',
    mailboxProvider: 'other',
    laneId: lane.id,
    routeId,
    accountId,
    poolId,
  });
});

test('What comes while a page is read waits for the next call', async (t) => {
  const { happen, runner, tally, tallied } = await world(t);
  const all = await happen(2);
  const busy = tally('busy');
  const run = runner([
    {
      ...busy,
      async consume(client, page) {
        await busy.consume(client, page);
        if (all.length < 5) all.push(...(await happen(1)));
      },
    },
  ]);
  for (const expected of [2, 1, 1, 1, 0]) assert.equal(await run(), expected);
  assert.deepEqual(await tallied('busy'), all);
});

test('A new consumer begins with everything stored or with what comes, as it declares, and meets the others', async (t) => {
  const { happen, runner, tally, tallied } = await world(t);
  const before = await happen(7);
  await runner([tally('old')])();
  const consumers = [tally('old'), tally('from-the-start'), tally('from-now', { start: 'present' })];
  const run = runner(consumers, { pageRows: 3 });
  await run();
  const after = await happen(2);
  await run();
  assert.deepEqual(await tallied('old'), [...before, ...after]);
  assert.deepEqual(await tallied('from-the-start'), [...before, ...after]);
  assert.deepEqual(await tallied('from-now'), after);
});

test('A crash between two pages, or inside one, loses nothing and repeats nothing', async (t) => {
  const { happen, runner, tally, tallied, pool } = await world(t);
  const all = await happen(10);
  await runner([tally('one')], { pageRows: 4, pages: 1 })();
  assert.equal((await tallied('one')).length, 4);
  // The connection dies after the consumer wrote and before its place moved.
  const dies = tally('one');
  const run = runner(
    [
      {
        ...dies,
        async consume(client, page) {
          await dies.consume(client, page);
          const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
          await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
          await client.query('select 1');
        },
      },
    ],
    { pageRows: 4 },
  );
  await assert.rejects(run());
  assert.equal((await tallied('one')).length, 4);
  await runner([tally('one')], { pageRows: 4 })();
  assert.deepEqual(await tallied('one'), all);
});

test('Two runners at once share the work without giving an event twice', async (t) => {
  const { happen, runner, tally, tallied } = await world(t);
  const all = await happen(60);
  const consumers = [tally('one'), tally('two')];
  const runners = [runner(consumers, { pageRows: 5 }), runner(consumers, { pageRows: 5 }), runner(consumers, { pageRows: 5 })];
  while ((await Promise.all(runners.map((run) => run()))).some((rows) => rows > 0));
  for (const name of ['one', 'two']) assert.deepEqual(await tallied(name), all);
});

test('An event whose transaction commits late is not skipped', async (t) => {
  const { happen, runner, tally, tallied, pool } = await world(t);
  const run = runner([tally('one')]);
  const slow = await pool.connect();
  await slow.query('begin');
  const late = await happen(1, { db: slow });
  const younger = await happen(3);
  assert.equal(await run(), 0, 'what a running transaction can still precede waits');
  await slow.query('commit');
  slow.release();
  await run();
  assert.deepEqual(await tallied('one'), [...late, ...younger]);
});

test('A consumer that fails undoes only its own page, is tried again in smaller ones, and holds up nobody', async (t) => {
  const { happen, runner, tally, tallied, later } = await world(t);
  const all = await happen(20);
  let poison = all[11];
  const fails = tally('fails');
  const run = runner([
    {
      ...fails,
      async consume(client, page) {
        await fails.consume(client, page);
        if (page.some((event) => event.id === poison)) throw new Error('cannot take it');
      },
    },
    tally('works'),
  ]);
  await run();
  assert.deepEqual(await tallied('works'), all);
  assert.deepEqual(await tallied('fails'), []);
  for (let round = 0; round < 20; round += 1) {
    later(60_000);
    await run();
  }
  assert.deepEqual(await tallied('fails'), all.slice(0, 11), 'it stands before the event it cannot take');
  poison = undefined;
  later(60_000);
  await run();
  assert.deepEqual(await tallied('fails'), all);
});
