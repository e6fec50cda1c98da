// This file asks addresses with words that nobody means: times out of the calendar, letters that cannot be stored, ids in capitals, organisations that do not
// exist. Each is answered or refused; none is a fault of ours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk } from '../../test/support/http-desk.ts';

/** Written as a query would have them. */
const ODD = [
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-23:59',
  '2026-01-01T00:00:00+23:59',
  '0000-01-01',
  '9999-12-31',
  'a\u0000b',
  '99999999999999999999',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
];
const NOBODY = '018f0000-0000-7000-8000-000000000000';

interface Described {
  readonly paths: Record<string, Record<string, { parameters?: readonly { name: string; in: string }[] }>>;
}

test('No odd word in a query breaks anything', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const domain = (await desk.ask('GET', `/v1/tenants/${club.id}/domains`)).body.data[0].id;
  const ids: Readonly<Record<string, string>> = { tenants: club.id, domains: domain };
  // The description has this form; the test reads nothing else of it.
  const { paths } = desk.app.swagger() as unknown as Described;
  const broken: string[] = [];
  for (const [path, { get: operation }] of Object.entries(paths)) {
    const id = ids[path.split('/')[2] ?? ''] ?? NOBODY;
    const url = path.replace('{id}', id).replace('{key}', NOBODY);
    for (const { name } of (operation?.parameters ?? []).filter((parameter) => parameter.in === 'query')) {
      for (const word of ODD) {
        const { status } = await desk.ask('GET', `${url}?${new URLSearchParams({ [name]: word })}`);
        if (status >= 500) broken.push(`${path}?${name}=${JSON.stringify(word)} → ${status}`);
      }
    }
  }
  assert.deepEqual(broken, []);
});

test('An operator who names an organisation that does not exist is told so, and nothing is our fault', async (t) => {
  const desk = await httpDesk(t);
  const asked = [
    ['POST', '/v1/suppressions', { tenant_id: NOBODY, address: 'x@mailbox.test' }],
    ['POST', '/v1/webhook-endpoints', { tenant_id: NOBODY, url: 'https://hooks.example.org/in' }],
    ['POST', `/v1/suppressions/import?tenant_id=${NOBODY}`, undefined],
    ['GET', `/v1/suppressions/export?tenant_id=${NOBODY}`, undefined],
    ['DELETE', `/v1/suppressions?tenant_id=${NOBODY}&address=x@mailbox.test`, undefined],
  ] as const;
  for (const [method, url, body] of asked) {
    const answer = await desk.ask(method, url, body === undefined ? {} : { body });
    assert.deepEqual([answer.status, answer.body?.code], [404, 'NOT_FOUND'], `${method} ${url}`);
  }
});

test('An id is the same in capitals', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const loud = club.id.toUpperCase();
  await desk.ask('POST', '/v1/suppressions', { key: club.key, body: { address: 'x@mailbox.test' } });
  const held = await desk.ask('GET', `/v1/suppressions?tenant_id=${loud}`, { key: club.key });
  assert.equal(held.body.data.length, 1, 'a key that names its own organisation sees it');
  const renamed = await desk.ask('PATCH', `/v1/tenants/${loud}`, { body: { name: 'Choir' } });
  assert.equal(renamed.status, 200);
  const audit = await desk.ask('GET', `/v1/audit?subject=${club.id}`);
  assert.ok(audit.body.data.some(({ action }: { action: string }) => action === 'tenant.update'));
});

test('The last owner stays an owner, however the id is written', async (t) => {
  const desk = await httpDesk(t);
  const { body: owner } = await desk.ask('POST', '/v1/people', {
    body: { login: 'ole@platform.example', password: 'a long pass phrase', role: 'owner' },
  });
  const { status, body } = await desk.ask('PATCH', `/v1/people/${owner.id.toUpperCase()}`, { body: { role: 'viewer' } });
  assert.deepEqual([status, body.code], [409, 'STATE_FORBIDS']);
});

test('A webhook endpoint never gets an empty address', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const url = 'https://hooks.example.org/in';
  const { body: made } = await desk.ask('POST', '/v1/webhook-endpoints', { key: club.key, body: { url } });
  const empty = await desk.ask('PATCH', `/v1/webhook-endpoints/${made.id}`, { key: club.key, body: { url: '' } });
  assert.deepEqual([empty.status, empty.body.field], [422, 'url']);
  assert.equal((await desk.ask('GET', `/v1/webhook-endpoints/${made.id}`, { key: club.key })).body.url, url);
});

test('Who may only look sees credentials and who changed what, and changes neither', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const { body: viewer } = await desk.ask('POST', '/v1/credentials', { body: { scopes: ['operator:read'] } });
  const { body: own } = await desk.ask('POST', `/v1/tenants/${club.id}/credentials`, {
    body: { kind: 'api_key', scopes: ['credentials:read'] },
  });
  for (const key of [viewer.api_key, own.api_key]) {
    for (const path of ['/v1/credentials', `/v1/tenants/${club.id}/credentials`, `/v1/credentials/${own.id}`, '/v1/audit'])
      assert.equal((await desk.ask('GET', path, { key })).status, 200, path);
    assert.equal((await desk.ask('PATCH', `/v1/credentials/${own.id}`, { key, body: { state: 'suspended' } })).status, 403);
    assert.equal((await desk.ask('DELETE', `/v1/credentials/${own.id}`, { key })).status, 403);
  }
});

test('A look for keys is not made for somebody whose domain it is not', async (t) => {
  const looked: string[] = [];
  const desk = await httpDesk(t, { lookAtKeys: async (id) => void looked.push(id) });
  const [club, stranger] = [await desk.tenant('Club'), await desk.tenant('Stranger')];
  const { id } = (await desk.ask('GET', `/v1/tenants/${club.id}/domains`)).body.data[0];
  assert.equal((await desk.ask('POST', `/v1/domains/${id}/keys/check`, { key: stranger.key })).status, 404);
  assert.deepEqual(looked, []);
  assert.equal((await desk.ask('POST', `/v1/domains/${id}/keys/check`, { key: club.key })).status, 200);
  assert.deepEqual(looked, [id]);
});
