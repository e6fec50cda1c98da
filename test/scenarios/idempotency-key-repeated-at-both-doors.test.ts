// This file hands the same message in again under the same idempotency key, at each door, one after the other and many at once, before and after
// a restart: one message exists, every repetition gets the first answer, and another message under the key is refused.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { type DeskProcess, startDesk } from '../support/desk.ts';

const AT_ONCE = 20;

/** Hands these exact bytes in over SMTP; the reply's text. */
async function submit(desk: DeskProcess, mail: { to: string[]; subject: string; key: string }): Promise<string> {
  const { demo_tenant: tenant, smtp_port: port } = desk.bootstrap;
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    auth: { user: tenant.smtp_username, pass: tenant.smtp_password },
  });
  const raw = `From: ${tenant.from}\r\nSubject: ${mail.subject}\r\nX-Packetboat-Idempotency-Key: ${mail.key}\r\n\r\nWe start at nine.\r\n`;
  try {
    return (await transport.sendMail({ envelope: { from: tenant.from, to: mail.to }, raw })).response;
  } finally {
    transport.close();
  }
}

it('makes one message, whoever repeats it', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await startDesk({ after });
  await desk.smarthost(host.port);
  const { from, api_key: apiKey } = desk.bootstrap.demo_tenant;
  const post = (key: string, subject: string) =>
    desk.api('POST', '/v1/messages', { from, to: 'http@club.test', subject, text: 'x' }, apiKey, { 'idempotency-key': key });

  const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => post('k-http', 'Once')));
  const taken = answers.filter((answer) => answer.status === 202);
  // One that runs at the same moment may be told to ask again; nobody gets a message of its own.
  for (const answer of answers)
    assert.ok(answer.status === 202 || answer.body.code === 'IDEMPOTENCY_IN_FLIGHT', JSON.stringify(answer.body));
  assert.equal(new Set(taken.map((answer) => answer.body.id)).size, 1);
  const repeated = await post('k-http', 'Once');
  assert.deepEqual([repeated.status, repeated.body.id], [202, taken[0]?.body.id]);
  assert.equal(repeated.headers.get('idempotency-replayed'), 'true');
  const other = await post('k-http', 'Another');
  assert.deepEqual([other.status, other.body.code], [409, 'IDEMPOTENCY_KEY_REUSED']);

  const mail = { to: ['smtp@club.test', 'two@club.test'], subject: 'Once', key: 'k-smtp' };
  const replies = await Promise.all(Array.from({ length: AT_ONCE }, () => submit(desk, mail)));
  assert.equal(new Set(replies).size, 1, replies.join('\n'));
  assert.match(replies[0] ?? '', /^250 2\.0\.0 queued as /);
  for (const change of [{ subject: 'Another' }, { to: ['smtp@club.test', 'three@club.test'] }]) {
    await assert.rejects(submit(desk, { ...mail, ...change }), { responseCode: 554, message: /IDEMPOTENCY_KEY_REUSED/ });
  }

  await desk.quiet();
  await desk.stop();
  await desk.start();
  // Word for word, although it has been handed over since.
  assert.deepEqual((await post('k-http', 'Once')).body, taken[0]?.body);
  assert.equal(await submit(desk, mail), replies[0]);
  // A key belongs to one message, whichever door it came in by.
  await assert.rejects(submit(desk, { ...mail, key: 'k-http' }), { responseCode: 554, message: /IDEMPOTENCY_KEY_REUSED/ });
  assert.equal((await post('k-smtp', 'Once')).status, 409);

  await desk.quiet();
  const arrived = host.accepted.flatMap((accepted) => accepted.rcptTo).sort();
  assert.deepEqual(arrived, ['http@club.test', 'smtp@club.test', 'two@club.test']);
});
