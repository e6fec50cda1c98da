import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import PostalMime, { type Attachment } from 'postal-mime';
import { closePort, openPort } from '../ports.ts';
import type { Simulator } from '../simulator.ts';
import { type Desk, openTalk, type SeenReport, sampleMime, smtpSend, startWorld } from '../test-kit.ts';

let simulator: Simulator;
let desk: Desk;
let stop: () => Promise<void>;
let port = 0;

before(async () => {
  ({ simulator, desk, close: stop } = await startWorld({ accounts: [{ provider: 'smtp', key: 'club', password: 'geheim' }] }));
  port = simulator.smtpPort;
});
after(() => stop());
beforeEach(() => {
  desk.reports.length = 0;
  desk.knows = () => true;
});

const send = (to: string, more: { from?: string; body?: string; rcptParameters?: string; mailParameters?: string } = {}) =>
  smtpSend(port, { from: 'b-token@returns.test', to, ...more });
const mechanisms = {
  plain: Buffer.from('\0club\0geheim').toString('base64'),
  bad: Buffer.from('\0club\0wrong').toString('base64'),
  nobody: Buffer.from('\0nobody\0x').toString('base64'),
  any: Buffer.from('\0sim-any\0x').toString('base64'),
};

/** A part of a report as text. */
function part(parts: readonly Attachment[], type: string): string {
  const content = parts.find((one) => one.mimeType === type)?.content;
  return content === undefined || typeof content === 'string' ? (content ?? '') : Buffer.from(content as ArrayBuffer).toString();
}

async function read(report: SeenReport) {
  const mail = await PostalMime.parse(report.raw, { attachmentEncoding: 'arraybuffer', forceRfc822Attachments: true });
  return {
    mail,
    status: part(mail.attachments, 'message/delivery-status'),
    text: mail.text ?? '',
    head: part(mail.attachments, 'text/rfc822-headers'),
  };
}

describe('The smarthost', () => {
  it('takes a message and puts it into the mailbox byte for byte, dots and all', async () => {
    const body = 'From: a@club.test\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n\r\n..\r\n..two\r\nend\r\n';
    assert.match(await send('sm-dots@mailbox.test', { body }), /^250 2\.0\.0 Ok: queued as [0-9A-F]{20}$/);
    await simulator.idle();
    const [mail] = await simulator.mailbox('sm-dots@mailbox.test');
    assert.ok(mail?.raw.toString().endsWith('\r\n\r\n.\r\n.two\r\nend\r\n'));
    assert.deepEqual([mail?.subject, mail?.mailFrom, mail?.folder], ['Grüße', 'b-token@returns.test', 'inbox']);
  });

  it('puts the spam fate into the spam folder', async () => {
    await send('spam@mailbox.test');
    await simulator.idle();
    assert.equal((await simulator.mailbox('spam@mailbox.test'))[0]?.folder, 'spam');
  });

  it('answers a pipelined burst in order, several messages in one write', async () => {
    const talk = await openTalk(port);
    assert.match(await talk.say('EHLO test'), /PIPELINING[\s\S]*DSN/);
    const one = 'MAIL FROM:<a@club.test>\r\nRCPT TO:<sm-pipe@mailbox.test>\r\nRCPT TO:<refuse-at-rcpt@mailbox.test>\r\nDATA\r\n';
    talk.write(`${one}Subject: 1\r\n\r\nx\r\n.\r\n${one}Subject: 2\r\n\r\ny\r\n.\r\nQUIT\r\n`);
    const codes: string[] = [];
    for (let n = 0; n < 11; n += 1) codes.push((await talk.reply()).slice(0, 3));
    assert.deepEqual(codes, ['250', '250', '550', '354', '250', '250', '250', '550', '354', '250', '221']);
    await simulator.idle();
    assert.equal((await simulator.mailbox('sm-pipe@mailbox.test')).length, 2);
  });

  for (const [what, lines, expected] of [
    ['RCPT before MAIL', ['RCPT TO:<a@mailbox.test>'], '503 5.5.1'],
    ['DATA before MAIL', ['DATA'], '503 5.5.1'],
    ['DATA without a recipient', ['MAIL FROM:<a@club.test>', 'DATA'], '554 5.5.1'],
    ['a malformed MAIL', ['MAIL FROM a@club.test'], '501 5.1.7'],
    ['a malformed RCPT', ['MAIL FROM:<>', 'RCPT TO:<nobody>'], '501 5.1.3'],
    ['a declared size above the limit', ['MAIL FROM:<> SIZE=99999999'], '552 5.3.4'],
    ['another domain', ['MAIL FROM:<>', 'RCPT TO:<a@example.org>'], '554 5.7.1'],
    ['an unknown command', ['STARTTLS'], '502 5.5.2'],
    ['a login', [`AUTH PLAIN ${mechanisms.plain}`], '235 2.7.0'],
    ['a login in two steps', ['AUTH PLAIN', mechanisms.plain], '235 2.7.0'],
    ['a LOGIN', ['AUTH LOGIN', Buffer.from('club').toString('base64'), Buffer.from('geheim').toString('base64')], '235 2.7.0'],
    ['any name that begins with sim-', [`AUTH PLAIN ${mechanisms.any}`], '235 2.7.0'],
    ['a wrong password', [`AUTH PLAIN ${mechanisms.bad}`], '535 5.7.8'],
    ['an unknown name', [`AUTH PLAIN ${mechanisms.nobody}`], '535 5.7.8'],
    ['a login that was called off', ['AUTH LOGIN', '*'], '501 5.7.0'],
    ['another mechanism', ['AUTH CRAM-MD5'], '504 5.5.4'],
    ['a line of 9,000 bytes', ['x'.repeat(9_000)], '500 5.5.2'],
  ] as const) {
    it(`answers ${what} with ${expected}`, async () => {
      const talk = await openTalk(port);
      await talk.say('EHLO test');
      let reply = '';
      for (const line of lines) reply = await talk.say(line);
      talk.close();
      assert.equal(reply.slice(0, 9), expected);
    });
  }

  it('wants a login where its account has a password, and refuses beyond its quota', async () => {
    const world = await startWorld({ accounts: [{ provider: 'smtp', key: 'sim-smtp', password: 'p', quota: { daily: 1 } }] });
    assert.deepEqual(world.simulator.accounts.smtp.settings['username'], 'sim-smtp');
    const talk = await openTalk(world.simulator.smtpPort);
    await talk.say('EHLO test');
    assert.match(await talk.say('MAIL FROM:<a@club.test>'), /^530 /);
    await talk.say(`AUTH PLAIN ${Buffer.from('\0sim-smtp\0p').toString('base64')}`);
    await talk.say('MAIL FROM:<a@club.test>');
    assert.match(await talk.say('RCPT TO:<a@mailbox.test>'), /^250 /);
    assert.match(await talk.say('RCPT TO:<b@mailbox.test>'), /^454 4\.7\.0 Daily sending quota exceeded/);
    talk.close();
    await world.close();
  });

  it('refuses a message above its size after reading it to the end', async () => {
    const world = await startWorld({ accounts: [{ provider: 'smtp', key: 'sim-smtp', sizeMaxBytes: 1_000 }] });
    const reply = await smtpSend(world.simulator.smtpPort, {
      from: 'a@club.test',
      to: 'a@mailbox.test',
      body: `${'x'.repeat(90)}\r\n`.repeat(20),
    });
    assert.match(reply, /^552 5\.3\.4/);
    await world.close();
  });

  it('plays the fates of its own door', async () => {
    assert.match(await send('refuse-at-data@mailbox.test'), /^554 5\.6\.0/);
    for (const fate of ['defer-at-rcpt', 'defer-at-data']) {
      assert.match(await send(`${fate}@mailbox.test`), /^45/);
      assert.match(await send(`${fate}@mailbox.test`), /^250/);
    }
    for (const fate of ['drop-accepted', 'drop-refused', 'hang-0']) await assert.rejects(send(`${fate}@mailbox.test`), /closed|reset/i);
    await simulator.idle();
    const counts = await Promise.all(
      ['drop-accepted', 'drop-refused', 'hang-0'].map(async (fate) => (await simulator.mailbox(`${fate}@mailbox.test`)).length),
    );
    assert.deepEqual(counts, [1, 0, 1]);
    assert.match(await send('drop-refused@mailbox.test'), /^250/);
  });
});

describe('Delivery status mails (RFC 3464)', () => {
  for (const [fate, action, status, words] of [
    ['bounce', 'failed', '5.1.1', /550 5\.1\.1 .*user unknown/],
    ['inactive', 'failed', '5.2.1', /550 5\.2\.1/],
    ['bad-domain', 'failed', '5.1.2', /550 5\.1\.2/],
    ['expired', 'failed', '4.4.7', /554 4\.4\.7/],
    ['blocked', 'failed', '5.7.1', /blocked using/],
    ['suppressed', 'failed', '5.7.1', /suppressed/],
    ['late-bounce', 'failed', '5.1.1', /550 5\.1\.1/],
    ['delayed', 'delayed', '4.3.0', /451 4\.3\.0/],
  ] as const) {
    it(`of ${fate} say ${action} ${status} to the return path, from nobody`, async () => {
      const from = `b-${fate}@returns.test`;
      await send(`${fate}@mailbox.test`, { from });
      await simulator.idle();
      const mine = desk.reports.filter((one) => one.to === from);
      const last = mine[mine.length - 1];
      assert.ok(last !== undefined);
      assert.equal(last.mailFrom, '');
      const { status: fields, text, head, mail } = await read(last);
      assert.match(mail.headers.find((one) => one.key === 'content-type')?.value ?? '', /multipart\/report; report-type=delivery-status/);
      assert.match(fields, /^Reporting-MTA: dns; \S+\r?\n/);
      assert.match(fields, new RegExp(`\\nFinal-Recipient: rfc822; ${fate}@mailbox\\.test\\r?\\n`));
      assert.match(fields, new RegExp(`\\nAction: ${action}\\r?\\n`));
      assert.match(fields, new RegExp(`\\nStatus: ${status}\\r?\\n`));
      assert.match(fields, words);
      assert.match(text, words);
      assert.match(head, /^Subject: Hello there\r?$/m);
      assert.equal(mail.headers.find((one) => one.key === 'auto-submitted')?.value, 'auto-replied');
    });
  }

  it('tell of a full mailbox first as delayed, then as failed', async () => {
    await send('full@mailbox.test', { from: 'b-full@returns.test' });
    await simulator.idle();
    const fields = await Promise.all(desk.reports.map(async (one) => (await read(one)).status));
    assert.deepEqual(
      fields.map((one) => [/Action: (\w+)/.exec(one)?.[1], /Status: (\S+)/.exec(one)?.[1]]),
      [
        ['delayed', '4.2.2'],
        ['failed', '5.2.2'],
      ],
    );
  });

  it('carry ENVID and ORCPT back, and follow NOTIFY', async () => {
    await send('bounce@mailbox.test', {
      mailParameters: ' ENVID=env+2B1',
      rcptParameters: ' NOTIFY=FAILURE,DELAY ORCPT=rfc822;Old+40club.test',
    });
    await send('bounce@mailbox.test', { rcptParameters: ' NOTIFY=NEVER' });
    await send('sm-success@mailbox.test', { rcptParameters: ' NOTIFY=SUCCESS' });
    await send('sm-quiet@mailbox.test');
    await simulator.idle();
    const fields = await Promise.all(desk.reports.map(async (one) => (await read(one)).status));
    assert.equal(fields.length, 2);
    const failed = fields.find((one) => one.includes('Action: failed')) ?? '';
    assert.match(failed, /Original-Envelope-Id: env\+1\r?\n/);
    assert.match(failed, /Original-Recipient: rfc822; Old@club\.test\r?\n/);
    assert.ok(fields.some((one) => /Action: delivered\r?\nStatus: 2\.0\.0/.test(one)));
  });

  it('never answer the empty return path', async () => {
    await send('bounce@mailbox.test', { from: '' });
    await send('autoreply@mailbox.test', { from: '' });
    await simulator.idle();
    assert.deepEqual(desk.reports, []);
  });

  it('write an address beyond ASCII as RFC 6533 has it', async () => {
    await send('bounce+ä@mailbox.test', { mailParameters: ' SMTPUTF8' });
    await simulator.idle();
    const [report] = desk.reports;
    assert.ok(report !== undefined);
    assert.match((await read(report)).status, /Final-Recipient: utf-8; bounce\+\\x\{E4\}@mailbox\.test/);
  });

  it('come again when the inbound door hung up, and not when it does not know the address', async () => {
    const world = await startWorld();
    const real = { ...world.desk.inbound };
    // A door that hangs up on the first caller; from then on the real one is there.
    const rude = createServer((socket) => {
      Object.assign(world.desk.inbound, real);
      socket.destroy();
    });
    Object.assign(world.desk.inbound, { port: await openPort(rude, { host: '127.0.0.1', port: 0 }) });
    await smtpSend(world.simulator.smtpPort, { from: 'b-later@returns.test', to: 'bounce@mailbox.test' });
    await world.simulator.idle();
    await closePort(rude);
    world.desk.knows = () => false;
    await smtpSend(world.simulator.smtpPort, { from: 'b-unknown@returns.test', to: 'bounce@mailbox.test' });
    await world.simulator.idle();
    assert.deepEqual(
      world.desk.reports.map((one) => one.to),
      ['b-later@returns.test'],
    );
    assert.deepEqual(world.simulator.status()['reports'], { told: 1, lost: 1, waiting: 0 });
    await world.close();
  });
});

describe('Other mail that comes back', () => {
  it('is an abuse report (RFC 5965) for a complaint', async () => {
    await send('complaint@mailbox.test', { from: 'b-arf@returns.test' });
    await simulator.idle();
    const [report] = desk.reports;
    assert.ok(report !== undefined);
    const { mail, head } = await read(report);
    const fields = part(mail.attachments, 'message/feedback-report');
    assert.match(fields, /^Feedback-Type: abuse\r?\n/);
    assert.match(fields, /Original-Rcpt-To: <complaint@mailbox\.test>\r?\nArrival-Date: .*\r?\nSource-IP: 198\.51\.100\.7/);
    assert.match(fields, /\nVersion: 1\r?\n/);
    assert.match(head, /Message-ID: <one@club\.test>/);
  });

  it('is an automatic answer (RFC 3834) for an absence', async () => {
    await send('autoreply@mailbox.test', { from: 'b-away@returns.test' });
    await simulator.idle();
    const [report] = desk.reports;
    const mail = await PostalMime.parse(report?.raw ?? '');
    const field = (name: string) => mail.headers.find((one) => one.key === name)?.value;
    assert.deepEqual([report?.mailFrom, report?.to], ['', 'b-away@returns.test']);
    assert.deepEqual(
      [field('auto-submitted'), mail.inReplyTo, mail.from?.address],
      ['auto-replied', '<one@club.test>', 'autoreply@mailbox.test'],
    );
  });

  it('is a mail to the mailto address of List-Unsubscribe, where there is one', async () => {
    const header = 'List-Unsubscribe: <https://club.test/u>, <mailto:leave%2Bx@returns.test?subject=leave%20me>\r\n';
    await send('unsubscribe@mailbox.test', { body: sampleMime('unsubscribe@mailbox.test', header).toString() });
    await send('unsubscribe@mailbox.test');
    await simulator.idle();
    assert.deepEqual(
      desk.reports.map((one) => one.to),
      ['leave+x@returns.test'],
    );
    assert.match(desk.reports[0]?.raw.toString() ?? '', /Subject: leave me\r\n/);
  });
});
