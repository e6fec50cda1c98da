import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { systemClock } from '../clock.ts';
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

test('Holds that ended a quarter of a year ago are forgotten, unless the next hold needs them', async () => {
  const { pool, tenantId } = rows;
  const holds: readonly (readonly [address: string, endedDaysAgo: number | null, byAnswers: boolean, marks: boolean, stays: boolean])[] = [
    ['good@x.test', null, false, false, true],
    ['standing@x.test', -5, true, true, true],
    ['lately@x.test', 80, true, true, true],
    ['long-ago@x.test', 91, true, true, false],
    ['typed-in@x.test', 91, false, false, false],
    ['only-memory@x.test', 91, true, false, true],
    ['old-memory@x.test', 367, true, false, false],
  ];
  for (const [address, days, byAnswers, marks] of holds) {
    await pool.query(
      `insert into suppressions (tenant_id, id, address, reason, source, by_answers, expires_at)
       values ($1, $2, $3, 'invalid-recipient', 'test', $4, now() - make_interval(days => $5))`,
      [tenantId, ids.next(), address, byAnswers, days],
    );
    if (marks) await pool.query('insert into address_strikes (tenant_id, address, version) values ($1, $2, 1)', [tenantId, address]);
  }
  const chores = storeChores({ pool, clock: systemClock, ids, log: silentLog, retentionDays: 90, onSettled: () => undefined });
  const purge = chores.find((chore) => chore.name === 'purge-ended-holds');
  await purge?.run();
  await purge?.run();
  const { rows: left } = await pool.query<{ address: string }>('select address from suppressions where tenant_id = $1', [tenantId]);
  assert.deepEqual(
    left.map(({ address }) => address).sort(),
    holds
      .filter(([, , , , stays]) => stays)
      .map(([address]) => address)
      .sort(),
  );
});
