// This file suspends a tenant in the middle of its work: both its doors say so at once, other tenants notice nothing, and it can be resumed.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { openDesk } from '../support/desk.ts';

it('closes both doors for it alone', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await openDesk({ after });
  await desk.smarthost(host.port);
  const { demo_tenant: demo, smtp_port: port } = desk.bootstrap;
  const other = await desk.tenant('Choir', { name: 'choir.test' });
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: 1,
    ignoreTLS: true,
    auth: { user: demo.smtp_username, pass: demo.smtp_password },
  });
  after(() => transport.close());
  const smtp = (to: string) => transport.sendMail({ from: demo.from, to, subject: to, text: 'x' });
  const http = (to: string, key: string, from: string) => desk.api('POST', '/v1/messages', { from, to, subject: to, text: 'x' }, key);
  await smtp('one@club.test');

  assert.equal((await desk.api('PATCH', `/v1/tenants/${demo.id}`, { state: 'suspended' })).status, 200);
  await assert.rejects(smtp('two@club.test'), { message: /TENANT_SUSPENDED/ });
  const refused = await http('three@club.test', demo.api_key, demo.from);
  assert.deepEqual([refused.status, refused.body.code], [403, 'TENANT_SUSPENDED']);
  const forIt = await desk.api('POST', '/v1/messages', { tenant_id: demo.id, from: demo.from, to: 'x@club.test', subject: 'x', text: 'x' });
  assert.deepEqual([forIt.status, forIt.body.code], [403, 'TENANT_SUSPENDED'], 'not for an operator either');
  assert.equal((await http('four@club.test', other.key, 'office@choir.test')).status, 202);

  assert.equal((await desk.api('PATCH', `/v1/tenants/${demo.id}`, { state: 'active' })).status, 200);
  await smtp('five@club.test');
  assert.equal((await http('six@club.test', demo.api_key, demo.from)).status, 202);
  await desk.quiet();
  const arrived = host.accepted.flatMap((mail) => mail.rcptTo).sort();
  assert.deepEqual(arrived, ['five@club.test', 'four@club.test', 'one@club.test', 'six@club.test']);
});
