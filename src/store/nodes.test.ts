import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { makeIntake } from './intake.ts';
import { readLedger } from './ledger.ts';
import { aliveDispatchers, endNode, leaseOf, namesakes, openUnderLeases, registerNode, renewNode, settleDeadNodes } from './nodes.ts';
import { postponeUncertain, settleUncertain, takeUncertain } from './uncertain.ts';

const rows = await mailRows();
after(() => closeRows(rows));
const { db, pool } = rows;
const intake = makeIntake(db.hot);
const eventIds = (count: number) => Array.from({ length: count }, () => ids.next());
const identity = { name: 'here', pid: 1, roles: ['dispatch'] };

/** A node that lives until it is ended: twenty seconds without a renewal are soon over on a slow machine. */
async function liveNode(name = 'here'): Promise<number> {
  const epoch = await registerNode(pool, { ...identity, name });
  await pool.query(`update nodes set alive_until = now() + interval '1 hour' where epoch = $1`, [epoch]);
  return epoch;
}

/** Recipients that stand on the wire under a lease. */
async function onWire(lease: bigint, count = 1): Promise<string[]> {
  const message = rows.message(
    {},
    Array.from({ length: count }, () => ({ state: 'submitting' as const, dueAtMs: null, lease })),
  );
  await intake.submit(message);
  return message.recipients.map((recipient) => recipient.id);
}

const stateOf = async (id: string | undefined) =>
  (await pool.query<{ state: string }>('select state from recipients where id = $1', [id])).rows[0]?.state;

test('every registration gets an epoch of its own, and a node that is dead cannot renew', async () => {
  const [one, two] = [await liveNode(), await liveNode()];
  assert.notEqual(one, two);
  assert.equal(await aliveDispatchers(pool), 2);
  assert.deepEqual(
    (await namesakes(pool, 'here', two)).map((node) => node.epoch),
    [one],
  );
  assert.equal(await renewNode(pool, one, 0n), true);
  await endNode(pool, one);
  assert.equal(await renewNode(pool, one, 0n), false);
  await endNode(pool, two);
  await settleDeadNodes(pool, eventIds);
  assert.equal(await aliveDispatchers(pool), 0);
});

test('what a dead node left on the wire becomes uncertain; what it had settled, and what others hold, stays', async () => {
  const dead = await liveNode();
  const alive = await liveNode('there');
  const [settledBefore] = await onWire(leaseOf(dead, 0));
  const open = await onWire(leaseOf(dead, 3), 2_500);
  const [foreign] = await onWire(leaseOf(alive, 3));
  await renewNode(pool, dead, leaseOf(dead, 2));
  await endNode(pool, dead);
  const settled = await Promise.all([settleDeadNodes(pool, eventIds), settleDeadNodes(pool, eventIds)]);
  assert.equal(settled[0] + settled[1], 2_500);
  for (const id of [open[0], open.at(-1)]) assert.equal(await stateOf(id), 'uncertain');
  assert.equal(await stateOf(foreign), 'submitting');
  // Below the oldest open lease nothing of it was on the wire; the row is kept in view by the test, not by the statement.
  assert.equal(await stateOf(settledBefore), 'submitting');
  assert.equal((await readLedger(pool, null)).difference, 0);
  await endNode(pool, alive);
  await pool.query("update recipients set state = 'queued', due_at = now() where state = 'submitting'");
  await settleDeadNodes(pool, eventIds);
});

test('a row that is locked, or comes to the disk after its node was settled, is settled later; then the node is forgotten', async () => {
  const epoch = await registerNode(pool, identity);
  const [locked] = await onWire(leaseOf(epoch, 1));
  await endNode(pool, epoch);
  const known = async () => (await pool.query('select from nodes where epoch = $1', [epoch])).rowCount === 1;
  const buried = () => pool.query(`update nodes set alive_until = now() - interval '1 hour' where epoch = $1`, [epoch]);
  const holder = await pool.connect();
  try {
    await holder.query('begin');
    await holder.query('select from recipients where id = $1 for update', [locked]);
    await buried();
    await settleDeadNodes(pool, eventIds);
    assert.equal(await stateOf(locked), 'submitting');
    assert.equal(await known(), true, 'nobody else would look for the row');
    await holder.query('commit');
  } finally {
    holder.release();
  }
  await pool.query(`update nodes set alive_until = now() - interval '1 second' where epoch = $1`, [epoch]);
  await settleDeadNodes(pool, eventIds);
  assert.equal(await stateOf(locked), 'uncertain');
  const [late] = await onWire(leaseOf(epoch, 2));
  await settleDeadNodes(pool, eventIds);
  assert.equal(await stateOf(late), 'uncertain');
  await buried();
  await settleDeadNodes(pool, eventIds);
  assert.equal(await known(), false);
});

test('a doubt is taken by one node at a time, postponed, and ended once', async () => {
  await pool.query("update uncertain_recipients set settle_at = 'infinity'");
  const epoch = await registerNode(pool, identity);
  const [id] = await onWire(leaseOf(epoch, 0));
  assert.ok(id);
  await endNode(pool, epoch);
  await settleDeadNodes(pool, eventIds);
  const [one, two] = await Promise.all([takeUncertain(pool, 10), takeUncertain(pool, 10)]);
  const taken = [...one, ...two];
  assert.deepEqual(
    taken.map((row) => [row.recipientId, row.asked]),
    [[id, false]],
  );
  await postponeUncertain(pool, id, Date.now() - 1);
  assert.equal((await takeUncertain(pool, 10))[0]?.asked, true);
  const end = () => settleUncertain(pool, { recipientId: id, state: 'queued', reason: 'resent', resend: true, eventId: ids.next() });
  assert.equal(await end(), true);
  assert.equal(await end(), false);
  const { rows: found } = await pool.query('select state, marks, due_at is not null as due from recipients where id = $1', [id]);
  assert.deepEqual(found, [{ state: 'queued', marks: 16, due: true }]);
});

test('rows under our own leases that no memory holds are found', async () => {
  const epoch = await registerNode(pool, identity);
  const [lost] = await onWire(leaseOf(epoch, 1));
  await onWire(leaseOf(epoch, 9));
  const found = await openUnderLeases(pool, { from: leaseOf(epoch, 0), below: leaseOf(epoch, 5), limit: 100 });
  assert.deepEqual(
    found.map((row) => row.id),
    [lost],
  );
});
