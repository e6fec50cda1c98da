import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldTo, webhookWorld } from '../support/tenant-webhooks.ts';

test('An endpoint that hangs does not hold the others, not even with a long queue of its own', async (t) => {
  const world = await webhookWorld(t);
  const [club, choir] = [await world.tenant('Club'), await world.tenant('Choir')];
  const gate = Promise.withResolvers<void>();
  let open = 0;
  let openMax = 0;
  const hanging = await world.receiver(() => {
    open += 1;
    openMax = Math.max(openMax, open);
    const after = gate.promise.then(() => {
      open -= 1;
    });
    return { after, reply: { status: 200 } };
  });
  const healthy = await world.receiver();
  const slowEndpoint = await world.endpoint(club, hanging.url);
  await world.endpoint(choir, healthy.url);
  await world.happen(club, 200);
  // It is asked to hang for as long as the other's events take.
  const node = world.node({ timeoutMs: 120_000 });
  await node.fanOut();
  const firstStuck = hanging.nextRequest();
  const work = node.deliver();
  await firstStuck;
  // Everything below happens while the first endpoint's requests hang in the same call.
  const wanted = await world.happen(choir, 100);
  const allTold = new Promise<void>((resolve) => {
    healthy.answer = () => {
      if (new Set(toldTo(healthy)).size === wanted.length) resolve();
      return { status: 200 };
    };
  });
  await node.fanOut();
  await allTold;
  assert.ok(openMax <= 4, `${openMax} requests hang at once`);
  assert.equal((await world.deliveries(slowEndpoint.id)).length, 200);
  gate.resolve();
  await work;
  assert.equal(hanging.seen.length, 200);
  assert.deepEqual(toldTo(healthy).toSorted(), wanted.toSorted());
});

test('A hundred dead endpoints do not hold a living one', async (t) => {
  const world = await webhookWorld(t);
  const club = await world.tenant('Club');
  const hanging = await world.receiver(() => 'silence');
  for (let n = 0; n < 100; n += 1) await world.endpoint(club, `${hanging.url}/${n}`);
  const healthy = await world.receiver();
  const choir = await world.tenant('Choir');
  await world.endpoint(choir, healthy.url);
  await world.happen(club, 20);
  const wanted = await world.happen(choir, 20);
  const end = new AbortController();
  const node = world.node({ signal: end.signal, timeoutMs: 60_000, limits: { pages: 1_000 } });
  await node.fanOut();
  const allTold = new Promise<void>((resolve) => {
    healthy.answer = () => {
      if (new Set(toldTo(healthy)).size === wanted.length) resolve();
      return { status: 200 };
    };
  });
  const work = node.deliver();
  await allTold;
  end.abort();
  await work;
  const { rows } = await world.pool.query(`select count(*)::int as waiting, sum(tries)::int as tries from webhook_deliveries`);
  assert.deepEqual(rows, [{ waiting: 2_000, tries: 0 }], 'a shutdown gives back what was on its way, and no try is lost');
});
