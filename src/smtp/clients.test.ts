// This file lets real clients hand in mail: nodemailer, Python's smtplib, curl, swaks; in the clear, under STARTTLS and under implicit TLS.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import type { SmtpServer } from './engine/contract.ts';
import { makeSelfSigned } from './self-signed.ts';
import { createSubmissionDoor, type SubmissionLogin, type SubmittedMail } from './submission.ts';
import { loadTls } from './tls.ts';

const run = promisify(execFile);
const HOST = '127.0.0.1';
/** Python's smtplib logs in with ASCII only. */
const PASSWORDS = ['right pässword', 'plain-key'];
/** A client that hangs is a failure, not a hanging test run. */
const CLIENT_TIMEOUT_MS = 120_000;

let plain: SmtpServer;
let implicit: SmtpServer;
let port = 0;
let tlsPort = 0;
const accepted: SubmittedMail[] = [];
/** What this machine's network may do without login; null for most tests. */
let network: SubmissionLogin | null = null;

before(async () => {
  const pair = makeSelfSigned({ names: ['localhost', HOST], nowMs: Date.now(), days: 1 });
  const tls = loadTls(pair, { clock: systemClock, log: silentLog });
  const open = (implicitTls: boolean) =>
    createSubmissionDoor({
      hostname: 'smtp.test',
      authenticate: async (username, password) =>
        username === 'club' && PASSWORDS.includes(password.reveal())
          ? { tenantId: 't', credentialId: 'c', defaultStream: 'transactional' }
          : null,
      // Tests that log in never see this one; load tools cannot log in.
      networkCredential: () => (implicitTls ? null : network),
      async accept(_login, mail) {
        accepted.push(mail);
        return { id: `msg-${accepted.length}` };
      },
      log: silentLog,
      clock: systemClock,
      tls: { ...tls, implicit: implicitTls },
    });
  plain = open(false);
  implicit = open(true);
  port = (await plain.listen(0, HOST)).port;
  tlsPort = (await implicit.listen(0, HOST)).port;
});

after(async () => {
  await plain.close({ graceMs: 100 });
  await implicit.close({ graceMs: 100 });
});

/** The one message that `send` hands in. */
async function handedIn(send: () => Promise<unknown>): Promise<SubmittedMail> {
  const earlier = accepted.length;
  await send();
  assert.equal(accepted.length, earlier + 1);
  const mail = accepted.at(-1);
  assert.ok(mail !== undefined);
  return mail;
}

function missing(command: string): string | false {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return false;
  } catch {
    return `${command} is not installed`;
  }
}

const text = ['.a line with a dot', '..two dots', '.', 'Grüße', 'end'].join('\r\n');

describe('nodemailer', () => {
  const auth = { user: 'club', pass: 'right pässword' };
  const wire = { host: HOST, tls: { rejectUnauthorized: false } };

  for (const [how, options] of [
    ['in the clear', () => ({ ...wire, port, auth, ignoreTLS: true })],
    ['with STARTTLS', () => ({ ...wire, port, auth, requireTLS: true })],
    ['with implicit TLS', () => ({ ...wire, port: tlsPort, auth, secure: true })],
    ['with AUTH LOGIN', () => ({ ...wire, port, auth, authMethod: 'LOGIN' })],
  ] as const) {
    it(`hands in mail ${how}`, async () => {
      const transport = createTransport(options());
      const mail = await handedIn(() =>
        transport.sendMail({
          from: 'from@club.test',
          to: 'to@d.test',
          bcc: 'hidden@d.test',
          subject: 'Grüße',
          text,
          attachments: [{ filename: 'a.bin', content: Buffer.alloc(100_000, 7) }],
        }),
      );
      transport.close();
      assert.deepEqual(mail.recipients, ['to@d.test', 'hidden@d.test']);
      assert.equal(mail.client.secure, !how.includes('clear'));
      assert.match(mail.data.toString(), /^From: from@club\.test\r\n/);
    });
  }

  it('keeps connections in a pool and hands in many', async () => {
    const transport = createTransport({ ...wire, port, auth, pool: true, maxConnections: 3 });
    const earlier = accepted.length;
    const infos = await Promise.all(
      Array.from({ length: 60 }, (_, n) => transport.sendMail({ from: 'from@club.test', to: `to-${n}@d.test`, subject: `${n}`, text })),
    );
    transport.close();
    assert.equal(accepted.length, earlier + 60);
    for (const info of infos) assert.match(info.response, /^250 2\.0\.0 queued as msg-/);
  });

  it('says SMTPUTF8 for addresses that need it', async () => {
    const transport = createTransport({ ...wire, port, auth });
    const mail = await handedIn(() =>
      transport.sendMail({ envelope: { from: 'jörg@club.test', to: ['ä@d.test'] }, raw: 'From: jörg@club.test\r\n\r\nhi\r\n' }),
    );
    transport.close();
    assert.deepEqual([mail.mailFrom, mail.recipients, mail.smtpUtf8], ['jörg@club.test', ['ä@d.test'], true]);
  });

  it('is told that its password is wrong', async () => {
    const transport = createTransport({ ...wire, port, auth: { user: 'club', pass: 'wrong' } });
    await assert.rejects(transport.sendMail({ from: 'a@b.test', to: 'c@d.test', text }), { code: 'EAUTH', responseCode: 535 });
    transport.close();
  });

  it('hands in exactly the bytes it was given, dots and all', async () => {
    const raw = `From: a@b.test\r\nSubject: dots\r\n\r\n${text}\r\n`;
    const transport = createTransport({ ...wire, port, auth });
    const mail = await handedIn(() => transport.sendMail({ envelope: { from: 'a@b.test', to: 'c@d.test' }, raw }));
    transport.close();
    assert.equal(mail.data.toString(), raw);
  });
});

describe('Python smtplib', () => {
  const skip = missing('python3');

  it('logs in under STARTTLS and hands in mail with 200 recipients', { skip }, async () => {
    const script = `
import smtplib, ssl, sys
context = ssl._create_unverified_context()
with smtplib.SMTP("${HOST}", int(sys.argv[1])) as client:
    client.starttls(context=context)
    client.login("club", "plain-key")
    refused = client.sendmail("from@club.test", ["to%d@d.test" % n for n in range(200)], "From: from@club.test\\nSubject: python\\n\\n.dot\\nend\\n")
    assert refused == {}, refused
`;
    const mail = await handedIn(() => run('python3', ['-c', script, String(port)], { timeout: CLIENT_TIMEOUT_MS }));
    assert.equal(mail.recipients.length, 200);
    assert.match(mail.data.toString(), /\r\n\r\n\.dot\r\nend\r\n$/);
  });

  it('hands in mail over SMTP_SSL with send_message and SMTPUTF8', { skip }, async () => {
    const script = `
import smtplib, ssl, sys
from email.message import EmailMessage
message = EmailMessage()
message["From"] = "j\\u00f6rg@club.test"
message["To"] = "to@d.test"
message["Bcc"] = "hidden@d.test"
message["Subject"] = "Gr\\u00fc\\u00dfe"
message.set_content("hello\\n")
with smtplib.SMTP_SSL("${HOST}", int(sys.argv[1]), context=ssl._create_unverified_context()) as client:
    client.login("club", "plain-key")
    client.send_message(message)
`;
    const mail = await handedIn(() => run('python3', ['-c', script, String(tlsPort)], { timeout: CLIENT_TIMEOUT_MS }));
    assert.deepEqual([mail.mailFrom, mail.recipients, mail.smtpUtf8], ['jörg@club.test', ['to@d.test', 'hidden@d.test'], true]);
  });
});

describe('curl', () => {
  const skip = missing('curl');
  const upload = (url: string, ...more: string[]) => {
    const child = run(
      'curl',
      [
        ...['-sS', '--url', url, '--mail-from', 'from@club.test', '--mail-rcpt', 'to@d.test', '--upload-file', '-'],
        ...['--user', 'club:right pässword', '--insecure'],
        ...more,
      ],
      { timeout: CLIENT_TIMEOUT_MS },
    );
    child.child.stdin?.end(`From: from@club.test\r\nSubject: curl\r\n\r\n${text}\r\n`);
    return child;
  };

  it('hands in mail under STARTTLS', { skip }, async () => {
    const mail = await handedIn(() => upload(`smtp://${HOST}:${port}/client.test`, '--ssl-reqd'));
    assert.equal(mail.data.toString(), `From: from@club.test\r\nSubject: curl\r\n\r\n${text}\r\n`);
    assert.equal(mail.client.secure, true);
  });

  it('hands in mail over implicit TLS', { skip }, async () => {
    const mail = await handedIn(() => upload(`smtps://${HOST}:${tlsPort}/client.test`));
    assert.equal(mail.client.secure, true);
  });
});

describe('swaks', () => {
  const skip = missing('swaks');
  const skipTls =
    skip ||
    (execFileSync('swaks', ['--support'], { stdio: ['ignore', 'pipe', 'ignore'] }).includes('=== TLS supported')
      ? false
      : 'swaks lacks Net::SSLeay for TLS');
  const send = (...more: string[]) =>
    run(
      'swaks',
      [
        '--server',
        HOST,
        '--from',
        'from@club.test',
        '--to',
        'one@d.test,two@d.test',
        '--auth-user',
        'club',
        '--auth-password',
        'right pässword',
        ...more,
      ],
      { timeout: CLIENT_TIMEOUT_MS },
    );

  for (const [how, args] of [
    ['in the clear with AUTH PLAIN', () => ['--port', String(port), '--auth', 'PLAIN']],
    ['with AUTH LOGIN', () => ['--port', String(port), '--auth', 'LOGIN']],
    ['under STARTTLS', () => ['--port', String(port), '--auth', 'PLAIN', '-tls']],
    ['over implicit TLS', () => ['--port', String(tlsPort), '--auth', 'LOGIN', '--tls-on-connect']],
    ['pipelined', () => ['--port', String(port), '--auth', 'PLAIN', '--pipeline']],
  ] as const) {
    it(`hands in mail ${how}`, { skip: how.includes('TLS') ? skipTls : skip }, async () => {
      const mail = await handedIn(() => send(...args()));
      assert.deepEqual(mail.recipients, ['one@d.test', 'two@d.test']);
    });
  }
});

describe("Postfix's smtp-source", () => {
  const tool = '/usr/sbin/smtp-source';
  const skip = existsSync(tool) ? false : 'smtp-source (package postfix) is not installed';

  for (const [how, args] of [
    ['over kept connections', ['-d']],
    ['over one connection each', []],
  ] as const) {
    it(`hands in many messages ${how}`, { skip }, async () => {
      network = { tenantId: 't', credentialId: 'network', defaultStream: 'bulk' };
      const earlier = accepted.length;
      await run(tool, [...args, ...['-s', '5', '-m', '100', '-l', '4096', '-f', 'a@b.test', '-t', 'c@d.test', `${HOST}:${port}`]], {
        timeout: CLIENT_TIMEOUT_MS,
      });
      network = null;
      assert.equal(accepted.length, earlier + 100);
    });
  }
});
