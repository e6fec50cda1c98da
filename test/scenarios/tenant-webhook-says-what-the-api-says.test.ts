import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { makeNotifyTenants } from '../../src/flows/notify-tenants.ts';
import { httpProvider } from '../fakes/http-provider.ts';
import { httpDesk } from '../support/http-desk.ts';

test('The body of a webhook is the event that GET /v1/events serves', async (t) => {
  const desk = await httpDesk(t);
  const server = await httpProvider(() => ({ status: 204 }));
  t.after(() => server.close());
  const club = await desk.tenant('Rowing Club');
  const made = await desk.ask('POST', '/v1/webhook-endpoints', { key: club.key, body: { url: 'https://club.example/hook' } });
  // A name under .example is public in form only; its endpoint is led to the server on loopback.
  assert.equal(made.status, 201, JSON.stringify(made.body));
  await desk.pool.query('update webhook_endpoints set url = $1 where id = $2', [`${server.url}/hook`, made.body.id]);
  const mail = { from: `news@${club.domain}`, to: 'member@mailbox.test', subject: 'Regatta', text: 'On Sunday.', tags: ['regatta'] };
  const accepted = await desk.ask('POST', '/v1/messages', { key: club.key, body: { ...mail, metadata: { season: '2026' } } });
  assert.equal(accepted.status, 202, JSON.stringify(accepted.body));
  await desk.pool.query(
    `insert into events (tenant_id, id, recipient_id, message_id, type, data, at) values ($1, $2, $3, $4, 'bounced', $5, now())`,
    [
      club.id,
      desk.deps.ids.next(),
      accepted.body.recipients[0].id,
      accepted.body.id,
      { class: 'mailbox-full', diagnostic: '452 "full" \\ 💌' },
    ],
  );
  const end = new AbortController();
  t.after(async () => end.abort());
  const { pool, keys, clock, ids, log } = desk.deps;
  const node = makeNotifyTenants({ pool, keys, clock, ids, log, random: () => 0.5, allowPrivate: true, signal: end.signal });
  await node.fanOut();
  await node.deliver();
  const { body: page } = await desk.ask('GET', '/v1/events', { key: club.key });
  assert.deepEqual(
    new Map(server.seen.map((request) => [request.headers['webhook-id'], request.json])),
    new Map(page.data.map((event: { id: string }) => [event.id, event])),
  );
  const bounced = page.data.find((event: { type: string }) => event.type === 'bounced');
  assert.equal(bounced.address, 'member@mailbox.test');
  assert.deepEqual(bounced.tags, ['regatta']);
  assert.deepEqual(bounced.metadata, { season: '2026' });

  const tried = await desk.ask('POST', `/v1/webhook-endpoints/${made.body.id}/test`, { key: club.key });
  assert.equal(tried.status, 202, JSON.stringify(tried.body));
  await node.deliver();
  const request = server.seen.at(-1);
  assert.ok(request);
  assert.equal(request.headers['webhook-id'], tried.body.id);
  // The secret is the one that the API showed once.
  const event = new Webhook(made.body.secret).verify(request.body.toString(), { ...request.headers }) as { type: string };
  assert.equal(event.type, 'test');
});
