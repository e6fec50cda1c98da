import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webhookWorld } from '../support/tenant-webhooks.ts';

test('A mailing with very many events is taken in pages, and the events of others go out between them', async (t) => {
  const world = await webhookWorld(t);
  const [mass, small] = [await world.tenant('Newsletter'), await world.tenant('Club')];
  const server = await world.receiver();
  const big = await world.endpoint(mass, server.url);
  const other = await world.endpoint(small, server.url);
  await world.happen(mass, 5_000);
  await world.happen(small, 30);
  const node = world.node({ limits: { pageEvents: 100, pages: 10 } });
  assert.equal(await node.fanOut(), 930, 'ten pages: one of the small one, nine of the large one');
  assert.equal((await world.deliveries(other.id)).length, 30);
  assert.equal((await world.deliveries(big.id)).length, 900);
  await world.happen(small, 5);
  assert.equal(await node.fanOut(), 905);
  assert.equal((await world.deliveries(other.id)).length, 35);
});

test('The walk over many endpoints goes on where a bounded call stopped', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver();
  const ids: string[] = [];
  for (let n = 0; n < 12; n += 1) ids.push((await world.endpoint(tenant, `${server.url}/${n}`)).id);
  await world.happen(tenant, 250);
  const node = world.node({ limits: { pageEvents: 100, pages: 5 } });
  const made = async () => Promise.all(ids.map(async (id) => (await world.deliveries(id)).length));
  for (let call = 0; call < 3; call += 1) await node.fanOut();
  assert.ok(
    (await made()).every((count) => count >= 100),
    'each endpoint had a turn within fifteen pages',
  );
  for (let call = 0; call < 10; call += 1) await node.fanOut();
  assert.deepEqual(
    await made(),
    ids.map(() => 250),
  );
});

test('While much is under way to an endpoint, its events wait in their own table', async (t) => {
  const world = await webhookWorld(t);
  const [mass, small] = [await world.tenant('Newsletter'), await world.tenant('Club')];
  const server = await world.receiver();
  const { id } = await world.endpoint(mass, server.url);
  await world.endpoint(small, server.url);
  await world.happen(mass, 1_000);
  const node = world.node({ limits: { pageEvents: 100, waitingMax: 300 } });
  assert.equal(await node.fanOut(), 300);
  assert.equal(await node.fanOut(), 0);
  await world.happen(small, 10);
  assert.equal(await node.fanOut(), 10, 'the bound is of one endpoint only');
  while ((await node.deliver()) > 0) await node.fanOut();
  assert.equal(server.seen.length, 1_010);
  assert.deepEqual(await world.deliveries(id), []);
});
