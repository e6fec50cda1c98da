// The main job on real input: mail from real clients through both doors, over a real Postfix as smarthost into real Dovecot mailboxes, and a
// real delivery status mail back.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { authenticate } from 'mailauth';
import nodemailer from 'nodemailer';
import { type DeskProcess, startDesk } from '../support/desk.ts';
import { dovecotMissing, type PrivateDovecot, startPrivateDovecot } from '../support/private-dovecot.ts';
import { type PrivatePostfix, postfixMissing, startPrivatePostfix } from '../support/private-postfix.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const skip = postfixMissing || dovecotMissing;
const MEMBERS = ['anna@seed.test', 'ben@seed.test', 'cleo@seed.test', 'dora@seed.test'];
const FROM = 'office@harbour.test';

let desk: DeskProcess;
let postfix: PrivatePostfix;
let dovecot: PrivateDovecot;
let key: string;
let tenantId: string;
let login: { username: string; password: string };
let dkimRecord: { host: string; value: string };
const teardown: (() => Promise<void>)[] = [];
const t = { after: (work: () => Promise<void>) => void teardown.unshift(work) };

before(async () => {
  if (skip) return;
  desk = await startDesk(t);
  dovecot = await startPrivateDovecot(t, MEMBERS);
  const { inbound_port: inbound } = desk.bootstrap;
  postfix = await startPrivatePostfix(t, {
    transport: { 'seed.test': `lmtp:inet:127.0.0.1:${dovecot.lmtpPort}`, 'returns.packetboat.test': `smtp:[127.0.0.1]:${inbound}` },
  });
  await desk.route([await desk.smarthost(postfix.port)]);
  ({ id: tenantId, key } = await desk.tenant('Harbour'));
  const domain = await desk.api('POST', `/v1/tenants/${tenantId}/domains`, { name: 'harbour.test', authenticated: true });
  const record = domain.body.records.find((each: { host: string }) => each.host.includes('_domainkey'));
  assert.ok(record, 'a new domain has a DKIM record to publish');
  dkimRecord = record;
  const smtp = await desk.api('POST', `/v1/tenants/${tenantId}/credentials`, { kind: 'smtp' });
  login = { username: smtp.body.smtp_username, password: smtp.body.smtp_password };
});

after(async () => {
  for (const work of teardown) await work();
});

/** Verifies as a receiver would, with the domain's records answered from here. */
async function verify(mail: Buffer): Promise<{ status: string; domain: string }[]> {
  const resolver = async (name: string, type: string) => {
    if (type === 'TXT' && name === dkimRecord.host) return [[dkimRecord.value]];
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  };
  const { dkim } = await authenticate(mail, { ip: '127.0.0.1', helo: 'relay.seed.test', sender: FROM, mta: 'test', resolver });
  return dkim.results.map(({ status, signingDomain }) => ({ status: status.result, domain: signingDomain ?? '' }));
}

const headersOf = (mail: Buffer) => mail.toString('latin1').split(/\r?\n\r?\n/, 1)[0] ?? '';
const smtpUrl = () => `smtp://${desk.bootstrap.smtp_host}:${desk.bootstrap.smtp_port}`;

test('a message by HTTP arrives with text, html, attachment and inline image, signed, and without its Bcc', { skip }, async () => {
  const image = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const { id } = await desk.hand(
    {
      from: { email: FROM, name: 'Häfen & Boote' },
      to: ['anna@seed.test', { email: 'ben@seed.test', name: 'Ben' }],
      bcc: 'cleo@seed.test',
      subject: 'Regatta über alles',
      text: 'We start at nine.\n.\n..\nFrom here on.\n',
      html: '<p>We start at <b>nine</b>. <img src="cid:flag"></p>',
      attachments: [
        { filename: 'Läufe.pdf', content_type: 'application/pdf', content: Buffer.alloc(50_000, 'pdf ').toString('base64') },
        { filename: 'flag.png', content_type: 'image/png', content: image.toString('base64'), content_id: 'flag' },
      ],
    },
    key,
  );
  const shown = await desk.settled(id, ['handed_over']);
  assert.equal(shown.recipients.length, 3);
  const anna = await dovecot.arrived('anna@seed.test', 'Regatta');
  await dovecot.arrived('ben@seed.test', 'Regatta');
  const cleo = await dovecot.arrived('cleo@seed.test', 'Regatta');
  for (const mail of [anna, cleo]) {
    assert.ok(!/^bcc:/im.test(headersOf(mail)), 'a Bcc header travelled');
    assert.match(headersOf(mail), /^To: (?!.*cleo)/im);
    assert.deepEqual(await verify(mail), [{ status: 'pass', domain: 'harbour.test' }]);
  }
  assert.match(headersOf(anna), /^Return-Path: <b-[a-z2-7]{48}@returns\.packetboat\.test>/im);
  assert.match(headersOf(anna), /^Feedback-ID: /im);
  assert.match(headersOf(anna), /^Message-ID: </im);
});

test('mail from nodemailer, Python, curl and swaks arrives, over STARTTLS where they speak it', { skip }, async () => {
  const transport = nodemailer.createTransport({
    host: desk.bootstrap.smtp_host,
    port: desk.bootstrap.smtp_port,
    requireTLS: true,
    tls: { rejectUnauthorized: false },
    auth: { user: login.username, pass: login.password },
  });
  await transport.sendMail({
    from: FROM,
    to: 'anna@seed.test',
    bcc: 'dora@seed.test',
    subject: 'by nodemailer',
    text: '.dot\r\nend',
    html: '<p>x</p>',
  });
  const python = [
    'import smtplib,sys,ssl',
    'from email.message import EmailMessage',
    'm=EmailMessage();m["From"],m["To"],m["Subject"]=sys.argv[5],"anna@seed.test","by Python";m.set_content("Grüße\\n")',
    's=smtplib.SMTP(sys.argv[1],int(sys.argv[2]))',
    'c=ssl._create_unverified_context();s.starttls(context=c);s.login(sys.argv[3],sys.argv[4]);s.send_message(m);s.quit()',
  ].join('\n');
  await run('python3', ['-c', python, desk.bootstrap.smtp_host, String(desk.bootstrap.smtp_port), login.username, login.password, FROM]);
  const letter = `From: ${FROM}\r\nTo: anna@seed.test\r\nSubject: by curl\r\n\r\nHello\r\n`;
  const curl = run('curl', [
    '-sS',
    '--ssl-reqd',
    '-k',
    smtpUrl(),
    '--user',
    `${login.username}:${login.password}`,
    '--mail-from',
    FROM,
    '--mail-rcpt',
    'anna@seed.test',
    '-T',
    '-',
  ]);
  curl.child.stdin?.end(letter);
  await curl;
  if (existsSync('/usr/bin/swaks')) {
    const where = `${desk.bootstrap.smtp_host}:${desk.bootstrap.smtp_port}`;
    await run('swaks', [
      '--server',
      where,
      '--auth-user',
      login.username,
      '--auth-password',
      login.password,
      '--from',
      FROM,
      '--to',
      'anna@seed.test',
      '--h-Subject',
      'by swaks',
    ]);
    await dovecot.arrived('anna@seed.test', 'by swaks');
  }
  for (const subject of ['by nodemailer', 'by Python', 'by curl']) {
    const mail = await dovecot.arrived('anna@seed.test', subject);
    assert.deepEqual(await verify(mail), [{ status: 'pass', domain: 'harbour.test' }], subject);
  }
  const dora = await dovecot.arrived('dora@seed.test', 'by nodemailer');
  assert.ok(!/^bcc:/im.test(headersOf(dora)));
});

test('Postfix as a client hands its mail in with STARTTLS and AUTH', { skip }, async () => {
  const { smtp_port: port } = desk.bootstrap;
  const application = await startPrivatePostfix(t, {
    transport: { 'seed.test': `smtp:[127.0.0.1]:${port}` },
    settings: [
      'smtp_tls_security_level = encrypt',
      'smtp_sasl_auth_enable = yes',
      `smtp_sasl_password_maps = inline:{ { [127.0.0.1]:${port} = ${login.username}:${login.password} } }`,
      'smtp_sasl_security_options = noanonymous',
      'smtp_sasl_tls_security_options = noanonymous',
    ],
  });
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: application.port, ignoreTLS: true });
  await transport.sendMail({ from: FROM, to: ['anna@seed.test', 'ben@seed.test'], subject: 'by Postfix', text: 'two at once' });
  const mail = await dovecot.arrived('anna@seed.test', 'by Postfix');
  await dovecot.arrived('ben@seed.test', 'by Postfix');
  assert.deepEqual(await verify(mail), [{ status: 'pass', domain: 'harbour.test' }]);
  assert.match(application.log(), /status=sent \(250 2\.0\.0 queued as/);
});

test('raw mail keeps every byte of its body', { skip }, async () => {
  const body = Buffer.concat([
    Buffer.from('line one\r\n.\r\n..two\r\n\ttab  \r\n'),
    Buffer.from('Grüße '.repeat(150), 'utf8'),
    Buffer.from('\r\n\r\n\r\n'),
  ]);
  const raw = Buffer.concat([
    Buffer.from(
      `From: ${FROM}\r\nTo: ben@seed.test\r\nSubject: raw bytes\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`,
    ),
    body,
  ]);
  // Lines of raw mail end at 998 bytes, so the long one is folded here as an application would.
  const folded = Buffer.from(raw.toString('latin1').replace(/(.{600})/g, '$1\r\n'), 'latin1');
  const { id } = await desk.hand({ raw: folded.toString('base64'), recipients: ['ben@seed.test'], mail_from: FROM }, key);
  await desk.settled(id, ['handed_over']);
  const mail = await dovecot.arrived('ben@seed.test', 'raw bytes');
  const unix = (bytes: Buffer) => bytes.toString('latin1').replaceAll('\r\n', '\n');
  assert.equal(unix(mail).split('\n\n').slice(1).join('\n\n'), unix(folded).split('\n\n').slice(1).join('\n\n'));
});

test('a mailbox that does not exist comes back as a real delivery status mail, and the address is on hold', { skip }, async () => {
  const { id } = await desk.hand({ from: FROM, to: 'nobody@seed.test', subject: 'to nobody', text: 'Is anybody there?' }, key);
  const shown = await desk.settled(id, ['bounced'], 30_000);
  assert.equal(shown.recipients[0]?.reason, 'invalid-recipient');
  const holds = await desk.api('GET', '/v1/suppressions?address=nobody@seed.test', undefined, key);
  assert.equal(holds.body.data[0]?.reason, 'invalid-recipient');
  const again = await desk.hand({ from: FROM, to: 'nobody@seed.test', subject: 'once more', text: 'x' }, key);
  assert.equal(again.recipients[0]?.state, 'suppressed');
});

test('a receiver that is away is a delay, not a failure: Postfix tries on, and the mail arrives', { skip }, async () => {
  const away = await startPrivatePostfix(t, { transport: { 'seed.test': 'smtp:[127.0.0.1]:9' } });
  const account = await desk.smarthost(away.port);
  const other = await desk.tenant('Far', { name: 'far.test' });
  await desk.route([account], { tenant_id: other.id });
  const { id } = await desk.hand({ from: 'a@far.test', to: 'anna@seed.test', subject: 'delayed', text: 'x' }, other.key);
  await desk.settled(id, ['handed_over']);
  await until(() => /status=deferred/.test(away.log()), { what: 'Postfix to find the receiver away' });
  assert.equal((await desk.message(id)).recipients[0]?.state, 'handed_over');
});

test('in the end the ledger balances', { skip }, async () => {
  const ledger = await desk.quiet();
  assert.equal(ledger.difference, 0);
  assert.ok(ledger.injected >= 10);
});
