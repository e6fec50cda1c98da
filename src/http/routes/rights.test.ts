// This file tests that nobody gets more rights than they have by a way around: a new key, another's key with a new secret, another role, a secret that is shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HttpDesk, httpDesk } from '../../../test/support/http-desk.ts';
import { createOperator, hashPassword } from '../../store/operators.ts';
import type { PersonRole } from '../../tenancy/principal.ts';

const PASSWORD = 'correct horse battery staple';

/** A person of the platform who is logged in: their id, and a way to ask as them. */
async function person(desk: HttpDesk, login: string, role: PersonRole) {
  const passwordHash = await hashPassword(PASSWORD);
  const { id } = await createOperator(desk.pool, { id: desk.deps.ids.next(), login, passwordHash, role, tenantId: null });
  const { headers, body } = await desk.ask('POST', '/v1/session', { key: null, body: { login, password: PASSWORD } });
  const cookie = (headers['set-cookie'] ?? '').split(';')[0] ?? '';
  const as = (method: string, url: string, sent?: unknown) =>
    desk.ask(method, url, {
      key: null,
      headers: { cookie, 'x-csrf-token': body.csrf_token },
      ...(sent === undefined ? {} : { body: sent }),
    });
  return { id, as };
}

test('A key of the platform can manage people, so only an owner makes one or gives one a new secret', async (t) => {
  const desk = await httpDesk(t);
  const [owner, operator] = [await person(desk, 'owner', 'owner'), await person(desk, 'operator', 'operator')];
  assert.equal((await operator.as('POST', '/v1/credentials', { name: 'mine' })).body.code, 'SCOPE_MISSING');
  const made = await owner.as('POST', '/v1/credentials', { name: 'for the backup' });
  assert.equal(made.status, 201);
  assert.equal((await operator.as('POST', `/v1/credentials/${made.body.id}/rotate`)).body.code, 'SCOPE_MISSING');
  assert.equal((await desk.ask('GET', '/v1/session', { key: made.body.api_key })).status, 200, 'its secret is as it was');
  assert.equal((await owner.as('POST', `/v1/credentials/${made.body.id}/rotate`)).status, 200);
  assert.equal((await desk.ask('POST', '/v1/credentials', { body: { name: 'by a key' } })).status, 201);
  const club = await desk.tenant('Club');
  const theirs = await operator.as('POST', `/v1/tenants/${club.id}/credentials`, { kind: 'api_key' });
  assert.equal(theirs.status, 201, 'keys of organisations are made by operators as before');
  assert.equal((await operator.as('POST', `/v1/credentials/${theirs.body.id}/rotate`)).status, 200);
});

test('Who manages credentials gets no right by them that it has not itself', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const make = (key: string, body: unknown) => desk.ask('POST', `/v1/tenants/${club.id}/credentials`, { key, body });
  const { api_key: narrow, id: narrowId } = (await make(club.key, { kind: 'api_key', scopes: ['credentials:manage'] })).body;
  const { id: wideId } = (await make(club.key, { kind: 'api_key' })).body;
  const { id: smtpId } = (await make(club.key, { kind: 'smtp' })).body;
  assert.equal((await make(narrow, { kind: 'smtp' })).body.code, 'SCOPE_MISSING', 'an SMTP log-in hands in mail');
  const rotate = (key: string, id: string) => desk.ask('POST', `/v1/credentials/${id}/rotate`, { key });
  assert.equal((await rotate(narrow, wideId)).body.code, 'SCOPE_MISSING');
  assert.equal((await rotate(narrow, smtpId)).body.code, 'SCOPE_MISSING');
  assert.equal((await rotate(narrow, narrowId)).status, 200, 'its own secret it may renew');
  for (const id of [wideId, smtpId]) assert.equal((await rotate(club.key, id)).status, 200);
});

test('The last owner of the platform keeps the role, also when two owners leave at one moment', async (t) => {
  const desk = await httpDesk(t);
  const [one, two] = [await person(desk, 'one', 'owner'), await person(desk, 'two', 'owner')];
  const left = await Promise.all([one.as('DELETE', `/v1/people/${two.id}`), two.as('DELETE', `/v1/people/${one.id}`)]);
  // Whoever comes second finds itself the last one, or is no longer logged in.
  assert.equal(left.filter(({ status }) => status === 204).length, 1, JSON.stringify(left));
  const { rows } = await desk.pool.query<{ id: string }>(`select id from operators where role = 'owner'`);
  const [last] = rows;
  assert.ok(last && rows.length === 1);
  const refused = await desk.ask('PATCH', `/v1/people/${last.id}`, { body: { role: 'viewer' } });
  assert.equal(refused.body.code, 'STATE_FORBIDS');
  const renewed = await desk.ask('PATCH', `/v1/people/${last.id}`, { body: { role: 'owner', password: 'another long pass phrase' } });
  assert.equal(renewed.status, 200);
  await person(desk, 'three', 'owner');
  assert.equal((await desk.ask('PATCH', `/v1/people/${last.id}`, { body: { role: 'viewer' } })).body.role, 'viewer');
});

test('A viewer does not see the secret way of an account by which events come in', async (t) => {
  const desk = await httpDesk(t);
  const viewer = await person(desk, 'viewer', 'viewer');
  const { body: reader } = await desk.ask('POST', '/v1/credentials', { body: { scopes: ['operator:read'] } });
  const { body: account } = await desk.ask('POST', '/v1/provider-accounts', {
    body: { name: 'main', provider: 'sparkpost', settings: {}, secret: { api_key: 'k' } },
  });
  const url = `/v1/provider-accounts/${account.id}`;
  for (const seen of [await viewer.as('GET', url), await desk.ask('GET', url, { key: reader.api_key })]) {
    assert.equal(seen.status, 200);
    assert.equal(seen.body.name, 'main');
    assert.deepEqual([seen.body.webhook_url, seen.body.webhook_auth], [null, null]);
  }
  assert.equal((await desk.ask('GET', url)).body.webhook_url, account.webhook_url);
});

test('The audit log of an organisation does not name the accounts of the platform', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const { body: account } = await desk.ask('POST', '/v1/provider-accounts', {
    body: { name: 'main', provider: 'smtp', settings: { host: '127.0.0.1', port: 25, tls: 'none' }, secret: {} },
  });
  await desk.ask('PUT', '/v1/routing', { body: { tenant_id: club.id, stream: 'bulk', accounts: [account.id] } });
  const lineOf = async (key?: string) => {
    const { body } = await desk.ask('GET', `/v1/audit?tenant_id=${club.id}`, key === undefined ? {} : { key });
    return body.data.find((line: { action: string }) => line.action === 'routing.put');
  };
  assert.deepEqual((await lineOf()).detail, { stream: 'bulk', accounts: [account.id] });
  assert.deepEqual((await lineOf(club.key)).detail, { stream: 'bulk' });
});
