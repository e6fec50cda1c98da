// This file tries to smuggle a second message through the submission door with every line end that some server somewhere takes for the end of
// a message (CVE-2023-51764 and its kin). Each stream is refused whole, or its odd line is text; nothing hidden ever gets out.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { openDesk } from '../support/desk.ts';

/** What stands where `\r\n.\r\n` would. */
const ENDS = [
  '\n.\n',
  '\n.\r\n',
  '\r\n.\n',
  '\r.\r',
  '\r.\r\n',
  '\r\n.\r',
  '\n\n.\r\n',
  '\r\r\n.\r\r\n',
  '\r\n\x00.\r\n',
  '\n.\r',
] as const;

/** Says all of it at once, as a smuggler does, and answers what came back once the line is closed. */
function say(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(60_000, () => socket.destroy(new Error(`the door fell silent after ${Buffer.concat(chunks)}`)));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    socket.write(Buffer.from(text, 'latin1'));
  });
}

it('lets no hidden message out', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await openDesk({ after });
  await desk.smarthost(host.port);
  const { demo_tenant: tenant, smtp_port: port } = desk.bootstrap;
  const login = Buffer.from(`\0${tenant.smtp_username}\0${tenant.smtp_password}`).toString('base64');
  const envelope = (to: string) => `MAIL FROM:<${tenant.from}>\r\nRCPT TO:<${to}>\r\nDATA\r\n`;
  for (const [n, end] of ENDS.entries()) {
    const hidden = `${envelope(`hidden${n}@club.test`)}From: ${tenant.from}\r\nSubject: hidden\r\n\r\nhidden\r\n.\r\nQUIT\r\n`;
    const open = `From: ${tenant.from}\r\nSubject: open ${n}\r\n\r\nopen`;
    const heard = await say(port, `EHLO x.test\r\nAUTH PLAIN ${login}\r\n${envelope(`open${n}@club.test`)}${open}${end}${hidden}`);
    const name = JSON.stringify(end);
    assert.match(heard, /^554 5\.6\.0 .*MAIL_(?:LINE_ENDING_INVALID|MALFORMED)/m, `${name}: ${heard}`);
    assert.doesNotMatch(heard, /queued as/, `${name}: ${heard}`);
  }
  const ledger = await desk.ledger();
  assert.equal(ledger.injected, 0);
  assert.equal(host.accepted.length, 0);

  // The honest end in the same words goes through, dots and all.
  const honest = `From: ${tenant.from}\r\nSubject: honest\r\n\r\n..\r\n..two\r\nMAIL FROM:<x@y.test>\r\n.\r\nQUIT\r\n`;
  assert.match(await say(port, `EHLO x.test\r\nAUTH PLAIN ${login}\r\n${envelope('honest@club.test')}${honest}`), /250 2\.0\.0 queued as/);
  await desk.quiet();
  assert.equal(host.accepted.length, 1);
  assert.match(host.accepted[0]?.mime.toString() ?? '', /\r\n\r\n\.\r\n\.two\r\nMAIL FROM:<x@y\.test>\r\n$/);
});
