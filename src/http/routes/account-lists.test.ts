// This file tests the resource of providers' suppression lists: what an operator sees before anything was read, settings, wishes, refusals.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk } from '../../../test/support/http-desk.ts';

test('Operators see and steer how a list is kept in step', async (t) => {
  const desk = await httpDesk(t);
  const make = async (name: string, body: object) => (await desk.ask('POST', '/v1/provider-accounts', { body: { name, ...body } })).body.id;
  const account = await make('SparkPost', { provider: 'sparkpost', secret: { api_key: 'k-0123456789' } });
  const host = await make('host', { provider: 'smtp', settings: { host: '127.0.0.1', port: 25, tls: 'none' } });
  const sync = `/v1/provider-accounts/${account}/suppressions/sync`;

  const { body: fresh } = await desk.ask('GET', sync);
  assert.deepEqual([fresh.state, fresh.every_s, fresh.push_holds, fresh.follow_removals], ['waiting', 900, 'never', false]);
  assert.deepEqual([fresh.started_at, fresh.whole, fresh.last_error, fresh.needs_person], [null, null, null, false]);
  assert.match(fresh.own_list_by, /subaccount/);

  const { body: set } = await desk.ask('PATCH', sync, { body: { every_s: 3_600, push_holds: 'own-list', follow_removals: true } });
  assert.deepEqual([set.every_s, set.push_holds, set.follow_removals], [3_600, 'own-list', true]);
  assert.equal((await desk.ask('PATCH', sync, { body: { every_s: null } })).body.every_s, 900);
  assert.equal((await desk.ask('PATCH', sync, { body: { every_s: 5 } })).status, 422);
  assert.equal((await desk.ask('PATCH', sync, { body: { push_holds: 'sometimes' } })).status, 422);

  assert.equal((await desk.ask('POST', sync)).status, 202);
  assert.equal((await desk.ask('POST', sync, { body: { whole: true } })).status, 202);
  const entries = `/v1/provider-accounts/${account}/suppressions`;
  assert.deepEqual((await desk.ask('GET', entries)).body, { data: [], next: null });
  assert.equal((await desk.ask('DELETE', `${entries}?address=nonsense`)).body.code, 'MAIL_ADDRESS_INVALID');
  const { status, body: wished } = await desk.ask('DELETE', `${entries}?address=Gone%40mailbox.test`);
  assert.deepEqual([status, wished.changes.waiting], [202, 1]);

  // Pages go by address.
  const put = (address: string) =>
    desk.pool.query(
      `insert into list_entries (account_id, address, why, label, verdict, run_id) values ($1, $2, 'bounce', 'Bounce Rule', 'hold', gen_random_uuid())`,
      [account, address],
    );
  for (const name of ['a b', 'b', 'c']) await put(`"${name}"@mailbox.test`);
  const first = (await desk.ask('GET', `${entries}?limit=2`)).body;
  const second = (await desk.ask('GET', `${entries}?limit=2&after=${first.next}`)).body;
  assert.deepEqual(
    [...first.data, ...second.data].map((each: { address: string }) => each.address),
    ['"a b"@mailbox.test', '"b"@mailbox.test', '"c"@mailbox.test'],
  );
  assert.equal(second.next, null);

  const none = await desk.ask('GET', `/v1/provider-accounts/${host}/suppressions/sync`);
  assert.deepEqual([none.status, none.body.code], [409, 'PROVIDER_LIST_NONE']);
  assert.match(none.body.detail, /SMTP has no words for one/);
  assert.equal((await desk.ask('GET', '/v1/provider-accounts/00000000-0000-7000-8000-000000000000/suppressions/sync')).status, 404);
  const { body: audit } = await desk.ask('GET', '/v1/audit');
  const actions = audit.data.map((line: { action: string }) => line.action);
  for (const action of ['provider-account.list-settings', 'provider-account.read-list', 'provider-account.unlist'])
    assert.ok(actions.includes(action), action);
});
