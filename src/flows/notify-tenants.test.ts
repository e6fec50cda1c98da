import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import type { HttpProvider } from '../../test/fakes/http-provider.ts';
import { toldTo, webhookWorld } from '../../test/support/tenant-webhooks.ts';
import { listAudit } from '../store/audit.ts';
import { dropOldDeliveries } from '../store/webhook-deliveries.ts';
import { findWebhookEndpoint, reviveDeliveries, rewindEndpoint, updateWebhookEndpoint } from '../store/webhook-endpoints.ts';
import { RETRY_WAITS_MS } from './deliver-webhooks.ts';

test('An event is posted once, and the signature proves it to the official library', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver();
  const { id, secret } = await world.endpoint(tenant, `${server.url}/hook?a=1`);
  const [eventId = ''] = await world.happen(tenant, 1, { type: 'bounced' });
  const node = world.node();
  assert.equal(await node.fanOut(), 1);
  assert.equal(await node.deliver(), 1);
  assert.equal(server.seen.length, 1);
  const [request] = server.seen;
  assert.ok(request);
  assert.equal(request.method, 'POST');
  assert.equal(request.url, '/hook?a=1');
  assert.equal(request.headers['content-type'], 'application/json');
  const event = new Webhook(secret).verify(request.body.toString(), { ...request.headers }) as Record<string, unknown>;
  assert.equal(event['id'], eventId);
  assert.equal(event['type'], 'bounced');
  assert.equal(event['tenant_id'], tenant);
  assert.equal(request.headers['webhook-id'], eventId);
  assert.deepEqual(await world.deliveries(id), [], 'a delivered row leaves');
  assert.equal((await node.fanOut()) + (await node.deliver()), 0);
});

test('One call delivers everything that is due, however few places an endpoint has', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver();
  const { id } = await world.endpoint(tenant, server.url);
  const events = await world.happen(tenant, 1_500);
  const node = world.node();
  assert.equal(await node.fanOut(), 1_500);
  assert.equal(await node.deliver(), 1_500);
  assert.deepEqual(toldTo(server).toSorted(), events.toSorted());
  assert.deepEqual(await world.deliveries(id), []);
});

test('What comes while endpoints are read waits for the next call', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver();
  const { id } = await world.endpoint(tenant, server.url);
  const { id: fewer } = await world.endpoint(tenant, server.url, ['delivered']);
  await world.happen(tenant, 2);
  let more = 3;
  // Something happens before each look, as it does while mail flows.
  const busy = new Proxy(world.pool, {
    get(pool, name) {
      if (name !== 'query') return Reflect.get(pool, name, pool);
      return async (query: { name?: string }, ...rest: unknown[]) => {
        if (query.name === 'endpoints-with-news' && more > 0) {
          more -= 1;
          await world.happen(tenant, 1);
        }
        return Reflect.apply(pool.query, pool, [query, ...rest]);
      };
    },
  });
  const node = world.node({ pool: busy });
  for (const expected of [6, 2, 2, 0]) assert.equal(await node.fanOut(), expected);
  for (const each of [id, fewer]) assert.equal((await world.deliveries(each)).length, 5);
});

test('A page of types that are rare is not taken for the end of the log', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver();
  const { id } = await world.endpoint(tenant, server.url, ['bounced']);
  // More of another type than one page looks through.
  await world.happen(tenant, 6_000);
  await world.happen(tenant, 1, { type: 'bounced' });
  assert.equal(await world.node().fanOut(), 1);
  assert.equal((await world.deliveries(id)).length, 1);
});

test('An endpoint gets the types it asked for, of its own organisation, from its registration on', async (t) => {
  const world = await webhookWorld(t);
  const [club, choir] = [await world.tenant('Club'), await world.tenant('Choir')];
  const server = await world.receiver();
  await world.happen(club, 3, { type: 'bounced' });
  const { id } = await world.endpoint(club, server.url, ['bounced', 'complained']);
  await world.happen(club, 5, { type: 'delivered' });
  const wanted = await world.happen(club, 2, { type: 'bounced' });
  await world.happen(choir, 2, { type: 'bounced' });
  const node = world.node();
  assert.equal(await node.fanOut(), 2);
  await node.deliver();
  assert.deepEqual(toldTo(server).toSorted(), wanted.toSorted());
  await updateWebhookEndpoint(world.pool, club, { id, state: 'paused' });
  const later = await world.happen(club, 1, { type: 'complained' });
  assert.equal(await node.fanOut(), 0, 'nothing is made for a paused endpoint');
  await updateWebhookEndpoint(world.pool, club, { id, state: 'active' });
  assert.equal(await node.fanOut(), 1, 'what happened meanwhile was kept');
  await node.deliver();
  assert.deepEqual(toldTo(server).slice(-1), later);
});

test('A failed delivery is tried for a day, each time later, under the same id; then it is a dead letter that can be revived', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver(() => ({ status: 500, body: 'out of\nspoons' }));
  const { id, secret } = await world.endpoint(tenant, server.url);
  const [eventId] = await world.happen(tenant, 1);
  const node = world.node();
  await node.fanOut();
  for (const [index, waitMs] of RETRY_WAITS_MS.entries()) {
    const { leastMs, mostMs } = await world.putOff(
      async () => assert.equal(await node.deliver(), 0),
      async () => (await world.deliveries(id))[0]?.due_at,
    );
    const [row] = await world.deliveries(id);
    assert.equal(row?.state, 'due');
    assert.equal(row.tries, index + 1);
    assert.equal(row.last_status, 500);
    assert.equal(row.last_error, 'The endpoint answered 500: out of spoons');
    assert.equal((await findWebhookEndpoint(world.pool, tenant, id))?.failing_deliveries, 1);
    assert.ok(leastMs <= waitMs && waitMs <= mostMs, `waits ${leastMs} to ${mostMs} ms after try ${index + 1}`);
    await world.timePasses();
  }
  await node.deliver();
  const [dead] = await world.deliveries(id);
  assert.equal(dead?.state, 'dead');
  assert.equal(dead.tries, RETRY_WAITS_MS.length + 1);
  await world.timePasses();
  assert.equal(await node.deliver(), 0, 'a dead letter is not tried');
  assert.equal(server.seen.length, RETRY_WAITS_MS.length + 1);
  assert.deepEqual(new Set(toldTo(server)), new Set([eventId]));
  assert.equal(new Set(server.seen.map(({ body }) => body.toString())).size, 1, 'the same bytes at every try');
  assert.equal((await findWebhookEndpoint(world.pool, tenant, id))?.dead_deliveries, 1);

  assert.equal(await reviveDeliveries(world.pool, tenant, { endpointId: id, deliveries: null }), 1);
  server.answer = () => ({ status: 200, body: { ok: true } });
  assert.equal(await node.deliver(), 1);
  const last = server.seen.at(-1);
  assert.ok(last);
  new Webhook(secret).verify(last.body.toString(), { ...last.headers });
  assert.deepEqual(await world.deliveries(id), []);
});

test('The waits of the schedule make a day, and chance moves each by a fifth at most', async (t) => {
  assert.equal(Math.round(RETRY_WAITS_MS.reduce((sum, ms) => sum + ms, 0) / 3_600_000), 24);
  for (const [chance, waitMs] of [
    [0, 24_000],
    [0.999_999, 36_000],
  ] as const) {
    const world = await webhookWorld(t);
    const tenant = await world.tenant();
    const server = await world.receiver(() => ({ status: 400 }));
    const { id } = await world.endpoint(tenant, server.url);
    await world.happen(tenant, 1);
    const node = world.node({ random: () => chance });
    await node.fanOut();
    await node.deliver();
    await world.timePasses();
    const { leastMs, mostMs } = await world.putOff(node.deliver, async () => (await world.deliveries(id))[0]?.due_at);
    assert.ok(leastMs <= waitMs && waitMs <= mostMs, `waits ${leastMs} to ${mostMs} ms`);
  }
});

test('The documentation names the waits that are in force', () => {
  const words = RETRY_WAITS_MS.map((ms) =>
    ms < 60_000 ? `${ms / 1_000} s` : ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`,
  );
  const page = readFileSync(new URL('../../docs/WEBHOOKS.md', import.meta.url), 'utf8');
  assert.ok(page.includes(words.join(', ')), words.join(', '));
});

test('410 pauses the endpoint and keeps what waits for it', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver(() => ({ status: 410 }));
  const { id } = await world.endpoint(tenant, server.url);
  const events = await world.happen(tenant, 20);
  const node = world.node();
  await node.fanOut();
  await node.deliver();
  assert.equal((await findWebhookEndpoint(world.pool, tenant, id))?.state, 'paused');
  assert.ok(server.seen.length <= 4, 'only the first requests found out');
  assert.equal((await world.deliveries(id)).length, 20);
  const [entry, ...more] = await listAudit(world.pool, tenant, { before: null, limit: 10, subject: id });
  assert.equal(entry?.actor, 'desk');
  assert.equal(entry.action, 'webhook-endpoint.pause');
  assert.deepEqual(more, []);
  const askedBefore = server.seen.length;
  await world.timePasses();
  await node.deliver();
  assert.equal(server.seen.length, askedBefore, 'a paused endpoint is left alone');
  server.answer = () => ({ status: 200 });
  await updateWebhookEndpoint(world.pool, tenant, { id, state: 'active' });
  assert.equal(await node.deliver(), 20);
  assert.deepEqual(new Set(toldTo(server)), new Set(events));
});

test('A redirect is a failure that says so; nobody is asked but the endpoint itself', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const other = await world.receiver();
  const server = await world.receiver(() => ({ status: 302, headers: { location: `${other.url}/inside` } }));
  const { id } = await world.endpoint(tenant, server.url);
  await world.happen(tenant, 1);
  const node = world.node();
  await node.fanOut();
  assert.equal(await node.deliver(), 0);
  assert.equal(other.seen.length, 0);
  const [row] = await world.deliveries(id);
  assert.equal(row?.last_status, 302);
  assert.match(row?.last_error ?? '', /redirects are not followed/);
});

test('Silence, a cut line, a closed port and an endless answer end in time, with words', async (t) => {
  const world = await webhookWorld(t);
  const silent = await world.receiver(() => 'silence');
  const cutting = await world.receiver(() => 'cut');
  const closed = await world.receiver();
  await closed.stop();
  const endless = await world.receiver(() => ({ status: 500, body: 'x'.repeat(5_000_000) }));
  const fail = async (cases: readonly { server: HttpProvider; words: RegExp; status: number | null }[], timeoutMs: number) => {
    const tenant = await world.tenant();
    const ids: string[] = [];
    for (const { server } of cases) ids.push((await world.endpoint(tenant, server.url)).id);
    await world.happen(tenant, 1);
    const node = world.node({ timeoutMs });
    assert.equal(await node.fanOut(), cases.length);
    assert.equal(await node.deliver(), 0);
    for (const [index, { words, status }] of cases.entries()) {
      const [row] = await world.deliveries(ids[index] ?? '');
      assert.match(row?.last_error ?? '', words);
      assert.equal(row?.last_status, status);
      assert.equal(row?.tries, 1);
    }
  };
  // Nobody waits for these in full; a busy machine may take its time.
  await fail(
    [
      { server: cutting, words: /closed|hang up|SOCKET/i, status: null },
      { server: closed, words: /ECONNREFUSED/, status: null },
      { server: endless, words: /^The endpoint answered 500: x{200}$/, status: 500 },
    ],
    120_000,
  );
  await fail([{ server: silent, words: /No answer within 1 s/, status: null }], 1_000);
});

test('An endpoint that does not answer is asked once and then rests; what waits behind it uses up no tries', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver(() => ({ status: 503, headers: { 'retry-after': '120' } }));
  const { id } = await world.endpoint(tenant, server.url);
  const events = await world.happen(tenant, 50);
  const node = world.node();
  await node.fanOut();
  await node.deliver();
  await node.deliver();
  assert.ok(server.seen.length <= 4, `${server.seen.length} requests`);
  assert.ok((await world.deliveries(id)).filter(({ tries }) => tries === 0).length >= 46);
  server.answer = () => ({ status: 202 });
  await world.timePasses();
  assert.equal(await node.deliver(), 50);
  assert.deepEqual(new Set(toldTo(server)), new Set(events));
});

test('A time range is delivered again under the same ids when the endpoint is rewound', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver();
  const { id } = await world.endpoint(tenant, server.url);
  const events = await world.happen(tenant, 7);
  const node = world.node();
  await node.fanOut();
  await node.deliver();
  assert.equal(await rewindEndpoint(world.pool, tenant, { endpointId: id, fromMs: 0 }), true);
  assert.equal(await node.fanOut(), 7);
  assert.equal(await node.deliver(), 7);
  assert.deepEqual(toldTo(server).toSorted(), [...events, ...events].toSorted());
});

test('A secret that does not open stops its endpoint only, and the words name the way out', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const [broken, well] = [await world.receiver(), await world.receiver()];
  const { id } = await world.endpoint(tenant, broken.url);
  await world.endpoint(tenant, well.url);
  await world.pool.query('update webhook_endpoints set secret = $1 where id = $2', [Buffer.alloc(60, 1), id]);
  await world.happen(tenant, 3);
  const node = world.node();
  await node.fanOut();
  assert.equal(await node.deliver(), 3);
  assert.equal(broken.seen.length, 0);
  assert.match((await world.deliveries(id)).find(({ tries }) => tries > 0)?.last_error ?? '', /does not open/);
});

test('Deliveries leave with the events they were made of', async (t) => {
  const world = await webhookWorld(t);
  const tenant = await world.tenant();
  const server = await world.receiver(() => ({ status: 500 }));
  const { id } = await world.endpoint(tenant, server.url);
  await world.happen(tenant, 3);
  await world.node().fanOut();
  assert.equal(await dropOldDeliveries(world.pool, Date.now() - 60_000), 0);
  assert.equal(await dropOldDeliveries(world.pool, Date.now() + 60_000), 3);
  assert.deepEqual(await world.deliveries(id), []);
});
