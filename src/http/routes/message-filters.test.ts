// This file tests which messages an application finds by whom they are from and by what they wait for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpDesk } from '../../../test/support/http-desk.ts';

test('The list of messages narrows to a sender and to what held mail waits for, and says which words it knows', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const hand = async (from: string) => {
    const body = { from, to: 'member@mailbox.test', subject: 'Regatta', text: 'We start at nine.' };
    const { status, body: taken } = await desk.ask('POST', '/v1/messages', { key: club.key, body });
    assert.equal(status, 202, JSON.stringify(taken));
    return taken.id as string;
  };
  const [info, deep] = [await hand(`Info@${club.domain}`), await hand(`info@mail.${club.domain}`)];
  await desk.pool.query(
    `insert into held_messages (tenant_id, message_id, stream, from_address, from_domain, code, born_at)
     values ($1, $2, 'transactional', $3, $4, 'key-revoked', now())`,
    [club.id, deep, `info@mail.${club.domain}`, `mail.${club.domain}`],
  );
  const found = async (query: string, key = club.key) => {
    const { body } = await desk.ask('GET', `/v1/messages?${query}`, { key });
    return body.data?.map((message: { id: string }) => message.id) ?? body;
  };
  assert.deepEqual(await found(`sender=${club.domain.toUpperCase()}`), [deep, info]);
  assert.deepEqual(await found(`sender=info@${club.domain}`), [info]);
  assert.deepEqual(await found('sender=other.example'), []);
  assert.deepEqual(await found(`waits_for=key-revoked,unknown&sender=${club.domain}`), [deep]);
  assert.deepEqual(await found('waits_for=unknown'), []);
  assert.deepEqual(await found('waits_for=anything'), [deep]);
  assert.deepEqual(await found(`waits_for=anything&tenant_id=${club.id}`, desk.operatorKey), [deep]);
  const other = await desk.tenant('Other');
  assert.deepEqual(await found('waits_for=anything', other.key), []);
  const refused = await found('waits_for=rain');
  assert.deepEqual([refused.code, refused.field], ['REQUEST_INVALID', 'waits_for[0]']);
  assert.match(refused.detail, /key-revoked/);
  assert.match((await found('sender=nobody')).detail, /club\.example/);
});
