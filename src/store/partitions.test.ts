import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { idFloor } from '../ids.ts';
import { makeIntake } from './intake.ts';
import { compactCounters, readLedger } from './ledger.ts';
import { dropOldWeeks, ensurePartitions, strayRows } from './partitions.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool, tenantId } = rows;
const intake = makeIntake(db.hot);
const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;

/** An id of a time, different each call. */
let serial = 0;
const idAt = (ms: number) => `${idFloor(ms + ++serial).slice(0, 24)}${String(serial).padStart(12, '0')}`;

/** Takes in a message as if it had been accepted at `ms`. */
async function messageOf(ms: number, states: ('delivered' | 'queued' | 'bounced')[]): Promise<void> {
  const id = idAt(ms);
  const message = rows.message(
    { id, hourMs: Math.floor(ms / HOUR_MS) * HOUR_MS },
    states.map((state) => ({ id: idAt(ms), state, dueAtMs: state === 'queued' ? Date.now() : null })),
  );
  await intake.submit(message);
}

test('the weeks ahead are made once, by however many nodes start together', async () => {
  const later = Date.now() + 100 * DAY_MS;
  const made = await Promise.all([ensurePartitions(pool, later), ensurePartitions(pool, later), ensurePartitions(pool, later)]);
  assert.equal(made.filter((each) => each.made.length > 0).length, 1);
  assert.deepEqual(await ensurePartitions(pool, later), { made: [], waits: false });
});

test('while somebody reads for hours no week comes or goes, and mail is kept waiting by neither', async () => {
  const old = Date.now() - 200 * DAY_MS;
  await ensurePartitions(pool, old);
  await messageOf(old, ['delivered']);
  const backup = await pool.connect();
  await backup.query('begin; select from recipients limit 1; select from bodies limit 1');
  const [made, dropped] = await Promise.all([
    ensurePartitions(pool, Date.now() + 200 * DAY_MS),
    dropOldWeeks(pool, Date.now() - 190 * DAY_MS),
  ]);
  assert.equal(made.waits, true);
  assert.deepEqual(dropped, []);
  await messageOf(Date.now(), ['delivered']);
  await backup.query('commit');
  backup.release();
  assert.equal((await ensurePartitions(pool, Date.now() + 200 * DAY_MS)).waits, false);
  assert.ok((await dropOldWeeks(pool, Date.now() - 190 * DAY_MS)).length > 0);
  assert.equal((await readLedger(pool, tenantId)).difference, 0);
});

test('what was parked of a week goes with the week', async () => {
  const old = Date.now() - 400 * DAY_MS;
  await ensurePartitions(pool, old);
  await messageOf(old, ['delivered']);
  const [gone, kept] = [idAt(old), idAt(Date.now())];
  for (const id of [gone, kept]) {
    await pool.query(`insert into webhook_queue (id, account_id, due_at) values ($1, $1, 'infinity')`, [id]);
    for (const queue of ['inbound_queue', 'report_queue'])
      await pool.query(`insert into ${queue} (id, due_at) values ($1, 'infinity')`, [id]);
  }
  assert.ok((await dropOldWeeks(pool, Date.now() - 390 * DAY_MS)).length > 0);
  for (const queue of ['webhook_queue', 'inbound_queue', 'report_queue']) {
    const { rows: left } = await pool.query(`select id from ${queue}`);
    assert.deepEqual(left, [{ id: kept }], queue);
  }
});

test('rows of a week nobody made a partition for are kept and reported', async () => {
  assert.deepEqual(await strayRows(pool), []);
  await messageOf(Date.now() - 900 * DAY_MS, ['delivered']);
  assert.deepEqual(await strayRows(pool), ['recipients', 'messages', 'bodies']);
});

test('an old week goes only when nothing in it lives, and the ledger still balances', async (t) => {
  // In the first half of an hour, which a zone with a half hour takes for the second half of another.
  const hourMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 120 * DAY_MS;
  const old = hourMs + 600_000;
  const older = Date.now() - 150 * DAY_MS;
  await ensurePartitions(pool, old);
  await ensurePartitions(pool, older);
  await messageOf(old, ['delivered', 'bounced', 'delivered']);
  await messageOf(older, ['delivered', 'queued']);
  const before = await readLedger(pool, tenantId);
  assert.equal(before.difference, 0);
  const elsewhere = new pg.Pool({ connectionString: pool.options.connectionString, max: 2, options: '-c timezone=Asia/Kolkata' });
  t.after(() => elsewhere.end());
  const dropped = await dropOldWeeks(elsewhere, Date.now() - 90 * DAY_MS);
  const gone = await pool.query('select from recipients where id >= $1 and id < $2', [idFloor(old), idFloor(old + DAY_MS)]);
  const kept = await pool.query('select from recipients where id >= $1 and id < $2', [idFloor(older), idFloor(older + DAY_MS)]);
  assert.ok(dropped.length > 0);
  assert.equal(gone.rowCount, 0);
  assert.equal(kept.rowCount, 2);
  const after = await readLedger(pool, tenantId);
  assert.deepEqual(
    [after.injected, after.difference, after.states.delivered, after.states.bounced],
    [before.injected, 0, before.states.delivered, before.states.bounced],
  );
  const ofThatHour = await readLedger(pool, tenantId, { fromMs: hourMs, toMs: hourMs + HOUR_MS });
  assert.deepEqual([ofThatHour.injected, ofThatHour.difference], [3, 0]);
});

test('counters of past hours are summed without changing what they say', async () => {
  const yesterday = Date.now() - DAY_MS;
  for (let n = 0; n < 5; n += 1) await messageOf(yesterday, ['delivered']);
  const before = await readLedger(pool, tenantId);
  assert.ok((await compactCounters(pool)) >= 5);
  assert.deepEqual(await readLedger(pool, tenantId), before);
  assert.equal(await compactCounters(pool), 0);
  assert.ok(ids.next());
});
