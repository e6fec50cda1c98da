// This file cuts the way to the database while the doors stay open: nothing is accepted, each door says "not now" in its own language, and as soon
// as the way is open again everything goes on. It also holds answers back: a database that took the message but whose answer was lost.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { tcpRelay } from '../fakes/tcp-relay.ts';
import { testDatabase } from '../support/database.ts';
import { inReverse, openDesk, testFolder } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('accepts nothing, and says so', { timeout: 120_000 }, async () => {
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
  relay.open();
  await until(async () => (await post('after-http@club.test')).status === 202, { what: 'the HTTP door to take mail again' });
  await smtp('after-smtp@club.test');
  accepted.push('after-smtp@club.test');
  await desk.quiet(40_000);
  const arrived = host.accepted.flatMap((mail) => mail.rcptTo);
  for (const address of accepted) assert.equal(arrived.filter((each) => each === address).length, 1, address);
  assert.ok(!arrived.some((address) => address.startsWith('refused-')), arrived.join(' '));
});

it('hands over what was committed before the answer got lost, though the door could not promise it', { timeout: 120_000 }, async () => {
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
  const post = (to: string) => desk.api('POST', '/v1/messages', { from: tenant.from, to, subject: to, text: 'x' }, tenant.api_key);
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
  const ledger = await successor.quiet();
  const arrived = host.accepted.flatMap((mail) => mail.rcptTo);
  for (const [n, { status }] of answers.entries()) {
    const times = arrived.filter((address) => address === `lost-${n}@club.test`).length;
    if (status === 202) assert.equal(times, 1, `lost-${n} was accepted and arrived ${times} times`);
    assert.ok(times <= 1, `lost-${n} arrived ${times} times`);
  }
  assert.equal(ledger.injected, arrived.length);
});
