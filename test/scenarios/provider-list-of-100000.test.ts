// This file reads a suppression list of 100,000 addresses, five thousand of them ours, in turns: memory stays flat, each page is one transaction,
// and the sending side is not in its way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LONG_AGO, listWorld } from '../support/list-world.ts';
import { ids } from '../support/mail-rows.ts';

const ENTRIES = 100_000;
const OURS = 5_000;
/** Pages of both sides; a list held whole would be several times as much. */
const GROWTH_MAX_BYTES = 60 * 1024 * 1024;

setFlagsFromString('--expose-gc');
// With the flag above the new context has it.
const collect = runInNewContext('gc') as () => void;

/** What is held, as opposed to what the collector has not come to yet: that depends on the machine. */
function heldBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('A list of 100,000 entries is read in turns', { timeout: 600_000 }, async (t) => {
  const world = await listWorld(t, 'elastic-email');
  const entry = { reason: 'Bounce', atMs: LONG_AGO, detail: '550 5.1.1 user unknown', code: 550 };
  world.there.fillList(Array.from({ length: ENTRIES }, (_, n) => [`m${n}@mailbox.test`, entry] as const));
  const { rows } = await world.pool.query<{ id: number }>('select id from routes where account_id = $1', [world.accountId]);
  const all = Array.from({ length: OURS }, (_, n) => ({ id: ids.next(), address: `m${n * 20}@mailbox.test` }));
  await world.pool.query(
    `insert into recipients (tenant_id, id, message_id, address, stream, state, lane_id, route_id, state_at)
     select $1, id, id, address, 'bulk', 'handed_over', $4, $5, now() from unnest($2::uuid[], $3::text[]) as t(id, address)`,
    [world.tenantId, all.map((each) => each.id), all.map((each) => each.address), world.lane.id, rows[0]?.id],
  );
  const before = heldBytes();
  let most = before;
  const startedMs = performance.now();
  let turns = 0;
  for (; turns < 50; turns += 1) {
    await world.run({ pages: 10 });
    most = Math.max(most, heldBytes());
    if ((await world.status()).run_ended_at !== null) break;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const status = await world.status();
  assert.ok(status.run_ended_at !== null, JSON.stringify(status));
  assert.ok(turns >= 10, 'a turn is bounded');
  // Pages overlap a little, because what leaves the list moves the rest up.
  assert.ok((status.counts['entries'] ?? 0) >= ENTRIES && (status.counts['entries'] ?? 0) < ENTRIES * 1.1);
  assert.equal(status.counts['held'], OURS);
  assert.equal((await world.holds()).length, OURS);
  assert.ok(most - before < GROWTH_MAX_BYTES, `${Math.round((most - before) / 1024)} KiB more are held`);
  t.diagnostic(
    `${ENTRIES} entries in ${seconds.toFixed(1)} s, ${turns + 1} turns, ${Math.round(ENTRIES / seconds)} entries/s, ${Math.round((most - before) / 1024)} KiB more held`,
  );
});
