// This file writes to postmaster at the inbound door: every name of the desk has one (RFC 5321 §4.5.1), what comes is stored for operators alone, and even a report
// about a message of ours moves nobody there. Other hosts' postmasters are refused: the door relays nothing.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('is stored for operators', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await openDesk(
    { after },
    { env: { PACKETBOAT_HOSTNAME: 'Desk.mailbox.test', PACKETBOAT_RETURN_PATH_HOST: 'returns.mailbox.test' } },
  );
  await desk.smarthost(host.port);
  const transport = createTransport({ host: '127.0.0.1', port: desk.bootstrap.inbound_port, ignoreTLS: true });
  after(() => transport.close());
  const write = (to: string, raw: string) => transport.sendMail({ envelope: { from: 'anna@elsewhere.test', to }, raw });

  const { from, api_key: key } = desk.bootstrap.demo_tenant;
  const { id } = await desk.hand({ from, to: 'member@club.test', subject: 'Regatta', text: 'We start at nine.' });
  await desk.settled(id, ['handed_over']);
  const wire = host.accepted[0]?.mime.toString() ?? '';
  const messageId = /^Message-ID: *(<[^>]+>)/im.exec(wire)?.[1] ?? assert.fail('a Message-ID goes out');
  const report = [
    'From: MAILER-DAEMON@elsewhere.test',
    'Subject: Undelivered',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=x',
    '',
    '--x\r\nContent-Type: message/delivery-status\r\n',
    'Reporting-MTA: dns; mx.test\r\n',
    'Final-Recipient: rfc822; member@club.test\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n',
    `--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${messageId}\r\n`,
    '--x--',
    '',
  ].join('\r\n');
  await write('postmaster', 'From: anna@elsewhere.test\r\nSubject: Your mail server\r\n\r\nIt sends to me by mistake.\r\n');
  await write('Postmaster@DESK.mailbox.test', report);
  await write('abuse@returns.mailbox.test', 'From: anna@elsewhere.test\r\nSubject: Abuse\r\n\r\nStop it.\r\n');
  for (const stranger of ['postmaster@elsewhere.test', 'postmaster@mailbox.test', 'info@returns.mailbox.test'])
    await assert.rejects(write(stranger, 'Subject: x\r\n\r\nx\r\n'), { responseCode: 550 }, stranger);

  const mails = await until(
    async () => {
      const { body } = await desk.api('GET', '/v1/inbound-mails?outcome=kept');
      return body.data.length === 3 && body.data;
    },
    { what: 'three mails read' },
  );
  assert.deepEqual(
    mails.map((mail: Record<'rcpt_to' | 'subject' | 'tenant_id' | 'recipient_id' | 'forwarded_message_id', unknown>) => [
      mail.rcpt_to,
      mail.subject,
      mail.tenant_id,
      mail.recipient_id,
      mail.forwarded_message_id,
    ]),
    [
      ['abuse@returns.mailbox.test', 'Abuse', null, null, null],
      ['Postmaster@desk.mailbox.test', 'Undelivered', null, null, null],
      ['postmaster', 'Your mail server', null, null, null],
    ],
  );
  assert.match(mails[0].note, /people of the platform/);
  const { body: theirs } = await desk.api('GET', '/v1/inbound-mails', undefined, key);
  assert.deepEqual(theirs.data, [], 'no organisation sees it');
  assert.equal((await desk.message(id)).recipients[0]?.state, 'handed_over', 'nobody is moved by it');
  const { body: again } = await desk.api('POST', `/v1/inbound-mails/${mails[1].id}/replay`);
  assert.ok(again !== undefined);
  await desk.quiet();
  assert.equal((await desk.message(id)).recipients[0]?.state, 'handed_over');
});
