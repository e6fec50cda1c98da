// This file goes through the life of what operators and tenants manage: credentials, domains, senders, accounts, routing, holds, webhooks, the audit log.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { httpDesk } from '../../../test/support/http-desk.ts';
import { addRollups, NO_ACCOUNT } from '../../store/rollups.ts';

test('Credentials of every kind are made, shown once, rotated, paused and revoked', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const make = (body: unknown, key = desk.operatorKey) => desk.ask('POST', `/v1/tenants/${club.id}/credentials`, { key, body });
  const smtp = await make({ kind: 'smtp', name: 'forum', default_stream: 'bulk' });
  assert.equal(smtp.status, 201);
  assert.ok(smtp.body.smtp_username && smtp.body.smtp_password.length >= 43 && !smtp.body.api_key);
  const shown = await desk.ask('GET', `/v1/credentials/${smtp.body.id}`, { key: club.key });
  assert.equal(shown.body.handle, smtp.body.smtp_username);
  assert.ok(!JSON.stringify(shown.body).includes(smtp.body.smtp_password));
  const network = await make({ kind: 'network', cidr: ['127.0.0.1/32', '10.1.2.3/16'] });
  assert.deepEqual(network.body.networks, ['127.0.0.1/32', '10.1.0.0/16']);
  assert.equal((await make({ kind: 'network', cidr: ['0.0.0.0/0'] })).body.field, 'cidr[0]');
  assert.equal((await make({ kind: 'network' })).body.field, 'cidr');
  assert.equal((await make({ kind: 'smtp', cidr: ['127.0.0.1'] })).body.field, 'cidr');
  assert.equal(
    (await make({ kind: 'network', cidr: ['127.0.0.1/32'] }, club.key)).body.code,
    'SCOPE_MISSING',
    'networks are for operators',
  );
  assert.equal((await make({ kind: 'api_key', rate_per_minute: 9 }, club.key)).body.code, 'SCOPE_MISSING', 'rates too');
  const narrow = await make({ kind: 'api_key', scopes: ['credentials:manage', 'messages:read'] });
  const wider = await make({ kind: 'api_key', scopes: ['messages:write'] }, narrow.body.api_key);
  assert.equal(wider.body.code, 'SCOPE_MISSING', 'nobody hands on more than they have');
  assert.deepEqual((await make({ kind: 'api_key' }, narrow.body.api_key)).body.scopes, [
    'messages:read',
    'credentials:manage',
    'credentials:read',
  ]);
  assert.equal((await make({ kind: 'api_key', scopes: ['operator'] }, club.key)).status, 422);

  const key = narrow.body.api_key;
  const rotated = await desk.ask('POST', `/v1/credentials/${narrow.body.id}/rotate`, { body: { grace_seconds: 60 } });
  assert.notEqual(rotated.body.api_key, key);
  for (const each of [key, rotated.body.api_key]) assert.equal((await desk.ask('GET', '/v1/session', { key: each })).status, 200);
  await desk.ask('PATCH', `/v1/credentials/${narrow.body.id}`, { key: club.key, body: { state: 'suspended' } });
  assert.equal((await desk.ask('GET', '/v1/session', { key: rotated.body.api_key })).body.code, 'CREDENTIAL_SUSPENDED');
  const resume = { body: { state: 'active' } };
  assert.equal((await desk.ask('PATCH', `/v1/credentials/${narrow.body.id}`, { key: club.key, ...resume })).body.code, 'SCOPE_MISSING');
  assert.equal((await desk.ask('PATCH', `/v1/credentials/${narrow.body.id}`, resume)).body.state, 'active');
  assert.equal((await desk.ask('DELETE', `/v1/credentials/${narrow.body.id}`)).status, 204);
  assert.equal((await desk.ask('GET', '/v1/session', { key: rotated.body.api_key })).body.code, 'AUTH_INVALID');
  assert.equal((await desk.ask('PATCH', `/v1/credentials/${narrow.body.id}`, resume)).status, 404, 'revoked is for good');
  const listed = await desk.ask('GET', `/v1/tenants/${club.id}/credentials?limit=2`, { key: club.key });
  assert.equal(listed.body.data.length, 2);
  const rest = await desk.ask('GET', `/v1/tenants/${club.id}/credentials?limit=2&after=${listed.body.next}`, { key: club.key });
  const seen = [...listed.body.data, ...rest.body.data].map((credential: { id: string }) => credential.id);
  assert.equal(new Set(seen).size, seen.length);
  assert.ok(!seen.includes(narrow.body.id));
  const { body: audit } = await desk.ask('GET', `/v1/audit?tenant_id=${club.id}&subject=${narrow.body.id}`);
  assert.deepEqual(
    audit.data.map((line: { action: string }) => line.action),
    ['credential.revoke', 'credential.update', 'credential.update', 'credential.rotate', 'credential.create'],
  );
});

test('A domain an organisation registers itself waits; one the operator registers can be used at once', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const send = async (from: string) =>
    (await desk.ask('POST', '/v1/messages', { key: club.key, body: { from, to: 'x@mailbox.test', text: 'x' } })).body.code ?? 'accepted';
  const register = (name: string, key = club.key, more = {}) =>
    desk.ask('POST', `/v1/tenants/${club.id}/domains`, { key, body: { name, ...more } });
  const own = await register('Own.Example.');
  assert.deepEqual([own.status, own.body.name, own.body.state, own.body.authenticated], [201, 'own.example', 'pending', false]);
  assert.match(own.body.records[0].host, /^pb\d+\._domainkey\.own\.example$/);
  assert.match(own.body.records[0].value, /^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{300,}=*$/);
  assert.equal(await send('a@own.example'), 'SENDER_NOT_ALLOWED');
  assert.equal((await register('proven.example', club.key, { authenticated: true })).body.code, 'SCOPE_MISSING');
  await desk.ask('PATCH', `/v1/domains/${own.body.id}`, { body: { authenticated: true, state: 'verified' } });
  assert.equal(await send('a@own.example'), 'accepted');
  assert.equal(await send('a@news.own.example'), 'accepted', 'and the names below it');
  assert.equal((await register('vouched.example', desk.operatorKey)).body.state, 'warning');
  assert.equal(await send('a@vouched.example'), 'accepted');
  assert.equal((await desk.ask('DELETE', `/v1/domains/${own.body.id}`, { key: club.key })).status, 204);
  assert.equal(await send('a@own.example'), 'SENDER_NOT_ALLOWED');
  for (const bad of ['gmail.com', 'co.uk', 'github.io', 'localhost', 'not a domain', 'a..b', '10.0.0.1']) {
    assert.equal((await register(bad, desk.operatorKey)).body.field, 'name', bad);
  }
  const sender = await desk.ask('POST', `/v1/tenants/${club.id}/senders`, { key: club.key, body: { address: 'Club@GMail.com' } });
  assert.deepEqual([sender.status, sender.body.address, sender.body.verified_at], [201, 'club@gmail.com', null]);
  assert.equal(await send('club@gmail.com'), 'SENDER_NOT_ALLOWED');
  assert.ok((await desk.ask('PATCH', `/v1/senders/${sender.body.id}`, { body: { verified: true } })).body.verified_at);
  assert.equal(await send('club@gmail.com'), 'accepted');
  await desk.ask('DELETE', `/v1/senders/${sender.body.id}`, { key: club.key });
  assert.equal(await send('club@gmail.com'), 'SENDER_NOT_ALLOWED');
});

test('A provider account keeps its secrets, can be changed, tried, paused and removed, and leaves every routing list', async (t) => {
  let told = 0;
  const desk = await httpDesk(t, {
    accountsChanged: async () => {
      told += 1;
    },
  });
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => server.close());
  const port = (server.address() as { port: number }).port;
  const settings = { host: '127.0.0.1', port, tls: 'none', username: 'u' };
  const made = await desk.ask('POST', '/v1/provider-accounts', {
    body: { name: 'smarthost', provider: 'smtp', settings, secret: { password: 'hush' } },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.match(made.body.webhook_url, /^https:\/\/desk\.example\/hooks\/[A-Za-z0-9_-]{32}$/);
  assert.ok(made.body.webhook_auth.username && made.body.webhook_auth.password);
  const path = `/v1/provider-accounts/${made.body.id}`;
  assert.ok(!JSON.stringify((await desk.ask('GET', path)).body).includes('hush'));
  const { rows } = await desk.pool.query('select secret, (select count(*)::int from routes) as routes from provider_accounts');
  assert.ok(!rows[0].secret.includes('hush'));
  assert.equal(rows[0].routes, 1);
  assert.equal(
    (await desk.ask('POST', '/v1/provider-accounts', { body: { name: 'x', provider: 'pigeon' } })).body.code,
    'PROVIDER_UNKNOWN',
  );
  const wrong = await desk.ask('POST', '/v1/provider-accounts', { body: { name: 'x', provider: 'smtp', settings: { host: '' } } });
  assert.equal(wrong.body.code, 'PROVIDER_SETTINGS_INVALID');
  assert.equal(
    (
      await desk.ask('POST', '/v1/provider-accounts', {
        body: { name: 'smarthost', provider: 'smtp', settings, secret: { password: 'x' } },
      })
    ).body.code,
    'CONFLICT',
  );
  const changed = await desk.ask('PATCH', path, { body: { settings: { username: 'v' }, state: 'paused' } });
  assert.deepEqual([changed.body.settings.username, changed.body.settings.port, changed.body.state], ['v', port, 'paused']);
  // It lets itself be reached and hangs up before it says a word.
  assert.match((await desk.ask('POST', `${path}/test`)).body.detail, /takes connections, but no mail/);
  const mailed = await desk.ask('POST', `${path}/test`, { body: { from: 'a@b.example', to: 'c@d.example' } });
  assert.equal(mailed.body.ok, false, 'a server that hangs up takes no mail');
  assert.ok(mailed.body.outcome && mailed.body.detail);
  const rule = await desk.ask('PUT', '/v1/routing', { body: { accounts: [made.body.id] } });
  assert.equal(rule.status, 200);
  const again = await desk.ask('PUT', '/v1/routing', { body: { accounts: [made.body.id] } });
  assert.equal(again.body.id, rule.body.id, 'a rule for the same is replaced');
  const unknown = '00000000-0000-7000-8000-000000000000';
  assert.equal((await desk.ask('PUT', '/v1/routing', { body: { accounts: [unknown] } })).body.field, 'accounts');
  assert.equal((await desk.ask('PUT', '/v1/routing', { body: { accounts: [made.body.id], tenant_id: unknown } })).status, 404);
  assert.equal((await desk.ask('DELETE', path)).status, 204);
  assert.equal((await desk.ask('GET', path)).status, 404);
  assert.deepEqual((await desk.ask('GET', '/v1/routing')).body.data, []);
  assert.equal((await desk.ask('DELETE', '/v1/routing')).status, 404);
  assert.equal(
    (
      await desk.ask('POST', '/v1/provider-accounts', {
        body: { name: 'smarthost', provider: 'smtp', settings, secret: { password: 'x' } },
      })
    ).status,
    201,
    'the name is free',
  );
  assert.ok(told >= 5, 'the dispatcher heard of every change');
  assert.deepEqual(
    (await desk.ask('GET', '/v1/providers')).body.data.map((provider: { kind: string }) => provider.kind).toSorted(),
    [...desk.deps.registry.keys()].toSorted(),
  );
});

test('An address is put on hold once, in any case, and let go by id or by name', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const ask = (method: string, url: string, body?: unknown) =>
    desk.ask(method, url, { key: club.key, ...(body === undefined ? {} : { body }) });
  const first = await ask('POST', '/v1/suppressions', { address: 'Member@Mailbox.test', stream: 'bulk', reason: 'unsubscribed' });
  assert.deepEqual([first.status, first.body.address, first.body.stream, first.body.source], [201, 'member@mailbox.test', 'bulk', 'api']);
  const again = await ask('POST', '/v1/suppressions', { address: 'member@mailbox.test', stream: 'bulk' });
  assert.deepEqual([again.status, again.body.id, again.body.reason], [200, first.body.id, 'unsubscribed']);
  const passed = await ask('POST', '/v1/suppressions', { address: 'late@mailbox.test', expires_at: '2020-01-01T00:00:00Z' });
  assert.deepEqual([passed.status, passed.body.field], [422, 'expires_at'], 'it would hold nothing');
  await ask('POST', '/v1/suppressions', { address: 'member@mailbox.test', expires_at: '2999-01-01T00:00:00Z' });
  await desk.pool.query("update suppressions set expires_at = now() - interval '1 s' where expires_at is not null");
  const find = async (query: string) =>
    (await ask('GET', `/v1/suppressions?${query}`)).body.data.map((hold: { stream: string | null }) => hold.stream);
  assert.deepEqual(await find('address=MEMBER@mailbox.test'), ['bulk'], 'a hold that has ended is not shown');
  assert.deepEqual(await find('reason=manual'), []);
  assert.deepEqual(await find('stream=transactional'), []);
  for (let n = 0; n < 5; n += 1) await ask('POST', '/v1/suppressions', { address: `m${n}@mailbox.test` });
  const page = await ask('GET', '/v1/suppressions?limit=4');
  const rest = await ask('GET', `/v1/suppressions?limit=4&after=${page.body.next}`);
  assert.deepEqual([page.body.data.length, rest.body.data.length, rest.body.next], [4, 2, null]);
  assert.equal(page.body.data[0].address, 'm4@mailbox.test', 'newest first');
  const sent = await ask('POST', '/v1/messages', { from: `a@${club.domain}`, to: ['M1@mailbox.test', 'x@mailbox.test'], text: 'x' });
  assert.deepEqual(
    sent.body.recipients.map((recipient: { state: string }) => recipient.state),
    ['suppressed', 'held'],
  );
  assert.equal((await ask('DELETE', `/v1/suppressions/${first.body.id}`)).status, 204);
  assert.equal((await ask('DELETE', '/v1/suppressions?address=m1@mailbox.test')).status, 204);
  assert.equal((await ask('DELETE', '/v1/suppressions?address=m1@mailbox.test')).status, 404);
  assert.equal((await ask('DELETE', '/v1/suppressions', { address: 'M2@mailbox.test' })).status, 204);
  assert.equal((await ask('DELETE', '/v1/suppressions', { address: 'm2@mailbox.test' })).status, 404);
  assert.deepEqual((await ask('DELETE', '/v1/suppressions')).body.field, 'address');
  assert.equal((await ask('POST', '/v1/suppressions', { address: 'nobody' })).body.code, 'MAIL_ADDRESS_INVALID');
});

test('A search takes a time in the ways clients write it', async (t) => {
  const desk = await httpDesk(t);
  for (const time of [
    '2026-03-01',
    '2026-03-01T09:00:00Z',
    '2026-03-01T09:00:00.123456',
    '2026-03-01 09:00:00',
    '2026-03-01T09:00:00%2B02:00',
    '2026-03-01T09:00:00+02:00',
  ]) {
    for (const list of ['ledger', 'messages', 'recipients']) {
      const { status, body } = await desk.ask('GET', `/v1/${list}?from=${time}`);
      assert.equal(status, 200, `${list} ${time} ${JSON.stringify(body)}`);
    }
  }
  for (const time of ['yesterday', '2026-02-30', '2026', '']) {
    const { status, body } = await desk.ask('GET', `/v1/ledger?from=${time}`);
    assert.deepEqual([status, body.code, body.field], [422, 'REQUEST_INVALID', 'from'], time);
  }
});

test('A webhook endpoint is registered for a public https address, tried, replayed and removed', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const ask = (method: string, url: string, body?: unknown) =>
    desk.ask(method, url, { key: club.key, ...(body === undefined ? {} : { body }) });
  assert.equal((await ask('POST', '/v1/webhook-endpoints', { url: 'https://127.0.0.1/hook' })).body.code, 'WEBHOOK_TARGET_FORBIDDEN');
  const made = await ask('POST', '/v1/webhook-endpoints', { url: 'https://club.example/hook', types: ['delivered'] });
  assert.match(made.body.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  const path = `/v1/webhook-endpoints/${made.body.id}`;
  assert.ok(!('secret' in (await ask('GET', path)).body));
  const rotated = await ask('POST', `${path}/rotate`);
  assert.match(rotated.body.secret, /^whsec_/);
  assert.notEqual(rotated.body.secret, made.body.secret);
  const tried = await ask('POST', `${path}/test`);
  assert.equal(tried.status, 202);
  const waiting = await ask('GET', `${path}/deliveries?state=due`);
  assert.equal(waiting.body.data[0].payload.type, 'test');
  assert.equal((await ask('GET', path)).body.failing_deliveries, 0);
  await desk.pool.query("update webhook_deliveries set tries = 1, last_error = 'refused'");
  assert.equal((await ask('GET', path)).body.failing_deliveries, 1, 'seen at once, not after a day');
  await desk.pool.query("update webhook_deliveries set state = 'dead', tries = 9, last_error = 'refused'");
  const { body: endpoint } = await ask('GET', path);
  assert.deepEqual([endpoint.dead_deliveries, endpoint.failing_deliveries], [1, 0]);
  assert.equal((await ask('GET', `${path}/deliveries`)).body.data[0].last_error, 'refused');
  assert.deepEqual((await ask('POST', `${path}/replay`, { deliveries: [tried.body.id] })).body, { replayed: 1, rewound: false });
  assert.deepEqual((await ask('POST', `${path}/replay`, {})).body, { replayed: 0, rewound: false });
  const event = desk.deps.ids.next();
  await desk.pool.query(
    "insert into events (tenant_id, id, recipient_id, message_id, type, at) values ($1, $2, $2, $2, 'delivered', now())",
    [club.id, event],
  );
  await desk.pool.query('update webhook_endpoints set cursor_txid = pg_snapshot_xmax(pg_current_snapshot())');
  assert.deepEqual((await ask('POST', `${path}/replay`, { from: '2020-01-01T00:00:00Z' })).body, { replayed: 0, rewound: true });
  const { rows } = await desk.pool.query('select e.cursor_txid = v.txid as back from webhook_endpoints e, events v');
  assert.equal(rows[0].back, true);
  assert.equal((await ask('POST', `${path}/replay`, { from: '2020-01-01T00:00:00Z', deliveries: [event] })).body.field, 'from');
  assert.equal((await ask('PATCH', path, { state: 'paused', url: 'https://club.example/other' })).body.state, 'paused');
  assert.equal((await ask('PATCH', path, { url: 'https://10.0.0.1/' })).body.code, 'WEBHOOK_TARGET_FORBIDDEN');
  assert.equal((await ask('DELETE', path)).status, 204);
  assert.equal((await ask('GET', path)).status, 404);
});

test('Events are read by cursor, and the first page of the console counts what there is', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const body = {
    from: `a@${club.domain}`,
    to: ['x@mailbox.test', 'y@mailbox.test'],
    text: 'x',
    tags: ['spring'],
    metadata: { member: '17' },
  };
  const { body: sent } = await desk.ask('POST', '/v1/messages', { key: club.key, body });
  const [recipient] = sent.recipients;
  await desk.pool.query(
    `insert into events (tenant_id, id, recipient_id, message_id, type, data, at) values ($1, $2, $3, $4, 'delivered', '{"class":"delivered"}', now())`,
    [club.id, desk.deps.ids.next(), recipient.id, sent.id],
  );
  await desk.pool.query("update recipients set state = 'delivered' where id = $1", [recipient.id]);
  const hour = { hourMs: Math.floor(Date.now() / 3_600_000) * 3_600_000, stream: 'transactional', mailboxProvider: 'other' } as const;
  await addRollups(desk.pool, [{ tenantId: club.id, ...hour, domain: club.domain, accountId: NO_ACCOUNT, counts: { delivered: 1 } }], []);
  const first = await desk.ask('GET', '/v1/events', { key: club.key });
  assert.deepEqual(
    first.body.data.map((each: { type: string; data: unknown }) => [each.type, each.data]),
    [
      ['held', { reason: 'no-route' }],
      ['held', { reason: 'no-route' }],
      ['delivered', { class: 'delivered' }],
    ],
  );
  const event = first.body.data[2];
  assert.deepEqual(
    [event.type, event.message_id, event.recipient_id, event.address, event.tags, event.metadata, event.data],
    ['delivered', sent.id, recipient.id, 'x@mailbox.test', ['spring'], { member: '17' }, { class: 'delivered' }],
  );
  const second = await desk.ask('GET', `/v1/events?after=${first.body.next}`, { key: club.key });
  assert.deepEqual(second.body, { data: [], next: first.body.next });
  assert.deepEqual((await desk.ask('GET', '/v1/events?after=latest', { key: club.key })).body.data, []);
  assert.equal((await desk.ask('GET', '/v1/events?type=bounced', { key: club.key })).body.data.length, 0);
  const elsewhere = (await desk.ask('GET', '/v1/suppressions', { key: club.key })).body.next ?? 'x';
  assert.equal((await desk.ask('GET', `/v1/events?after=${elsewhere}`, { key: club.key })).body.code, 'CURSOR_INVALID');

  const { body: overview } = await desk.ask('GET', '/v1/overview');
  assert.deepEqual([overview.last_24h.messages, overview.last_24h.recipients, overview.last_24h.states.held], [1, 2, 1]);
  assert.equal(Object.keys(overview.last_24h.states).length, 13);
  assert.deepEqual([overview.last_24h.delivered_rate.n, overview.last_24h.delivered_rate.value], [1, 1]);
  assert.equal(overview.ledger.difference, 0);
  assert.equal(overview.flow.length, 60);
  assert.equal(
    overview.flow.reduce((sum: number, minute: { transactional: number }) => sum + minute.transactional, 0),
    2,
  );
  assert.deepEqual(
    overview.needs_person.map((need: { kind: string }) => need.kind),
    ['no-account', 'held'],
  );
  const { body: theirs } = await desk.ask('GET', '/v1/overview', { key: club.key });
  assert.deepEqual([theirs.accounts, theirs.last_24h.recipients, theirs.needs_person[0].kind], [[], 2, 'held']);
});

test('A message can be called back, and a held recipient be let go by a person', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const send = (to: string) => desk.ask('POST', '/v1/messages', { key: club.key, body: { from: `a@${club.domain}`, to, text: 'x' } });
  const { body: one } = await send('x@mailbox.test');
  const cancelled = await desk.ask('POST', `/v1/messages/${one.id}/cancel`, { key: club.key });
  assert.deepEqual(cancelled.body, { id: one.id, cancelled: 1, unchanged: 0 });
  assert.deepEqual((await desk.ask('POST', `/v1/messages/${one.id}/cancel`)).body, { id: one.id, cancelled: 0, unchanged: 1 });
  const { body: two } = await send('y@mailbox.test');
  const recipient = two.recipients[0].id;
  assert.deepEqual((await desk.ask('POST', `/v1/recipients/${recipient}/release`, { key: club.key })).body, {
    id: recipient,
    state: 'queued',
  });
  assert.equal((await desk.ask('POST', `/v1/recipients/${recipient}/release`, { key: club.key })).body.code, 'STATE_FORBIDS');
  const { body: audit } = await desk.ask('GET', `/v1/audit?tenant_id=${club.id}&limit=2`);
  assert.deepEqual(
    audit.data.map((line: { action: string }) => line.action),
    ['recipient.release', 'message.cancel'],
  );
});
