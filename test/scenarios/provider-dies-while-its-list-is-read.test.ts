// This file lets a provider, and then the process that reads, die in the middle of a suppression list: whoever comes next goes on at the cursor,
// every entry counts once, and nothing is held twice or lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/clock.ts';
import { idMint } from '../../src/ids.ts';
import { takeList } from '../../src/store/list-syncs.ts';
import { LONG_AGO, listWorld, WORDS } from '../support/list-world.ts';

const ENTRIES = 9_000;
const OURS = 90;
/** The last full page names a next one, which is empty. */
const PAGES = 10;

test('The provider dies in the middle of its list', { timeout: 600_000 }, async (t) => {
  const world = await listWorld(t);
  // Every hundredth is ours; SparkPost lists each for both kinds of mail, 1,000 addresses a page.
  const entry = { reason: 'Bounce Rule', atMs: LONG_AGO, detail: WORDS.sparkpost };
  world.there.fillList(Array.from({ length: ENTRIES }, (_, n) => [`m${n}@mailbox.test`, entry] as const));
  for (let n = 0; n < OURS; n += 1) await world.went(`m${n * 100}@mailbox.test`);

  // It cuts the line after four pages.
  world.there.failList({ after: 4, kind: 'cut', times: 1 });
  await world.run();
  const cut = await world.status();
  assert.equal(cut.counts['pages'], 4);
  assert.equal(cut.last_error_kind, 'later');
  assert.equal(cut.run_ended_at, null);
  assert.ok(cut.cursor !== null && Date.parse(cut.due_at) > Date.now(), 'it goes on later, at its place');
  assert.equal((await world.holds()).length, 40);

  // It is down altogether for a while, then too busy.
  const due = () => world.pool.query('update list_syncs set due_at = now()');
  await world.simulator.outage('sparkpost', { forMs: 600_000, kind: 'down' });
  await due();
  await world.run();
  assert.equal((await world.status()).failures, 2);
  await world.simulator.endOutage('sparkpost');
  world.there.failList({ after: 0, kind: 'throttle', times: 1 });
  await due();
  await world.run();
  assert.match((await world.status()).last_error ?? '', /429/);

  // The process that reads is killed: it took the list and never came back.
  const dead = idMint(systemClock).next();
  await due();
  assert.ok(await takeList(world.pool, world.accountId, dead, 60));
  assert.equal(await world.run(), 0, 'nobody touches the list of a reader that may live');
  await world.pool.query("update list_syncs set runner_until = now() - interval '1 second'");

  const before = world.there.listCalls();
  await world.run();
  const done = await world.status();
  assert.ok(done.run_ended_at !== null && done.last_error === null, JSON.stringify(done));
  assert.equal(done.counts['pages'], PAGES);
  assert.equal(done.counts['entries'], 2 * ENTRIES);
  assert.equal(done.counts['held'], OURS);
  assert.equal(done.counts['strangers'], 2 * (ENTRIES - OURS));
  assert.equal((await world.holds()).length, OURS);
  assert.ok(world.there.listCalls() - before <= PAGES - 4 + 1, 'what was read is not read again');
});
