// This file tests what an organisation reads of who did something: its own people by name, everybody of the platform as the platform.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HttpDesk, httpDesk } from '../../../test/support/http-desk.ts';
import { createOperator, deleteOperator, hashPassword } from '../../store/operators.ts';

async function person(desk: HttpDesk, login: string, tenantId: string | null) {
  const password = 'correct horse battery staple';
  const made = await createOperator(desk.pool, {
    ...{ id: desk.deps.ids.next(), login, role: tenantId === null ? 'operator' : 'owner', tenantId },
    passwordHash: await hashPassword(password),
  });
  const { headers, body } = await desk.ask('POST', '/v1/session', { key: null, body: { login, password } });
  const cookie = (headers['set-cookie'] ?? '').split(';')[0] ?? '';
  const as = (method: string, url: string, sent?: unknown) =>
    desk.ask(method, url, {
      key: null,
      headers: { cookie, 'x-csrf-token': body.csrf_token },
      ...(sent === undefined ? {} : { body: sent }),
    });
  return { id: made.id, as };
}

test('An organisation reads "platform" for people and keys of the platform, and operators read who it was', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  const ole = await person(desk, 'ole@platform.example', null);
  const [tina, gone] = [await person(desk, 'tina@club.example', club.id), await person(desk, 'gone@club.example', club.id)];
  const hold = async (ask: typeof ole.as, address: string) => {
    const { status, body } = await ask('POST', '/v1/suppressions', { address, tenant_id: club.id });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id as string;
  };
  const byKey: typeof ole.as = (method, url, body) => desk.ask(method, url, { body });
  const made = [
    await hold(ole.as, 'one@mailbox.test'),
    await hold(byKey, 'two@mailbox.test'),
    await hold(tina.as, 'three@mailbox.test'),
    await hold(gone.as, 'four@mailbox.test'),
  ];
  await deleteOperator(desk.pool, gone.id);
  const actors = async (ask: typeof ole.as, subjects: readonly string[]) => {
    const { body } = await ask('GET', `/v1/audit?tenant_id=${club.id}`);
    const lines: { subject: string; actor: string }[] = body.data;
    return subjects.map((subject) => lines.find((line) => line.subject === subject)?.actor.replace(/^credential:.*/, 'credential:…'));
  };
  const withKey: typeof ole.as = (method, url) => desk.ask(method, url, { key: club.key });
  for (const ask of [tina.as, withKey]) {
    assert.deepEqual(await actors(ask, made), ['platform', 'platform', 'person:tina@club.example', 'person']);
    const audit = JSON.stringify((await ask('GET', '/v1/audit')).body);
    assert.ok(!audit.includes('platform.example'), audit);
  }
  const everybody = ['person:ole@platform.example', 'credential:…', 'person:tina@club.example', 'person:gone@club.example'];
  assert.deepEqual(await actors(byKey, made), everybody);

  const { body: events } = await desk.ask('GET', '/v1/events?type=hold.created', { key: club.key });
  assert.deepEqual(
    events.data.map(({ data }: { data: { by: string } }) => data.by),
    ['platform', 'platform', 'person:tina@club.example', 'person:gone@club.example'],
  );
  await desk.ask('PUT', `/v1/tenants/${club.id}/rewriting`, { body: { consented: true } });
  const { body: rewriting } = await desk.ask('GET', `/v1/tenants/${club.id}/rewriting`, { key: club.key });
  assert.equal(rewriting.consented_by, 'platform');
});
