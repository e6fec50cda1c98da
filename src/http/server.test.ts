import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { httpDesk } from '../../test/support/http-desk.ts';

test('Every refusal is a problem with a code, a hint and the id of the request', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const json = { 'content-type': 'application/json' };
  const rows: [
    string,
    string,
    string,
    { key?: string | null; body?: unknown; headers?: Record<string, string> },
    number,
    string,
    string?,
  ][] = [
    ['an unknown address', 'GET', '/v1/nothing', {}, 404, 'NOT_FOUND'],
    ['an unknown id', 'GET', '/v1/tenants/00000000-0000-7000-8000-000000000000', {}, 404, 'NOT_FOUND'],
    ['an id that is none', 'GET', '/v1/tenants/17', {}, 404, 'NOT_FOUND', 'id'],
    ['a method that is not there', 'DELETE', '/v1/tenants', {}, 405, 'METHOD_NOT_ALLOWED'],
    ['a method nobody has', 'PUT', '/v1/messages', {}, 405, 'METHOD_NOT_ALLOWED'],
    ['no key', 'GET', '/v1/tenants', { key: null }, 401, 'AUTH_MISSING'],
    ['a key that is none', 'GET', '/v1/tenants', { key: 'pb_x' }, 401, 'AUTH_INVALID'],
    ['a header that is none', 'GET', '/v1/tenants', { key: null, headers: { authorization: 'Basic eDp5' } }, 401, 'AUTH_INVALID'],
    ['broken JSON', 'POST', '/v1/tenants', { body: '{"name":', headers: json }, 400, 'REQUEST_MALFORMED'],
    [
      'JSON in another alphabet',
      'POST',
      '/v1/tenants',
      { body: Buffer.from('{"name":"Caf\xe9"}', 'latin1'), headers: json },
      400,
      'REQUEST_MALFORMED',
    ],
    ['JSON that would poison', 'POST', '/v1/tenants', { body: '{"name":"x","__proto__":{}}', headers: json }, 400, 'REQUEST_MALFORMED'],
    [
      'another type',
      'POST',
      '/v1/tenants',
      { body: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ],
    [
      'a packed body',
      'POST',
      '/v1/tenants',
      { body: gzipSync('{"name":"x"}'), headers: { ...json, 'content-encoding': 'gzip' } },
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    ],
    ['a body that is too large', 'POST', '/v1/tenants', { body: { name: 'x'.repeat(2_000_000) } }, 413, 'PAYLOAD_TOO_LARGE'],
    ['a missing field', 'POST', '/v1/tenants', { body: {} }, 422, 'REQUEST_INVALID', 'name'],
    ['no body at all', 'POST', '/v1/tenants', {}, 422, 'REQUEST_INVALID'],
    ['a field nobody knows', 'POST', '/v1/tenants', { body: { name: 'x', colour: 'red' } }, 422, 'REQUEST_INVALID', 'colour'],
    ['a query nobody knows', 'GET', '/v1/tenants?order=asc', {}, 422, 'REQUEST_INVALID', 'order'],
    ['a page that is too long', 'GET', '/v1/tenants?limit=201', {}, 422, 'REQUEST_INVALID', 'limit'],
    ['a cursor that is none', 'GET', '/v1/tenants?after=abc', {}, 422, 'CURSOR_INVALID', 'after'],
    ['a scope that is missing', 'POST', '/v1/tenants', { key: club.key, body: { name: 'x' } }, 403, 'SCOPE_MISSING'],
    ['a name twice', 'POST', `/v1/tenants/${club.id}/domains`, { body: { name: club.domain } }, 409, 'CONFLICT'],
  ];
  for (const [what, method, url, options, status, code, field] of rows) {
    const answer = await desk.ask(method, url, options);
    assert.equal(answer.status, status, `${what}: ${JSON.stringify(answer.body)}`);
    assert.equal(answer.headers['content-type'], 'application/problem+json', what);
    assert.equal(answer.body.code, code, what);
    assert.equal(answer.body.status, status, what);
    assert.equal(answer.body.field, field, what);
    assert.equal(answer.body.request_id, answer.headers['x-request-id'], what);
    for (const member of ['type', 'title', 'detail', 'hint']) assert.ok(answer.body[member].length > 3, `${what}: ${member}`);
  }
  const outside = await desk.ask('GET', '/assets/%2e%2e/%2e%2e/package.json', { key: null });
  assert.doesNotMatch(String(outside.body.hint), /JSON/, 'what has no body is not told about one');
  const { allow } = (await desk.ask('DELETE', '/v1/tenants')).headers;
  assert.equal(allow, 'GET, HEAD, POST');
  assert.equal((await desk.ask('GET', '/v1/tenants', { key: null })).headers['www-authenticate'], 'Bearer');
});

test('A body that is too large is read to its end, so that its sender sees the answer', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const origin = await desk.app.listen({ host: '127.0.0.1', port: 0 });
  const answer = await fetch(`${origin}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${club.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ from: `a@${club.domain}`, to: 'x@mailbox.test', text: 'x'.repeat(50 * 1024 * 1024) }),
  });
  assert.equal(answer.status, 413);
  // biome-ignore lint/suspicious/noExplicitAny: a problem, asserted below.
  const problem = (await answer.json()) as any;
  assert.equal(problem.code, 'MAIL_TOO_LARGE');
  assert.match(problem.detail, /allowed/);
});

test('A list without end is refused as such, before anybody looks at each of its entries', async (t) => {
  const desk = await httpDesk(t);
  const { key, domain } = await desk.tenant('Club');
  const wrong = Array.from({ length: 20_001 }, () => 1);
  const message = { from: `a@${domain}`, to: wrong, text: 'x' };
  for (const [url, body] of [
    ['/v1/messages', message],
    ['/v1/messages', { ...message, to: 'x@mailbox.test', metadata: Object.fromEntries(wrong.map((_, n) => [`k${n}`, []])) }],
    ['/v1/messages/batch', { messages: [message] }],
  ] as const) {
    const refused = await desk.ask('POST', url, { key, body });
    assert.deepEqual([refused.status, refused.body.code], [422, 'LIMIT_EXCEEDED']);
    assert.match(refused.body.detail, /20001 entries/);
  }
  const most = await desk.ask('POST', '/v1/messages', { key, body: { ...message, to: wrong.slice(1).map(() => 'x@mailbox.test') } });
  assert.equal(most.body.code, 'MAIL_RECIPIENTS_TOO_MANY', 'what may be is judged as ever');
});

test('What never became a request is told so in HTTP, with a problem like every other refusal', async (t) => {
  const desk = await httpDesk(t);
  const { port } = new URL(await desk.app.listen({ host: '127.0.0.1', port: 0 }));
  for (const [bytes, status, code] of [
    ['EHLO example.org\r\n\r\n', 400, 'REQUEST_MALFORMED'],
    [`GET /health HTTP/1.1\r\nhost: desk\r\nx-much: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
    [`GET /v1/messages?address=${'x'.repeat(20_000)} HTTP/1.1\r\nhost: desk\r\n\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ] as const) {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    const said = await text(socket);
    const [head = '', body = ''] = said.split('\r\n\r\n');
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.match(head, /content-type: application\/problem\+json/);
    const problem = JSON.parse(body);
    assert.deepEqual([problem.status, problem.code], [status, code]);
    assert.ok(problem.hint.length > 3 && head.includes(`x-request-id: ${problem.request_id}`));
  }
});

test('The database being away is said as such, and as worth another try', async (t) => {
  const desk = await httpDesk(t, {
    accept: () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })),
  });
  const club = await desk.tenant('Club');
  const body = { from: `a@${club.domain}`, to: 'x@mailbox.test', text: 'x' };
  const answer = await desk.ask('POST', '/v1/messages', { key: club.key, body });
  assert.equal(answer.status, 503);
  assert.equal(answer.body.code, 'STORE_UNAVAILABLE');
  assert.ok(answer.headers['retry-after']);
});

test('A fault of ours shows no details', async (t) => {
  const desk = await httpDesk(t, { accept: () => Promise.reject(new Error('secret detail of the inside')) });
  const club = await desk.tenant('Club');
  const answer = await desk.ask('POST', '/v1/messages', {
    key: club.key,
    body: { from: `a@${club.domain}`, to: 'x@mailbox.test', text: 'x' },
  });
  assert.equal(answer.status, 500);
  assert.equal(answer.body.code, 'INTERNAL');
  assert.ok(!JSON.stringify(answer.body).includes('secret detail'));
});

test('Health follows readiness, and metrics are for this machine or for the token', async (t) => {
  let ready = false;
  const desk = await httpDesk(t, { ready: () => ready });
  assert.equal((await desk.ask('GET', '/health', { key: null })).status, 503);
  ready = true;
  assert.deepEqual((await desk.ask('GET', '/health', { key: null })).body, { status: 'ready', version: '0.0.0-test' });
  assert.equal((await desk.ask('GET', '/metrics', { key: null })).status, 200);
  const proxied = { 'x-forwarded-for': '203.0.113.9' };
  assert.equal((await desk.ask('GET', '/metrics', { key: null, headers: proxied })).status, 404);
  assert.equal((await desk.ask('GET', '/metrics', { key: 'a-token-for-metrics', headers: proxied })).status, 200);
});

test('The console is served with its guard: hashed files for long, its page for every address of it, no scripts but its own', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'packetboat-console-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'assets'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>Console</title>');
  writeFileSync(join(root, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(root, 'assets', 'index-abc.js'), 'export {};');
  const desk = await httpDesk(t, { consoleRoot: root });
  const page = { key: null, headers: { accept: 'text/html' } };
  for (const url of ['/', '/messages', '/messages/123?state=held']) {
    const answer = await desk.ask('GET', url, page);
    assert.equal(answer.status, 200, url);
    assert.match(String(answer.body), /Console/);
    assert.equal(answer.headers['cache-control'], 'no-cache');
    assert.match(answer.headers['content-security-policy'] ?? '', /script-src 'self';/);
    assert.match(answer.headers['content-security-policy'] ?? '', /frame-ancestors 'none'/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  }
  const script = await desk.ask('GET', '/assets/index-abc.js', { key: null });
  assert.match(script.headers['cache-control'] ?? '', /immutable/);
  assert.match(script.headers['content-type'] ?? '', /javascript/);
  assert.equal((await desk.ask('GET', '/favicon.svg', { key: null })).status, 200);
  assert.equal((await desk.ask('GET', '/assets/missing.js', page)).status, 404);
  assert.equal((await desk.ask('GET', '/assets/..%2findex.html', page)).status, 404);
  assert.equal((await desk.ask('GET', '/v1/unknown', page)).body.code, 'NOT_FOUND');
});

test('Answers about people are never kept by caches', async (t) => {
  const desk = await httpDesk(t);
  const answer = await desk.ask('GET', '/v1/tenants');
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.match(answer.headers['content-security-policy'] ?? '', /default-src 'none'/);
});

test('The documentation can be read without scripts, and every code has a page', async (t) => {
  const desk = await httpDesk(t);
  const docs = await desk.ask('GET', '/docs', { key: null });
  assert.match(String(docs.body), /Hand in a message/);
  assert.ok(!String(docs.body).includes('<script'));
  assert.match(String((await desk.ask('GET', '/errors/SENDER_NOT_ALLOWED', { key: null })).body), /Sender not allowed/);
  assert.equal((await desk.ask('GET', '/errors/toString', { key: null })).status, 404);
  assert.equal((await desk.ask('GET', '/openapi.json', { key: null })).body.openapi, '3.1.0');
});

test("Providers' webhooks reach their flow with method, address, headers and bytes as they came", async (t) => {
  const seen: { token: string; method: string; url: string; type: string | undefined; body: string }[] = [];
  const desk = await httpDesk(t, {
    webhookIn: async (token, { method, url, headers, body }) => {
      seen.push({ token, method, url, type: headers['content-type'], body: body.toString() });
      return { status: token.startsWith('unknown') ? 404 : token.startsWith('unproven') ? 401 : 200 };
    },
  });
  const token = 'abcdefghijklmnopqrstuvwx';
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, key: null };
  assert.equal((await desk.ask('POST', `/hooks/${token}?x=1`, { ...form, body: 'mandrill_events=%5B%5D' })).status, 200);
  assert.equal((await desk.ask('HEAD', `/hooks/${token}`, { key: null })).status, 200);
  assert.equal((await desk.ask('GET', `/hooks/${token}`, { key: null })).status, 200);
  assert.equal(
    (await desk.ask('POST', `/hooks/${token}`, { key: null, body: '{not json', headers: { 'content-type': 'application/json' } })).status,
    200,
  );
  for (const unknown of ['unknown-unknown-unknown', 'short']) {
    const { status, body } = await desk.ask('POST', `/hooks/${unknown}`, { key: null, body: '' });
    assert.deepEqual([status, body.code], [404, 'WEBHOOK_UNKNOWN']);
  }
  const unproven = await desk.ask('POST', '/hooks/unproven-unproven', { key: null, body: '' });
  assert.deepEqual([unproven.status, unproven.body.code], [401, 'WEBHOOK_SIGNATURE_INVALID']);
  assert.equal(unproven.headers['www-authenticate'], 'Basic');
  assert.deepEqual(seen[0], {
    token,
    method: 'POST',
    url: `/hooks/${token}?x=1`,
    type: 'application/x-www-form-urlencoded',
    body: 'mandrill_events=%5B%5D',
  });
  assert.equal(seen[3]?.body, '{not json');
  const huge = await desk.ask('POST', `/hooks/${token}`, {
    key: null,
    body: 'x'.repeat(17 * 1024 * 1024),
    headers: { 'content-type': 'text/plain' },
  });
  assert.equal(huge.status, 413);
});

test('An address for webhooks that nobody has is refused before anything of the body came', { timeout: 60_000 }, async (t) => {
  const desk = await httpDesk(t, { webhookKnown: async () => false, webhookIn: () => Promise.reject(new Error('nobody asks it')) });
  const { port } = new URL(await desk.app.listen({ host: '127.0.0.1', port: 0 }));
  const socket = connect(Number(port), '127.0.0.1');
  t.after(() => void socket.destroy());
  socket.write('POST /hooks/guessed-guessed-guessed HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 16000000\r\n\r\n');
  const [said] = await once(socket, 'data');
  // The desk closes before hooks that were registered later, and waits for connections on which a request is half way.
  socket.destroy();
  assert.match(String(said), /^HTTP\/1\.1 404 /);
});

test('what comes over a kept connection while the desk stops is refused with a code and a hint', async (t) => {
  const desk = await httpDesk(t);
  await desk.app.listen({ port: 0, host: '127.0.0.1' });
  const address = desk.app.server.address();
  assert.ok(address !== null && typeof address === 'object');
  const socket = connect(address.port, '127.0.0.1');
  const arrived = once(desk.app.server, 'request');
  socket.write(
    'POST /v1/messages HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer none\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n',
  );
  await arrived;
  const closed = desk.app.close();
  while (desk.app.server.listening) await new Promise((resolve) => setImmediate(resolve));
  socket.write('{}GET /v1/tenants HTTP/1.1\r\nhost: desk\r\n\r\n');
  const answers = await text(socket);
  await closed;
  assert.match(answers, /HTTP\/1\.1 503 .*application\/problem\+json.*"code":"NOT_READY"/s);
});
