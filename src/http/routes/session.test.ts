import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HttpDesk, httpDesk, standingClock } from '../../../test/support/http-desk.ts';
import { createOperator, hashPassword, verifyPassword } from '../../store/operators.ts';
import type { PersonRole } from '../../tenancy/principal.ts';

const PASSWORD = 'correct horse battery staple';

async function person(desk: HttpDesk, login: string, role: PersonRole = 'owner', tenantId: string | null = null): Promise<string> {
  const { id } = await createOperator(desk.pool, {
    id: desk.deps.ids.next(),
    login,
    passwordHash: await hashPassword(PASSWORD),
    role,
    tenantId,
  });
  return id;
}

async function logIn(desk: HttpDesk, login: string, password = PASSWORD) {
  const answer = await desk.ask('POST', '/v1/session', { key: null, body: { login, password } });
  const cookie = (answer.headers['set-cookie'] ?? '').split(';')[0] ?? '';
  const as = (
    method: string,
    url: string,
    body?: unknown,
    headers: Record<string, string> = { 'x-csrf-token': answer.body.csrf_token ?? '' },
  ) => desk.ask(method, url, { key: null, headers: { cookie, ...headers }, ...(body === undefined ? {} : { body }) });
  return { answer, cookie, as };
}

test('A person logs in, changes something with the CSRF token, and logs out', async (t) => {
  const desk = await httpDesk(t);
  await person(desk, 'Owner@Platform.example');
  const { answer, as } = await logIn(desk, 'owner@platform.example');
  assert.equal(answer.status, 200);
  assert.equal(answer.body.role, 'owner');
  assert.match(answer.headers['set-cookie'] ?? '', /HttpOnly; SameSite=Strict$/);
  assert.ok(!JSON.stringify(answer.body).includes('packetboat_session'));
  assert.equal((await as('GET', '/v1/session')).body.login, 'owner@platform.example');
  const bare = await as('POST', '/v1/tenants', { name: 'Club' }, {});
  assert.equal(bare.status, 403);
  assert.equal(bare.body.code, 'CSRF_INVALID');
  const made = await as('POST', '/v1/tenants', { name: 'Club' });
  assert.equal(made.status, 201);
  const { body: audit } = await desk.ask('GET', `/v1/audit?subject=${made.body.id}`);
  assert.equal(audit.data[0].actor, 'person:owner@platform.example');
  assert.equal((await as('DELETE', '/v1/session')).status, 204);
  assert.equal((await as('GET', '/v1/session')).status, 401);
});

test('Over https the cookie is Secure', async (t) => {
  const desk = await httpDesk(t, { settings: { secure: true } });
  await person(desk, 'owner');
  const { answer } = await logIn(desk, 'owner');
  assert.match(answer.headers['set-cookie'] ?? '', /; Secure$/);
});

test('A wrong password and an unknown login are refused alike, and guessing is slowed down', async (t) => {
  const desk = await httpDesk(t, { clock: standingClock });
  await person(desk, 'owner');
  const wrong = await logIn(desk, 'owner', 'wrong');
  const unknown = await logIn(desk, 'nobody', 'wrong');
  assert.deepEqual([wrong.answer.status, unknown.answer.status], [401, 401]);
  assert.equal(wrong.answer.body.detail, unknown.answer.body.detail);
  for (let tries = 0; tries < 4; tries += 1) assert.equal((await logIn(desk, 'owner', 'wrong')).answer.status, 401);
  assert.equal((await logIn(desk, 'owner')).answer.body.code, 'AUTH_THROTTLED', 'even the right password waits now');
});

test('Whoever has a whole IPv6 network to guess from is one source', async (t) => {
  const desk = await httpDesk(t, { clock: standingClock, settings: { trustedProxies: ['127.0.0.1'] } });
  const from = (address: string) =>
    desk.ask('POST', '/v1/session', { key: null, body: { login: 'owner', password: 'wrong' }, headers: { 'x-forwarded-for': address } });
  for (let n = 1; n <= 5; n += 1) assert.equal((await from(`2001:db8:1:2:${n}::${n}`)).body.code, 'AUTH_INVALID');
  assert.equal((await from('2001:db8:1:2:ffff::9')).body.code, 'AUTH_THROTTLED');
  assert.equal((await from('2001:db8:1:3::1')).body.code, 'AUTH_INVALID', 'a neighbour is not shut out');
});

test('A crowd at the log-in waits in a short line, and leaves threads to mail', async (t) => {
  const desk = await httpDesk(t, { settings: { trustedProxies: ['127.0.0.1'] } });
  const tries = Array.from({ length: 30 }, (_, n) =>
    desk.ask('POST', '/v1/session', {
      key: null,
      body: { login: `stranger${n}`, password: 'wrong' },
      headers: { 'x-forwarded-for': `192.0.2.${n}` },
    }),
  );
  const codes = (await Promise.all(tries)).map(({ body }) => body.code);
  assert.ok(codes.includes('AUTH_THROTTLED') && codes.includes('AUTH_INVALID'), codes.join(' '));
  await person(desk, 'owner');
  assert.equal((await logIn(desk, 'owner')).answer.status, 200, 'a moment later it is open');
});

test('A viewer sees and changes nothing; a person of an organisation sees that organisation only', async (t) => {
  const desk = await httpDesk(t);
  const [club, other] = [await desk.tenant('Club'), await desk.tenant('Other')];
  await person(desk, 'viewer', 'viewer');
  await person(desk, 'treasurer', 'operator', club.id);
  const viewer = await logIn(desk, 'viewer');
  assert.equal((await viewer.as('GET', '/v1/tenants')).body.data.length, 2);
  assert.equal((await viewer.as('POST', '/v1/tenants', { name: 'x' })).status, 403);
  const treasurer = await logIn(desk, 'treasurer');
  assert.equal(treasurer.answer.body.tenant_id, club.id);
  assert.deepEqual(
    (await treasurer.as('GET', '/v1/tenants')).body.data.map((tenant: { id: string }) => tenant.id),
    [club.id],
  );
  assert.equal((await treasurer.as('GET', `/v1/tenants/${other.id}`)).status, 404);
  assert.equal((await treasurer.as('GET', '/v1/people')).status, 403);
  await desk.ask('PATCH', `/v1/tenants/${club.id}`, { body: { state: 'suspended' } });
  assert.equal((await treasurer.as('GET', '/v1/tenants')).body.code, 'TENANT_SUSPENDED');
});

test('People are managed by owners; the last owner stays; a new password ends other sessions', async (t) => {
  const desk = await httpDesk(t);
  const ownerId = await person(desk, 'owner');
  await person(desk, 'operator', 'operator');
  const [owner, elsewhere, operator] = [await logIn(desk, 'owner'), await logIn(desk, 'owner'), await logIn(desk, 'operator')];
  const newcomer = { login: 'new', password: 'a long pass phrase' };
  assert.equal((await operator.as('POST', '/v1/people', newcomer)).status, 403);
  const made = await owner.as('POST', '/v1/people', newcomer);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.equal((await owner.as('POST', '/v1/people', newcomer)).body.code, 'CONFLICT');
  assert.equal((await owner.as('POST', '/v1/people', { login: 'short', password: 'short' })).status, 422);
  assert.equal((await logIn(desk, 'NEW', 'a long pass phrase')).answer.status, 200);
  assert.equal((await owner.as('DELETE', `/v1/people/${ownerId}`)).body.code, 'STATE_FORBIDS');
  assert.equal((await owner.as('DELETE', `/v1/people/${made.body.id}`)).status, 204);
  const change = { password: PASSWORD, new_password: 'another long pass phrase' };
  assert.equal((await owner.as('PUT', '/v1/session/password', { ...change, password: 'wrong' })).status, 401);
  assert.equal((await owner.as('PUT', '/v1/session/password', change)).status, 204);
  assert.equal((await owner.as('GET', '/v1/session')).status, 200, 'the session that changed it stays');
  assert.equal((await elsewhere.as('GET', '/v1/session')).status, 401, 'the others end');
  assert.equal((await desk.ask('PUT', '/v1/session/password', { body: change })).body.code, 'AUTH_MISSING', 'a key has no password');
});

test('Password hashes are argon2id in PHC form, and verify only their own password', async () => {
  const hash = await hashPassword(PASSWORD);
  assert.match(hash, /^\$argon2id\$v=19\$m=65536,t=3,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.equal(await verifyPassword(PASSWORD, hash), true);
  assert.equal(await verifyPassword('other', hash), false);
  assert.equal(await verifyPassword(PASSWORD, null), false);
  assert.equal(await verifyPassword(PASSWORD, 'not a hash'), false);
});
