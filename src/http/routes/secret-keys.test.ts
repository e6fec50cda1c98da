// This file tests the replacement of the secret key by API and command line, and that only owners may ask for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cliDesk } from '../../../test/support/cli-desk.ts';
import { secretKeyCommand } from '../../cli/secret-key.ts';
import { createOperator, hashPassword } from '../../store/operators.ts';

test('A replacement is asked for by an owner, shown with what it waits for, and never shows a key', async (t) => {
  const { desk, run, json } = await cliDesk(t);
  const before = await desk.ask('GET', '/v1/secret-keys?check=true');
  const [first] = before.body.keys;
  assert.deepEqual([before.body.keys.length, first.state, before.body.replacement, before.body.unreadable], [1, 'writing', null, []]);

  const password = 'correct horse battery staple';
  const passwordHash = await hashPassword(password);
  await createOperator(desk.pool, { id: desk.deps.ids.next(), login: 'ole', passwordHash, role: 'operator', tenantId: null });
  const session = await desk.ask('POST', '/v1/session', { key: null, body: { login: 'ole', password } });
  const cookie = (session.headers['set-cookie'] ?? '').split(';')[0] ?? '';
  const headers = { cookie, 'x-csrf-token': session.body.csrf_token };
  assert.equal((await desk.ask('POST', '/v1/secret-keys/rotate', { key: null, headers })).body.code, 'SCOPE_MISSING');
  assert.equal((await desk.ask('GET', '/v1/secret-keys', { key: null, headers })).status, 200);
  const club = await desk.tenant('Club');
  assert.equal((await desk.ask('GET', '/v1/secret-keys', { key: club.key })).status, 403);

  // Another process of an older version lives, so the new key has to wait.
  await desk.pool.query(
    `insert into nodes (epoch, name, pid, roles, alive_until) values (77, 'mail2:/var/lib/packetboat', 42, '{}', now() + interval '1 day')`,
  );
  const said = await run(secretKeyCommand, ['rotate']);
  assert.match(said, /waits until every process has it/);
  assert.match(said, /mail2:\/var\/lib\/packetboat \(process 42\): it is of an older version/);
  const again = await desk.ask('POST', '/v1/secret-keys/rotate');
  assert.deepEqual([again.status, again.body.code], [409, 'SECRET_KEY_ROTATING']);
  const shown = await json(secretKeyCommand, ['show']);
  assert.deepEqual(
    shown.keys.map(({ state }: { state: string }) => state),
    ['writing', 'coming'],
  );
  assert.equal(shown.replacement.step, 'waiting');
  const forget = await desk.ask('DELETE', `/v1/secret-keys/${first.id}`);
  assert.deepEqual([forget.status, forget.body.code], [409, 'SECRET_KEY_IN_USE']);
  assert.equal((await desk.ask('DELETE', '/v1/secret-keys/0123456789abcdef')).status, 404);
  const audit = await desk.ask('GET', '/v1/audit');
  assert.deepEqual(
    audit.body.data
      .filter(({ action }: { action: string }) => action.startsWith('secret-key'))
      .map(({ subject }: { subject: string }) => subject),
    [shown.keys[1].id],
  );
});
