// This file hands mail in at both doors, by every client people really use, and finds it in real mailboxes: through the desk, a real Postfix and a
// real Dovecot. What was promised to arrive byte for byte does; Bcc stays hidden; two independent verifiers accept our signature.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import { inReverse, testFolder } from '../support/desk.ts';
import { dkimVerdict, fieldsOf, type PostalWorld, postalWorld, postalWorldMissing, RETURN_PATH_HOST } from '../support/postal-world.ts';
import { startPostfix } from '../support/postfix.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const skip = postalWorldMissing();
const CLIENT_LIMIT_MS = 120_000;
const members = (name: string) => [`${name}@seed.test`, `${name}-cc@seed.test`, `${name}-bcc@seed.test`];
const CLIENTS = ['json', 'raw', 'nodemailer', 'swaks', 'curl', 'python', 'postfix', 'opendkim'];

function missing(program: string, name: string): string | false {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return false;
  } catch {
    return `${name} is not installed`;
  }
}

/** A message with what breaks on careless ways: folded headers, dots, 8-bit text, long lines, trailing blanks, empty lines at the end. */
function trickyMessage(from: string, to: string): string {
  return [
    `From: Rowing Club <${from}>`,
    `To: ${to}`,
    'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= and',
    '\tfolded',
    'Message-ID: <tricky.1@rowing-club-seed.test>',
    'Date: Sat, 21 Nov 2026 18:00:00 +0000',
    'X-Odd:    spaces   inside\t',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Grüße vom Ruderclub — größer als ASCII.  ',
    '.a line that begins with a dot',
    '..two dots',
    '.',
    `From the quay: ${'x'.repeat(900)}`,
    '',
    'end',
    '',
    '',
  ].join('\r\n');
}

describe('mail reaches real mailboxes', { skip }, async () => {
  if (skip) return;
  const world: PostalWorld = await postalWorld({ after }, { mailboxes: CLIENTS.flatMap(members) });
  const { desk, dovecot, club } = world;
  const from = `office@${club.domain}`;
  const { smtp_port: port } = desk.bootstrap;
  const { body: login } = await desk.api('POST', `/v1/tenants/${club.id}/credentials`, { kind: 'smtp' });
  const folder = testFolder({ after });

  /** What holds for every mail that arrived, whatever client handed it in. */
  async function arrivedWell(mail: Buffer | undefined, address: string): Promise<Map<string, string[]>> {
    assert.ok(mail, `nothing arrived for ${address}`);
    const fields = fieldsOf(mail);
    assert.equal(fields.has('bcc'), false, 'Bcc travelled');
    assert.ok(![...fields.keys()].some((name) => name.startsWith('x-packetboat-')), 'control headers travelled');
    assert.match(fields.get('return-path')?.[0] ?? '', new RegExp(`^<b-[a-z2-7]{48}@${RETURN_PATH_HOST}>$`));
    for (const name of ['message-id', 'date', 'feedback-id', 'from', 'dkim-signature'])
      assert.equal(fields.get(name)?.length, 1, `${name}: ${fields.get(name)}`);
    assert.match(fields.get('feedback-id')?.[0] ?? '', /^[\w-]+:t\d+:transactional:packetboat$/);
    assert.equal(await dkimVerdict(mail, club.record), `${club.domain} pass`);
    return fields;
  }

  /** All three copies, each with its own return path. */
  async function allArrived(name: string): Promise<Buffer[]> {
    const mails = await Promise.all(members(name).map(async (address) => (await dovecot.arrived(address))[0]));
    const paths = new Set<string>();
    for (const [index, mail] of mails.entries()) {
      const fields = await arrivedWell(mail, members(name)[index] ?? '');
      paths.add(fields.get('return-path')?.[0] ?? '');
    }
    assert.equal(paths.size, 3, 'each recipient has a return path of its own');
    assert.equal(new Set(mails.map((mail) => fieldsOf(mail ?? Buffer.alloc(0)).get('message-id')?.[0])).size, 1);
    return mails.filter((mail) => mail !== undefined);
  }

  it('JSON with text, html, an attachment and an inline picture', async () => {
    const [to, cc, bcc] = members('json');
    const pdf = randomBytes(50_000);
    const png = randomBytes(2_000);
    const message = {
      from: { email: from, name: 'Rowing Club, the “Quay”' },
      to: { email: to, name: 'Jürgen Müller' },
      cc,
      bcc: [bcc],
      reply_to: 'treasurer@rowing-club-seed.test',
      subject: 'Regatta on Sunday — Grüße 🚣',
      text: 'We start at nine.\n.dot\nGrüße',
      html: '<p>We start at <b>nine</b>.<img src="cid:boat"></p>',
      headers: { 'X-Club': 'rowing' },
      attachments: [
        { filename: 'Plan für Sonntag.pdf', content_type: 'application/pdf', content: pdf.toString('base64') },
        { filename: 'boat.png', content_type: 'image/png', content: png.toString('base64'), content_id: 'boat' },
      ],
      tags: ['regatta'],
    };
    const { id } = await desk.hand(message, club.key);
    const [mail] = await allArrived('json');
    const read = await PostalMime.parse(mail ?? '');
    assert.equal(read.subject, message.subject);
    assert.deepEqual([read.from?.address, read.from?.name], [from, message.from.name]);
    assert.deepEqual(
      read.to?.map((each) => [each.address, each.name]),
      [[to, 'Jürgen Müller']],
    );
    assert.deepEqual(
      read.cc?.map((each) => each.address),
      [cc],
    );
    assert.deepEqual(
      read.replyTo?.map((each) => each.address),
      ['treasurer@rowing-club-seed.test'],
    );
    assert.equal(read.text?.trim(), message.text);
    assert.equal(read.html?.trim(), message.html);
    assert.ok(!mail?.includes('json-bcc'), 'the hidden recipient stands nowhere');
    const parts = new Map(read.attachments.map((part) => [part.filename, part]));
    // postal-mime gives bytes unless it is asked for something else.
    const bytes = (name: string) => Buffer.from(parts.get(name)?.content as ArrayBuffer);
    assert.ok(bytes('Plan für Sonntag.pdf').equals(pdf));
    assert.ok(bytes('boat.png').equals(png));
    assert.equal(parts.get('boat.png')?.contentId, '<boat>');
    assert.match(fieldsOf(mail ?? Buffer.alloc(0)).get('feedback-id')?.[0] ?? '', /^regatta:/);
    const shown = await desk.settled(id, ['handed_over']);
    assert.match(shown.recipients[0]?.attempts[0]?.reply ?? '', /^250 2\.0\.0 Ok: queued as /);
    assert.deepEqual(shown.recipients[0]?.marks, ['silent'], 'this way tells nothing more');
  });

  it('raw MIME, byte for byte', async () => {
    const text = trickyMessage(from, 'raw@seed.test');
    const raw = Buffer.from(`Bcc: raw-bcc@seed.test\r\n${text}`).toString('base64');
    await desk.hand({ raw, recipients: members('raw') }, club.key);
    for (const mail of await allArrived('raw')) assert.ok(mail.toString().endsWith(text), mail.toString());
    const { body } = await desk.api('GET', '/v1/messages?address=raw@seed.test', undefined, club.key);
    const source = await desk.api('GET', `/v1/messages/${body.data[0].id}/source`, undefined, club.key);
    assert.equal(source.body, Buffer.from(raw, 'base64').toString(), 'the source is what was handed in');
  });

  it('nodemailer', async () => {
    const [to, cc, bcc] = members('nodemailer');
    const transport = createTransport({
      host: '127.0.0.1',
      port,
      requireTLS: true,
      tls: { rejectUnauthorized: false },
      auth: { user: login.smtp_username, pass: login.smtp_password },
    });
    const info = await transport.sendMail({
      from,
      to,
      cc,
      bcc,
      subject: 'Grüße',
      text: 'Hallo',
      html: '<p>Hallo</p>',
      attachments: [{ filename: 'a.bin', content: randomBytes(100_000) }],
    });
    transport.close();
    assert.match(info.response, /^250 2\.0\.0 queued as /);
    const [mail] = await allArrived('nodemailer');
    assert.equal((await PostalMime.parse(mail ?? '')).attachments.length, 1);
  });

  it('swaks', { skip: missing('swaks', 'swaks') }, async () => {
    const args = [
      '--server',
      '127.0.0.1',
      '--port',
      String(port),
      '--tls',
      '--auth-user',
      login.smtp_username,
      '--auth-password',
      login.smtp_password,
    ];
    const { stdout } = await run(
      'swaks',
      [
        ...args,
        '--from',
        from,
        '--to',
        members('swaks').join(','),
        '--header',
        'Subject: From swaks',
        '--header',
        'X-Packetboat-Tags: swaks',
        '--body',
        'Hello\n.\n..dots\n',
      ],
      { timeout: CLIENT_LIMIT_MS },
    );
    assert.match(stdout, /250 2\.0\.0 queued as /);
    const [mail] = await allArrived('swaks');
    assert.match(mail?.toString() ?? '', /\r\n\r\nHello\r\n\.\r\n\.\.dots\r\n/);
    assert.match(fieldsOf(mail ?? Buffer.alloc(0)).get('feedback-id')?.[0] ?? '', /^swaks:/);
  });

  it('curl', { skip: missing('curl', 'curl') }, async () => {
    const text = trickyMessage(from, 'curl@seed.test');
    const file = join(folder, 'curl.eml');
    writeFileSync(file, text);
    const recipients = members('curl').flatMap((address) => ['--mail-rcpt', address]);
    const user = `${login.smtp_username}:${login.smtp_password}`;
    await run(
      'curl',
      ['-sS', '--ssl-reqd', '-k', `smtp://127.0.0.1:${port}`, '--user', user, '--mail-from', from, ...recipients, '-T', file],
      {
        timeout: CLIENT_LIMIT_MS,
      },
    );
    for (const mail of await allArrived('curl')) assert.ok(mail.toString().endsWith(text));
  });

  it('Python’s smtplib', { skip: missing('python3', 'Python 3') }, async () => {
    const script = `
import smtplib, ssl, sys
from email.message import EmailMessage
m = EmailMessage()
m['From'] = sys.argv[2]
m['To'], m['Cc'], m['Bcc'] = sys.argv[3], sys.argv[4], sys.argv[5]
m['Subject'] = 'Grüße aus Python'
m.set_content('Hallo\\n.\\nGrüße\\n', cte='8bit')
raw = m.as_bytes(policy=m.policy.clone(linesep='\\r\\n'))
context = ssl._create_unverified_context()
with smtplib.SMTP('127.0.0.1', int(sys.argv[1])) as s:
    s.starttls(context=context)
    s.login(sys.argv[6], sys.argv[7])
    # The header Bcc goes along, as careless applications do it.
    s.sendmail(sys.argv[2], sys.argv[3:6], raw)
`;
    await run('python3', ['-c', script, String(port), from, ...members('python'), login.smtp_username, login.smtp_password], {
      timeout: CLIENT_LIMIT_MS,
    });
    const [mail] = await allArrived('python');
    assert.ok(!mail?.includes('python-bcc'));
    const read = await PostalMime.parse(mail ?? '');
    assert.deepEqual([read.subject, read.text], ['Grüße aus Python', 'Hallo\n.\nGrüße\n']);
  });

  it('Postfix as a client of the submission door (STARTTLS, AUTH)', async () => {
    const end = inReverse({ after });
    const client = await startPostfix(end, {
      main: {
        relayhost: `[127.0.0.1]:${port}`,
        myhostname: 'client.test',
        default_transport: 'smtp',
        smtp_tls_security_level: 'encrypt',
        smtp_sasl_auth_enable: 'yes',
        smtp_sasl_password_maps: 'texthash:$folder/sasl',
        smtp_sasl_security_options: 'noanonymous',
      },
      files: { sasl: `[127.0.0.1]:${port} ${login.smtp_username}:${login.smtp_password}\n` },
      transports: {},
    });
    const text = trickyMessage(from, 'postfix@seed.test');
    const transport = createTransport({ host: '127.0.0.1', port: client.port, ignoreTLS: true });
    await transport.sendMail({ envelope: { from, to: members('postfix') }, raw: text });
    transport.close();
    const mails = await allArrived('postfix').catch((cause: Error) => {
      throw new Error(`${cause.message}: ${client.log()}`, { cause });
    });
    for (const mail of mails) assert.ok(mail.toString().endsWith(text), mail.toString());
    await until(async () => (await client.queued()).length === 0, { what: 'the client to have handed in everything' });

    // What the desk refuses for good, Postfix tells its user; nothing is tried for ever.
    const bad = createTransport({ host: '127.0.0.1', port: client.port, ignoreTLS: true });
    await bad.sendMail({ envelope: { from, to: ['postfix@seed.test'] }, raw: 'From: stranger@elsewhere.test\r\nSubject: x\r\n\r\nx\r\n' });
    bad.close();
    await until(() => /status=bounced .*SENDER_NOT_ALLOWED/.test(client.log()), { what: 'Postfix to hear SENDER_NOT_ALLOWED' });
  });

  it('opendkim accepts the signature, too', {
    skip: existsSync('/usr/sbin/opendkim') ? false : 'opendkim is not installed (Debian package opendkim)',
  }, async () => {
    const text = trickyMessage(from, 'opendkim@seed.test');
    await desk.hand({ raw: Buffer.from(text).toString('base64'), recipients: ['opendkim@seed.test'] }, club.key);
    const [mail] = await dovecot.arrived('opendkim@seed.test');
    const place = join(folder, 'opendkim');
    mkdirSync(place);
    const at = (name: string, content: string | Buffer) => {
      writeFileSync(join(place, name), content);
      return join(place, name);
    };
    const dns = at('dns', `${club.record.host} ${club.record.value}\n`);
    const config = at('conf', `Mode v\nTestDNSData file:${dns}\nSyslog no\n`);
    const { stdout } = await run('/usr/sbin/opendkim', ['-x', config, '-t', at('mail', mail ?? '')], { timeout: CLIENT_LIMIT_MS });
    assert.match(stdout, /verification .*succeeded/);
  });

  it('the ledger balances, and nothing waits anywhere', async () => {
    const ledger = await desk.quiet();
    assert.equal(ledger.states.handed_over, ledger.injected, JSON.stringify(ledger.states));
    await until(async () => (await world.postfix.queued()).length === 0, { what: 'the smarthost to have an empty queue' });
  });
});
