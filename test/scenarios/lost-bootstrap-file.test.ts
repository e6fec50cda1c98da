// This file loses data/bootstrap.json, and cuts one in half: the next start writes it anew with secrets that work; nothing is made twice, and
// the keys given out before go on working.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { startDesk } from '../support/desk.ts';

it('is written again, and works', { timeout: 600_000 }, async () => {
  const desk = await startDesk({ after });
  const first = desk.bootstrap;
  const file = join(desk.dataDir, 'bootstrap.json');
  const tenants = async () => (await desk.api('GET', '/v1/tenants')).body.data.map((tenant: { id: string }) => tenant.id);
  const before = await tenants();
  const damages = [() => rmSync(file), () => writeFileSync(file, readFileSync(file).subarray(0, 100))];
  for (const damage of damages) {
    await desk.stop();
    damage();
    await desk.start();
    const { bootstrap } = desk;
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(bootstrap.demo_tenant.id, first.demo_tenant.id);
    assert.notEqual(bootstrap.operator_key, first.operator_key);
    assert.deepEqual(await tenants(), before);
    const login = { login: bootstrap.console_login, password: bootstrap.console_password };
    assert.equal((await desk.api('POST', '/v1/session', login, null)).status, 200);
    assert.equal((await desk.api('GET', '/v1/tenants', undefined, first.operator_key)).status, 200, 'the key of the first start');
    for (const key of [first.demo_tenant.api_key, bootstrap.demo_tenant.api_key]) {
      const { id } = await desk.hand({ from: bootstrap.demo_tenant.from, to: 'member@mailbox.test', subject: 'x', text: 'x' }, key);
      await desk.settled(id, ['delivered']);
    }
  }
  // An undamaged file is left as it is.
  const { operator_key: key } = desk.bootstrap;
  await desk.stop();
  await desk.start();
  assert.equal(desk.bootstrap.operator_key, key);
  await desk.quiet();
});
