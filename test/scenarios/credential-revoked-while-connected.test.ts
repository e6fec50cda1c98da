// This file revokes, suspends and limits credentials while their sessions are open: the very next message is refused with its reason, on the
// connection that logged in long ago, at the HTTP door, and from a trusted network.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { type DeskHere, openDesk } from '../support/desk.ts';

function session(desk: DeskHere, login: { user: string; pass: string } | null) {
  const transport = createTransport({
    host: '127.0.0.1',
    port: desk.bootstrap.smtp_port,
    pool: true,
    maxConnections: 1,
    ignoreTLS: true,
    ...(login ? { auth: login } : {}),
  });
  after(() => transport.close());
  const { from } = desk.bootstrap.demo_tenant;
  return (to: string) => transport.sendMail({ from, to, subject: to, text: 'We start at nine.' });
}

it('refuses the next message of an open session', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await openDesk({ after });
  await desk.smarthost(host.port);
  const tenant = desk.bootstrap.demo_tenant.id;
  const make = async (body: Record<string, unknown>) => (await desk.api('POST', `/v1/tenants/${tenant}/credentials`, body)).body;
  const made = await make({ kind: 'smtp' });
  const send = session(desk, { user: made.smtp_username, pass: made.smtp_password });
  assert.match((await send('one@club.test')).response, /^250 /);

  const change = (body: Record<string, unknown>) => desk.api('PATCH', `/v1/credentials/${made.id}`, body);
  const patch = (state: string) => change({ state });
  assert.equal((await patch('suspended')).status, 200);
  await assert.rejects(send('two@club.test'), { responseCode: 535, message: /CREDENTIAL_SUSPENDED/ });
  assert.equal((await patch('active')).status, 200);
  assert.match((await send('three@club.test')).response, /^250 /);
  assert.equal((await change({ rate_per_minute: 1 })).status, 200);
  assert.match((await send('nine@club.test')).response, /^250 /);
  await assert.rejects(send('ten@club.test'), { responseCode: 451, message: /RATE_LIMITED/ });
  assert.equal((await change({ rate_per_minute: null })).status, 200);
  assert.match((await send('eleven@club.test')).response, /^250 /);
  assert.equal((await desk.api('DELETE', `/v1/credentials/${made.id}`)).status, 204);
  await assert.rejects(send('four@club.test'), { responseCode: 535, message: /AUTH_INVALID/ });

  const network = await make({ kind: 'network', cidr: ['127.0.0.1/32'] });
  const sendFromHere = session(desk, null);
  assert.match((await sendFromHere('five@club.test')).response, /^250 /);
  assert.equal((await desk.api('DELETE', `/v1/credentials/${network.id}`)).status, 204);
  await assert.rejects(
    sendFromHere('six@club.test'),
    (error: { responseCode?: number }) => error.responseCode === 530 || error.responseCode === 535,
  );

  const key = await make({ kind: 'api_key' });
  const hand = (to: string) =>
    desk.api('POST', '/v1/messages', { from: desk.bootstrap.demo_tenant.from, to, subject: to, text: 'x' }, key.api_key);
  assert.equal((await hand('seven@club.test')).status, 202);
  assert.equal((await desk.api('DELETE', `/v1/credentials/${key.id}`)).status, 204);
  const refused = await hand('eight@club.test');
  assert.deepEqual([refused.status, refused.body.code], [401, 'AUTH_INVALID']);
  await desk.quiet();
  const arrived = host.accepted.flatMap((mail) => mail.rcptTo).sort();
  assert.deepEqual(arrived, [
    'eleven@club.test',
    'five@club.test',
    'nine@club.test',
    'one@club.test',
    'seven@club.test',
    'three@club.test',
  ]);
});
