import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webhookWorld } from '../support/tenant-webhooks.ts';

test('An endpoint whose name has come to lead inside is not reached, and the delivery says why', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const inside = await world.receiver();
  const port = new URL(inside.url).port;
  const byName = await world.endpoint(tenant, `https://hooks.example.org:${port}/`);
  const byAddress = await world.endpoint(tenant, `https://127.0.0.1:${port}/`);
  const plain = await world.endpoint(tenant, `http://hooks.example.org:${port}/`);
  await world.happen(tenant, 1);
  const asked: string[] = [];
  const resolve = async (hostname: string) => {
    asked.push(hostname);
    return ['127.0.0.1'];
  };
  const node = world.node({ allowPrivate: false, resolve });
  await node.fanOut();
  assert.equal(await node.deliver(), 0);
  assert.deepEqual(inside.seen, []);
  assert.deepEqual(asked, ['hooks.example.org'], 'only the name that may be asked for is');
  const errorOf = async (id: string) => (await world.deliveries(id))[0]?.last_error;
  assert.equal(await errorOf(byName.id), 'hooks.example.org does not lead to a public address.');
  assert.equal(await errorOf(byAddress.id), '127.0.0.1 is not a public host.');
  assert.equal(await errorOf(plain.id), 'A webhook address begins with https://.');

  const allowed = world.node({ allowPrivate: true, resolve });
  await world.timePasses();
  assert.equal(await allowed.deliver(), 1, 'where an operator allows it, plain http inside works');
});
