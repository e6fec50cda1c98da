// This file cuts the way to the database while the doors stay open: nothing is accepted, each door says "not now" in its own language, and as soon
// as the way is open again everything goes on. It also holds answers back: a database that took the message but whose answer was lost.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { tcpRelay } from '../fakes/tcp-relay.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, openDesk, testFolder } from '../support/desk.ts';
import { until } from '../support/until.ts';

const isSparkpost = ({ provider }: { provider: string }) => provider === 'sparkpost';

/** Says line by line, each after the answer to the one before; the last answer. */
async function conversation(socket: Socket, lines: readonly string[]): Promise<string> {
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  const reply = async () => {
    for (;;) {
      const { value = '' } = await replies.next();
      if (!/^\d{3}-/.test(value)) return value;
    }
  };
  let last = await reply();
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    last = await reply();
  }
  return last;
}

it('accepts nothing, and says so', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const database = await testDatabase(end);
  const real = new URL(database.url);
  const relay = await tcpRelay(Number(real.port));
  end.after(() => relay.close());
  const url = new URL(database.url);
  url.port = String(relay.port);
  const desk = await openDesk(end, { database: { url: url.href } });
  await desk.smarthost(host.port);
  const { demo_tenant: tenant, smtp_port: port } = desk.bootstrap;
  const post = (to: string) => desk.api('POST', '/v1/messages', { from: tenant.from, to, subject: to, text: 'x' }, tenant.api_key);
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: 1,
    ignoreTLS: true,
    auth: { user: tenant.smtp_username, pass: tenant.smtp_password },
  });
  end.after(async () => transport.close());
  const smtp = (to: string) => transport.sendMail({ from: tenant.from, to, subject: to, text: 'x' });
  const accepted: string[] = [];
  assert.equal((await post('before-http@club.test')).status, 202);
  await smtp('before-smtp@club.test');
  accepted.push('before-http@club.test', 'before-smtp@club.test');
  await desk.quiet();
  const { body: accounts } = await desk.api('GET', '/v1/provider-accounts');
  const { body: sparkpost } = await desk.api('GET', `/v1/provider-accounts/${accounts.data.find(isSparkpost).id}`);
  const { username, password } = sparkpost.webhook_auth;
  const hook = { url: sparkpost.webhook_url, auth: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  const returnPath = host.accepted[0]?.mailFrom;

  relay.refuse();
  for (let n = 0; n < 5; n += 1) {
    const answer = await post(`refused-${n}@club.test`);
    assert.deepEqual([answer.status, answer.body.code], [503, 'STORE_UNAVAILABLE']);
    assert.ok(answer.headers.has('retry-after'));
    await assert.rejects(smtp(`refused-${n}@club.test`), { responseCode: 451, message: /STORE_UNAVAILABLE/ });
  }
  // What the doors have not seen before they have to ask the database about.
  const stranger = tenant.from.replace(/^[^@]*/, 'stranger');
  await assert.rejects(transport.sendMail({ from: stranger, to: 'refused-5@club.test', text: 'x' }), {
    responseCode: 451,
    message: /STORE_UNAVAILABLE/,
  });
  // The doors back say it, too: providers and mail servers keep what they cannot hand in and come again.
  const hooks = await desk.api('GET', '/v1/provider-accounts').then((answer) => answer.status);
  assert.equal(hooks, 503);
  const webhook = await fetch(hook.url, { method: 'POST', headers: { authorization: hook.auth }, body: '[{"msys":{}}]' });
  assert.equal(webhook.status, 503);
  const report = connect(desk.bootstrap.inbound_port, '127.0.0.1');
  end.after(async () => void report.destroy());
  const said = await conversation(report, ['EHLO mx.test', 'MAIL FROM:<>', `RCPT TO:<${returnPath}>`, 'DATA', 'Subject: x\r\n\r\nx\r\n.']);
  assert.match(said, /^451 4\.3\.0 .*STORE_UNAVAILABLE/);

  relay.open();
  await until(async () => (await post('after-http@club.test')).status === 202, { what: 'the HTTP door to take mail again' });
  await smtp('after-smtp@club.test');
  accepted.push('after-smtp@club.test');
  await desk.quiet();
  const arrived = host.accepted.flatMap((mail) => mail.rcptTo);
  for (const address of accepted) assert.equal(arrived.filter((each) => each === address).length, 1, address);
  assert.ok(!arrived.some((address) => address.startsWith('refused-')), arrived.join(' '));
});

it('keeps a message once when the answer to its commit got lost and the application asks again', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const host = await startSmtpHost();
  end.after(() => host.close());
  const database = await testDatabase(end);
  const relay = await tcpRelay(Number(new URL(database.url).port));
  end.after(() => relay.close());
  const url = new URL(database.url);
  url.port = String(relay.port);
  const env = { PACKETBOAT_SECRET_KEY_FILE: join(testFolder(end), 'secret.key') };
  const desk = await openDesk(end, { database: { url: url.href }, env });
  await desk.smarthost(host.port);
  const { demo_tenant: tenant } = desk.bootstrap;
  const post = (to: string, by = desk) =>
    by.api('POST', '/v1/messages', { from: tenant.from, to, subject: to, text: 'x' }, tenant.api_key, { 'idempotency-key': to });
  assert.equal((await post('warm@club.test')).status, 202);
  await desk.quiet();
  // The server gets the statement, its answer does not come back, and the line breaks.
  relay.muteAndCutOnAnswer();
  const answers = await Promise.all(Array.from({ length: 5 }, (_, n) => post(`lost-${n}@club.test`)));
  relay.open();
  for (const { status } of answers) assert.ok(status === 202 || status === 503, String(status));
  // A node finds such rows by itself within a minute; its successor finds them at once.
  await desk.close();
  const successor = await openDesk(end, { database, env });
  // Applications ask again with the same key; whether the first try was kept, neither they nor we can know before.
  for (const n of answers.keys()) assert.equal((await post(`lost-${n}@club.test`, successor)).status, 202);
  const ledger = await successor.quiet();
  const arrived = host.accepted.flatMap((mail) => mail.rcptTo);
  const wanted = ['warm@club.test', ...answers.map((_, n) => `lost-${n}@club.test`)];
  assert.deepEqual(arrived.sort(), wanted.sort(), 'each once');
  assert.equal(ledger.injected, arrived.length);
});
