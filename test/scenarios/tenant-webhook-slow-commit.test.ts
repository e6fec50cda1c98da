import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldTo, webhookWorld } from '../support/tenant-webhooks.ts';

test('An event whose transaction commits late is told too, though younger ones were there before it', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver();
  await world.endpoint(tenant, server.url);
  const node = world.node();
  const first = await world.happen(tenant, 2);
  assert.equal(await node.fanOut(), 2);

  const slow = await world.pool.connect();
  await slow.query('begin');
  const late = await world.happen(tenant, 1, { db: slow });
  const younger = await world.happen(tenant, 3);
  assert.equal(await node.fanOut(), 0, 'what a running transaction can still precede is not served yet');
  await slow.query('commit');
  slow.release();
  assert.equal(await node.fanOut(), 4);
  await node.deliver();
  assert.deepEqual(toldTo(server).toSorted(), [...first, ...late, ...younger].toSorted());
});

test('A transaction that is rolled back leaves no gap and no ghost', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver();
  await world.endpoint(tenant, server.url);
  const node = world.node();
  const slow = await world.pool.connect();
  await slow.query('begin');
  await world.happen(tenant, 5, { db: slow });
  const kept = await world.happen(tenant, 2);
  assert.equal(await node.fanOut(), 0);
  await slow.query('rollback');
  slow.release();
  assert.equal(await node.fanOut(), 2);
  await node.deliver();
  assert.deepEqual(toldTo(server).toSorted(), kept.toSorted());
});
