// This file tests what an organisation reads of who did something: its own people by name, everybody of the platform as the platform.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type HttpDesk, httpDesk } from '../../../test/support/http-desk.ts';
import { idFloor } from '../../ids.ts';
import { createOperator, deleteOperator, hashPassword } from '../../store/operators.ts';
import { fanOutPage } from '../../store/webhook-deliveries.ts';

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

test('Events from before the names were hidden are told without them, by cursor, beside their message and by webhook', async (t) => {
  const desk = await httpDesk(t);
  const club = await desk.tenant('Club');
  await person(desk, 'ole@platform.example', null);
  await person(desk, 'tina@club.example', club.id);
  const body = { from: `a@${club.domain}`, to: 'x@mailbox.test', text: 'x' };
  const { body: message } = await desk.ask('POST', '/v1/messages', { key: club.key, body });
  const stepMs = Number(
    (await desk.pool.query('select extract(epoch from started_at) * 1000 as ms from schema_migrations where number = 42')).rows[0].ms,
  );
  const actors = ['person:ole@platform.example', 'person:tina@club.example', 'person:gone@somewhere.example', 'desk'];
  const say = async (by: string, id: string) => {
    const text = `insert into events (tenant_id, id, recipient_id, message_id, type, data, at) values ($1, $2, $3, $4, 'cancelled', $5, now())`;
    await desk.pool.query(text, [club.id, id, message.recipients[0].id, message.id, { by }]);
  };
  for (const [n, by] of actors.entries()) await say(by, idFloor(stepMs - 60_000 + n));
  await say('person:gone@club.example', desk.deps.ids.next());
  const told = ['platform', 'person:tina@club.example', 'person', 'desk', 'person:gone@club.example'];
  const bys = (events: { type: string; data: { by: string } }[]) =>
    events.filter(({ type }) => type === 'cancelled').map(({ data }) => data.by);
  const listed = await desk.ask('GET', '/v1/events?type=cancelled', { key: club.key });
  assert.deepEqual(bys(listed.body.data).toSorted(), told.toSorted());
  const { body: shown } = await desk.ask('GET', `/v1/messages/${message.id}`, { key: club.key });
  assert.deepEqual(bys(shown.recipients[0].events).toSorted(), told.toSorted());
  const operators = await desk.ask('GET', `/v1/events?type=cancelled&tenant_id=${club.id}`);
  assert.ok(bys(operators.body.data).includes('person:ole@platform.example'), 'operators read who it was');

  const endpoint = desk.deps.ids.next();
  await desk.pool.query(
    `insert into webhook_endpoints (tenant_id, id, url, secret, cursor_txid) values ($1, $2, 'https://club.example', '', '0')`,
    [club.id, endpoint],
  );
  while (!(await fanOutPage(desk.pool, club.id, { endpointId: endpoint, limit: 100, ids: desk.deps.ids })).end);
  const { rows } = await desk.pool.query<{ by: string }>(
    `select payload #>> '{data,by}' as by from webhook_deliveries where payload ->> 'type' = 'cancelled'`,
  );
  assert.deepEqual(rows.map(({ by }) => by).toSorted(), told.toSorted());

  // As they waited when this desk was brought up to date.
  for (const [n, by] of actors.entries()) {
    const text = `insert into webhook_deliveries (tenant_id, id, endpoint_id, event_txid, event_id, payload) values ($1, $2, $3, '1', $4, $5)`;
    await desk.pool.query(text, [
      club.id,
      desk.deps.ids.next(),
      endpoint,
      idFloor(stepMs - 120_000 + n),
      { type: 'waiting', data: { by } },
    ]);
  }
  await desk.pool.query(readFileSync(new URL('../../../migrations/0047_names_in_webhooks.sql', import.meta.url), 'utf8'));
  const waiting = await desk.pool.query<{ by: string }>(
    `select payload #>> '{data,by}' as by from webhook_deliveries where payload ->> 'type' = 'waiting' order by event_id`,
  );
  assert.deepEqual(
    waiting.rows.map(({ by }) => by),
    ['platform', 'person:tina@club.example', 'person', 'desk'],
  );
});
