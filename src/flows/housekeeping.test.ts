import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { RETRY_LADDERS } from '../delivery/retry.ts';
import { silentLog } from '../log.ts';
import { makeIntake } from '../store/intake.ts';
import { storeChores } from './housekeeping.ts';

const HOUR_MS = 3_600_000;
const rows = await mailRows();
after(() => closeRows(rows));

test('What waits expires by the lifetime of the settings, not by the one we agreed on', async () => {
  const message = rows.message();
  await makeIntake(rows.db.hot).submit(message);
  const clock = { nowMs: () => Date.now() + 30 * HOUR_MS, monotonicMs: () => 0 };
  const deps = { pool: rows.pool, clock, ids, log: silentLog, retentionDays: 90, onSettled: () => undefined };
  const long = { ...RETRY_LADDERS, transactional: { ...RETRY_LADDERS.transactional, lifetimeMs: 48 * HOUR_MS } };
  const expire = (chores: ReturnType<typeof storeChores>) => chores.find((chore) => chore.name === 'expire-waiting')?.run();
  const stateOf = async () => (await rows.pool.query('select state from recipients where message_id = $1', [message.id])).rows[0]?.state;
  await expire(storeChores({ ...deps, ladders: long }));
  assert.equal(await stateOf(), 'queued');
  await expire(storeChores(deps));
  assert.equal(await stateOf(), 'expired');
});
