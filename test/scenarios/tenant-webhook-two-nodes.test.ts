import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../src/log.ts';
import { openDb } from '../../src/store/db.ts';
import { toldTo, webhookWorld } from '../support/tenant-webhooks.ts';

test('Two nodes share the work: each event is told once to each endpoint, while events go on happening', async (t) => {
  const world = await webhookWorld(t);
  const other = openDb(world.url, silentLog, { connections: 12 });
  t.after(() => other.close());
  const tenants = [await world.tenant('Club'), await world.tenant('Choir')];
  const servers = [await world.receiver(), await world.receiver(), await world.receiver()];
  await world.endpoint(tenants[0] ?? '', servers[0]?.url ?? '');
  await world.endpoint(tenants[0] ?? '', servers[1]?.url ?? '');
  await world.endpoint(tenants[1] ?? '', servers[2]?.url ?? '');
  const nodes = [world.node({ limits: { pageEvents: 20 } }), world.node({ pool: other.pool, limits: { pageEvents: 20 } })];
  const happened: string[][] = [[], []];
  const expected = () => 2 * (happened[0]?.length ?? 0) + (happened[1]?.length ?? 0);
  for (let wave = 0; wave < 5; wave += 1) {
    const working = nodes.flatMap((node) => [node.fanOut(), node.deliver()]);
    for (const [index, tenant] of tenants.entries()) happened[index]?.push(...(await world.happen(tenant, 50)));
    await Promise.all(working);
  }
  let told = 0;
  const arrived = () => servers.reduce((sum, server) => sum + server.seen.length, 0);
  do {
    told = arrived();
    await Promise.all(nodes.map((node) => node.fanOut()));
    await Promise.all(nodes.map((node) => node.deliver()));
  } while (arrived() > told);
  assert.equal(arrived(), expected(), 'no event is missing, and the traffic is not doubled');
  assert.deepEqual(toldTo(servers[0] ?? assert.fail()).toSorted(), happened[0]?.toSorted());
  assert.deepEqual(toldTo(servers[1] ?? assert.fail()).toSorted(), happened[0]?.toSorted());
  assert.deepEqual(toldTo(servers[2] ?? assert.fail()).toSorted(), happened[1]?.toSorted());
});

test('What a dead node had taken is delivered by another one once its time is over', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver(() => 'silence');
  const { id } = await world.endpoint(tenant, server.url);
  const events = await world.happen(tenant, 3);
  const end = new AbortController();
  const dying = world.node({ signal: end.signal });
  await dying.fanOut();
  const asked = server.nextRequest();
  const work = dying.deliver();
  await asked;
  const survivor = world.node();
  assert.equal(await survivor.deliver(), 0, 'what is taken is not taken twice');
  server.answer = () => ({ status: 200 });
  // The dead node's minute passes; it never wrote anything down.
  await world.timePasses();
  assert.equal(await survivor.deliver(), 3);
  assert.deepEqual(await world.deliveries(id), []);
  assert.deepEqual(new Set(toldTo(server)), new Set(events));
  end.abort();
  await work;
  assert.deepEqual(await world.deliveries(id), [], 'a late record of the dead node changes nothing');
});
