// This file reads a bounce mailbox of a real IMAP server (Debian's Dovecot): reports that came to no return path of ours find their recipient, people's mails stay
// readable, what is stored is put away, and a server that dies in the middle costs nothing and doubles nothing.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { makeCertificate } from '../fakes/certificate.ts';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { tcpRelay } from '../fakes/tcp-relay.ts';
import { openDesk } from '../support/desk.ts';
import { dovecotMissing, startDovecot } from '../support/dovecot.ts';
import { until } from '../support/until.ts';

const skip = dovecotMissing();
const BOUNCES = 'bounces@seed.test';

describe('a bounce mailbox', { skip }, async () => {
  if (skip) return;
  const certificate = makeCertificate({ names: ['localhost'], notBeforeMs: Date.now() - 3_600_000, notAfterMs: Date.now() + 86_400_000 });
  const host = await startSmtpHost();
  after(() => host.close());
  const [plain, secure] = await Promise.all([
    startDovecot({ after }, { mailboxes: [BOUNCES, 'other@seed.test'], imap: true }),
    startDovecot({ after }, { mailboxes: [BOUNCES], imap: certificate }),
  ]);
  const desk = await openDesk({ after }, { env: { PACKETBOAT_ALLOW_PRIVATE_WEBHOOKS: 'true' } });
  await desk.smarthost(host.port);
  const { from } = desk.bootstrap.demo_tenant;

  const deliver = async (port: number, mail: string, to = BOUNCES) => {
    const transport = createTransport({ host: '127.0.0.1', port, lmtp: true, ignoreTLS: true });
    await transport.sendMail({ envelope: { from: '', to: [to] }, raw: mail });
    transport.close();
  };
  const add = async (settings: object, name: string) => {
    const { status, body } = await desk.api('POST', '/v1/mailboxes', {
      name,
      settings: { username: BOUNCES, ...settings },
      secret: { password: 'pw' },
    });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id as string;
  };
  /** Hands a message over and answers it with its headers as they left. */
  const sent = async (to: string) => {
    const { id } = await desk.hand({ from, to, subject: 'Regatta', text: 'We start at nine.' });
    await desk.settled(id, ['handed_over']);
    const mime = host.accepted.find((mail) => mail.rcptTo.includes(to))?.mime.toString() ?? '';
    return { id, headers: mime.slice(0, mime.indexOf('\r\n\r\n')) };
  };
  const report = (address: string, headers: string) =>
    [
      'From: MAILER-DAEMON@provider.test\r\nSubject: Returned mail\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n',
      '--x\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n',
      `--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; provider.test\r\n\r\nFinal-Recipient: rfc822; ${address}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n`,
      `--x\r\nContent-Type: text/rfc822-headers\r\n\r\n${headers}\r\n--x--\r\n`,
    ].join('');

  it('finds whom a report without a return path is about, and puts it away', { timeout: 600_000 }, async () => {
    const { id, headers } = await sent('gone@member.test');
    await deliver(plain.lmtpPort, report('alias@elsewhere.test', headers));
    await deliver(plain.lmtpPort, 'From: friend@home.test\r\nTo: bounces@seed.test\r\nSubject: Hello\r\n\r\nHow are you?\r\n');
    const mailbox = await add({ host: '127.0.0.1', port: plain.imapPort, tls: 'none' }, 'plain');
    const [recipient] = (await desk.settled(id, ['bounced'])).recipients;
    assert.equal(recipient?.reason, 'invalid-recipient');
    const mails = await until(
      async () => {
        const { body } = await desk.api('GET', `/v1/inbound-mails?mailbox_id=${mailbox}`);
        const read = body.data.filter(({ outcome }: { outcome: string }) => outcome !== 'waiting');
        return read.length === 2 && read;
      },
      { what: 'both mails to be read' },
    );
    assert.deepEqual(
      // biome-ignore lint/suspicious/noExplicitAny: each field is named here.
      mails.map((mail: any) => [mail.kind, mail.outcome, mail.matched_by, mail.source]).sort(),
      [
        ['bounce', 'recorded', 'reference', 'imap'],
        ['other', 'unmatched', null, 'imap'],
      ],
    );
    await until(() => plain.folder(BOUNCES, 'Processed').length === 2 && plain.inbox(BOUNCES).length === 0, {
      what: 'both to be put away',
    });
  });

  it('hears of a new mail by IDLE, and reads on after the server was gone', { timeout: 600_000 }, async () => {
    const first = await sent('later@member.test');
    await deliver(plain.lmtpPort, report('later@member.test', first.headers));
    await desk.settled(first.id, ['bounced']);
    const many = await Promise.all(Array.from({ length: 30 }, (_, n) => sent(`m${n}@member.test`)));
    await plain.kill();
    const failing = await until(
      async () => {
        const { body } = await desk.api('GET', '/v1/mailboxes');
        return body.data[0]?.last_error === null ? null : body.data[0];
      },
      { what: 'the mailbox to say what is wrong' },
    );
    assert.equal(failing.status, 'failing');
    await plain.start();
    for (const [n, { headers }] of many.entries()) await deliver(plain.lmtpPort, report(`m${n}@member.test`, headers));
    // A second death, now while it reads.
    await desk.settled(many[0]?.id ?? '', ['bounced']);
    await plain.kill();
    await plain.start();
    for (const { id } of many) await desk.settled(id, ['bounced']);
    const { body } = await desk.api('GET', '/v1/inbound-mails?kind=bounce&limit=200');
    assert.equal(body.data.length, 32, 'each report is stored once');
    await until(() => plain.inbox(BOUNCES).length === 0, { what: 'the rest to be put away' });
  });

  it('TLS is verified: an unknown certificate is an error in words, its authority opens the door', { timeout: 600_000 }, async () => {
    const { id, headers } = await sent('tls@member.test');
    await deliver(secure.lmtpPort, report('tls@member.test', headers));
    const mailbox = await add({ host: 'localhost', port: secure.imapPort, wait: 'interval', after: 'flag' }, 'secure');
    const shown = async () => (await desk.api('GET', `/v1/mailboxes/${mailbox}`)).body;
    const failing = await until(async () => ((await shown()).last_error === null ? null : shown()), {
      what: 'the certificate to be refused',
    });
    assert.match(failing.last_error, /certificate|self.signed/i);
    assert.equal((await desk.message(id)).recipients[0]?.state, 'handed_over');
    await desk.api('PATCH', `/v1/mailboxes/${mailbox}`, { settings: { ca: certificate.cert } });
    await desk.settled(id, ['bounced']);
    await until(async () => (await shown()).status === 'waiting' && (await shown()).last_error === null, { what: 'the mailbox to rest' });
    assert.equal(secure.inbox(BOUNCES).length, 1, 'flagged, it stays where it is');
  });

  it('a line that breaks in the middle of a fetch, and between storing and putting away, costs nothing and doubles nothing', {
    timeout: 600_000,
  }, async () => {
    const relay = await tcpRelay(plain.imapPort);
    after(() => relay.close());
    const { id: waiting } = (await desk.api('GET', '/v1/mailboxes')).body.data[0];
    await desk.api('PATCH', `/v1/mailboxes/${waiting}`, { state: 'paused' });
    const padding = `${'x'.repeat(76)}\r\n`.repeat(600);
    for (let n = 0; n < 20; n += 1) await deliver(plain.lmtpPort, `From: big@home.test\r\nSubject: big ${n}\r\n\r\n${padding}`);
    relay.cutAfter(200_000, 2);
    relay.cutAtQuestion(' MOVE ');
    const mailbox = await add({ host: '127.0.0.1', port: relay.port, tls: 'none' }, 'broken line');
    await until(() => plain.inbox(BOUNCES).length === 0, { what: 'all to be put away' });
    assert.equal(relay.cuts, 3, 'twice in a fetch, once before the move');
    const { body } = await desk.api('GET', `/v1/inbound-mails?mailbox_id=${mailbox}&limit=100`);
    const mails: { subject: string; size: number }[] = body.data;
    assert.deepEqual(mails.map(({ subject }) => subject).sort(), Array.from({ length: 20 }, (_, n) => `big ${n}`).sort());
    assert.ok(
      mails.every(({ size }) => size > padding.length),
      'each is whole',
    );
  });

  it('a wrong password stands with the mailbox, and nothing is asked of it once it is gone', { timeout: 600_000 }, async () => {
    const { body } = await desk.api('POST', '/v1/mailboxes', {
      name: 'wrong',
      settings: { host: '127.0.0.1', port: plain.imapPort, tls: 'none', username: 'other@seed.test' },
      secret: { password: 'guess' },
    });
    const failing = await until(
      async () => {
        const shown = (await desk.api('GET', `/v1/mailboxes/${body.id}`)).body;
        return shown.last_error === null ? null : shown;
      },
      { what: 'the log-in to fail' },
    );
    assert.match(failing.last_error, /auth/i);
    assert.ok(!JSON.stringify(failing).includes('guess'));
    assert.equal((await desk.api('DELETE', `/v1/mailboxes/${body.id}`)).status, 204);
    assert.equal((await desk.api('GET', `/v1/mailboxes/${body.id}`)).status, 404);
  });
});

describe('a bounce mailbox on a private address', () => {
  it('is refused unless the operator allows it', { timeout: 600_000 }, async () => {
    const desk = await openDesk({ after });
    const settings = { host: '127.0.0.1', username: 'x', tls: 'none' };
    const { status, body } = await desk.api('POST', '/v1/mailboxes', { name: 'inside', settings, secret: { password: 'y' } });
    assert.deepEqual([status, body.code, body.field], [422, 'MAILBOX_SETTINGS_INVALID', 'settings.host']);
  });
});
