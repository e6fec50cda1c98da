import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type pg from 'pg';
import { testDatabase } from '../../test/support/database.ts';
import { systemClock } from '../clock.ts';
import { idMint } from '../ids.ts';
import { Secret, silentLog } from '../log.ts';
import { createCredential, type NewCredential, rotateCredential, updateCredential } from '../store/credentials.ts';
import { makeKeys } from '../store/keys.ts';
import { createTenant, updateTenant } from '../store/tenants.ts';
import { makeAuthenticator } from './authenticate.ts';

const ids = idMint(systemClock);
const keys = makeKeys(randomBytes(32));

/** A clock that only moves when the test says so. */
function handClock() {
  let nowMs = Date.now();
  return { nowMs: () => nowMs, monotonicMs: () => nowMs, pass: (ms: number) => (nowMs += ms) };
}

async function credential(pool: pg.Pool, tenantId: string | null, input: Partial<NewCredential> & Pick<NewCredential, 'kind'>) {
  const made = await createCredential(pool, tenantId, keys, { id: ids.next(), ...input });
  const { shown } = made;
  return {
    id: made.credential.id,
    apiKey: shown.kind === 'api_key' ? shown.apiKey : '',
    username: shown.kind === 'smtp' ? shown.username : '',
    password: new Secret(shown.kind === 'smtp' ? shown.password : ''),
  };
}

async function open(t: Parameters<typeof testDatabase>[0]) {
  const { pool } = await testDatabase(t);
  const clock = handClock();
  const authenticator = makeAuthenticator({ pool, keys, clock, log: silentLog });
  const tenant = await createTenant(pool, { id: ids.next(), name: 'Club' });
  return { pool, clock, authenticator, tenant };
}

const code = (expected: string) => (error: unknown) => error instanceof Error && 'code' in error && error.code === expected;

test('An API key says who holds it, what it may do, and its default stream', async (t) => {
  const { pool, authenticator, tenant } = await open(t);
  const key = await credential(pool, tenant.id, { kind: 'api_key', scopes: ['messages:read'], defaultStream: 'bulk', ratePerMinute: 60 });
  assert.match(key.apiKey, /^pb_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}$/);
  assert.deepEqual(await authenticator.bearer(key.apiKey), {
    kind: 'tenant',
    tenantId: tenant.id,
    credentialId: key.id,
    personId: null,
    scopes: ['messages:read'],
    defaultStream: 'bulk',
    ratePerMinute: 60,
  });
  const operator = await credential(pool, null, { kind: 'api_key', scopes: ['operator'] });
  assert.equal((await authenticator.bearer(operator.apiKey)).kind, 'operator');
});

test('Another secret under the same handle, a cut key and an SMTP password are no API keys', async (t) => {
  const { pool, authenticator, tenant } = await open(t);
  const key = await credential(pool, tenant.id, { kind: 'api_key' });
  const smtp = await credential(pool, tenant.id, { kind: 'smtp' });
  const last = key.apiKey.endsWith('A') ? 'B' : 'A';
  for (const wrong of [`${key.apiKey.slice(0, -1)}${last}`, key.apiKey.slice(0, -1), `pb_${smtp.username}_x`, '', 'pb__']) {
    await assert.rejects(authenticator.bearer(wrong), code('AUTH_INVALID'), wrong);
  }
  await assert.rejects(async () => authenticator.smtp(smtp.username, new Secret('wrong'), '127.0.0.1'), code('AUTH_INVALID'));
  await assert.rejects(async () => authenticator.smtp('nobody', smtp.password, '127.0.0.1'), code('AUTH_INVALID'));
});

test('A look-up counts for five seconds, and not longer than a change in this process', async (t) => {
  const { pool, clock, authenticator, tenant } = await open(t);
  const smtp = await credential(pool, tenant.id, { kind: 'smtp' });
  const first = authenticator.smtp(smtp.username, smtp.password, '127.0.0.1');
  assert.ok(first instanceof Promise);
  const login = await first;
  assert.deepEqual(login, { tenantId: tenant.id, credentialId: smtp.id, defaultStream: 'transactional', ratePerMinute: null });
  assert.deepEqual(authenticator.smtp(smtp.username, smtp.password, '127.0.0.1'), login, 'answered plainly from memory');
  await updateCredential(pool, tenant.id, { id: smtp.id, state: 'revoked' });
  assert.deepEqual(authenticator.smtp(smtp.username, smtp.password, '127.0.0.1'), login);
  clock.pass(5_001);
  await assert.rejects(async () => authenticator.smtp(smtp.username, smtp.password, '127.0.0.1'), code('AUTH_INVALID'));
  const key = await credential(pool, tenant.id, { kind: 'api_key' });
  await authenticator.bearer(key.apiKey);
  await updateCredential(pool, tenant.id, { id: key.id, state: 'suspended' });
  await authenticator.forget();
  await assert.rejects(authenticator.bearer(key.apiKey), code('CREDENTIAL_SUSPENDED'));
});

test('Who comes at the same time is looked up once, and a key in use is looked up anew before its time is over', async (t) => {
  const { pool, clock, authenticator, tenant } = await open(t);
  const smtp = await credential(pool, tenant.id, { kind: 'smtp' });
  const asked = t.mock.method(pool, 'query');
  const settled = async () => {
    await Promise.all(asked.mock.calls.map((call) => call.result));
    // The answer of the driver comes first; what is made of it follows in the same turn.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const logIn = () => authenticator.smtp(smtp.username, smtp.password, '127.0.0.1');
  const [login] = await Promise.all(Array.from({ length: 20 }, async () => logIn()));
  assert.equal(asked.mock.callCount(), 1);
  clock.pass(3_000);
  assert.deepEqual([logIn(), logIn()], [login, login], 'nobody waits for the new look-up');
  assert.equal(asked.mock.callCount(), 2);
  await settled();
  clock.pass(3_000);
  assert.deepEqual(logIn(), login, 'it counts from the new look-up');
  await settled();
  await updateCredential(pool, tenant.id, { id: smtp.id, state: 'revoked' });
  clock.pass(3_000);
  assert.deepEqual(logIn(), login);
  await settled();
  await assert.rejects(async () => logIn(), code('AUTH_INVALID'), 'a key that was taken away does not wait for the end of its time');
});

test('A paused organisation is refused at every door', async (t) => {
  const { pool, clock, authenticator, tenant } = await open(t);
  const key = await credential(pool, tenant.id, { kind: 'api_key' });
  const smtp = await credential(pool, tenant.id, { kind: 'smtp' });
  await credential(pool, tenant.id, { kind: 'network', networks: ['127.0.0.1/32'] });
  await authenticator.start();
  t.after(() => authenticator.stop());
  await authenticator.smtp(smtp.username, smtp.password, '127.0.0.1');
  assert.equal(authenticator.network('127.0.0.1')?.tenantId, tenant.id);
  await updateTenant(pool, tenant.id, { state: 'suspended' });
  clock.pass(5_001);
  await assert.rejects(authenticator.bearer(key.apiKey), code('TENANT_SUSPENDED'));
  await assert.rejects(async () => authenticator.smtp(smtp.username, smtp.password, '127.0.0.1'), code('TENANT_SUSPENDED'));
  await authenticator.start();
  assert.equal(authenticator.network('127.0.0.1'), null);
});

test('After a rotation the old secret works for its grace, and no longer', async (t) => {
  const { pool, authenticator, tenant } = await open(t);
  const key = await credential(pool, tenant.id, { kind: 'api_key' });
  const rotated = await rotateCredential(pool, tenant.id, keys, { id: key.id, graceSeconds: 60 });
  assert.ok(rotated?.shown.kind === 'api_key');
  assert.ok(rotated.credential.previous_valid_until);
  assert.equal((await authenticator.bearer(key.apiKey)).credentialId, key.id);
  assert.equal((await authenticator.bearer(rotated.shown.apiKey)).credentialId, key.id);
  await pool.query("update credentials set previous_valid_until = now() - interval '1 second'");
  await authenticator.forget();
  await assert.rejects(authenticator.bearer(key.apiKey), code('AUTH_INVALID'));
  assert.equal(await rotateCredential(pool, ids.next(), keys, { id: key.id, graceSeconds: 0 }), null, 'a foreign one is not there');
});

test('A network stands for its credential, the narrowest first, in either way of writing a peer', async (t) => {
  const { pool, authenticator, tenant } = await open(t);
  const wide = await credential(pool, tenant.id, { kind: 'network', networks: ['10.0.0.0/8', 'fd00::/8'] });
  const narrow = await credential(pool, tenant.id, { kind: 'network', networks: ['10.1.2.0/24'] });
  assert.equal(authenticator.network('10.1.2.3'), null, 'nothing is loaded before the start');
  await authenticator.start();
  t.after(() => authenticator.stop());
  assert.equal(authenticator.network('10.1.2.3')?.credentialId, narrow.id);
  assert.equal(authenticator.network('::ffff:10.9.9.9')?.credentialId, wide.id);
  assert.equal(authenticator.network('fd00::1')?.credentialId, wide.id);
  await updateCredential(pool, tenant.id, { id: narrow.id, state: 'revoked' });
  await authenticator.forget();
  assert.equal(authenticator.network('10.1.2.3')?.credentialId, wide.id, 'a change that was told counts at once');
  for (const stranger of ['192.168.0.1', '203.0.113.1', '::1', 'nonsense']) assert.equal(authenticator.network(stranger), null);
});

test('The last use of a credential is written down', async (t) => {
  const { pool, clock, authenticator, tenant } = await open(t);
  const key = await credential(pool, tenant.id, { kind: 'api_key' });
  await authenticator.bearer(key.apiKey);
  await authenticator.stop();
  const { rows } = await pool.query<{ last_used_at: Date }>('select last_used_at from credentials where id = $1', [key.id]);
  assert.equal(rows[0]?.last_used_at.getTime(), clock.nowMs());
});
