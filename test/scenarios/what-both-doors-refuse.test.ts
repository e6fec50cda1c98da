// This file hands in what must be refused, at both doors: each says no in its own language, with the same code, and a hint that says what to do next.
// Nothing of it is stored.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, describe, it } from 'node:test';
import { openDesk } from '../support/desk.ts';

const desk = await openDesk({ after }, { env: { PACKETBOAT_MESSAGE_SIZE_MAX_BYTES: '1_000_000', PACKETBOAT_RECIPIENTS_MAX: '100' } });
const { demo_tenant: tenant, smtp_port: port } = desk.bootstrap;
const { from } = tenant;
const LOGIN = Buffer.from(`\0${tenant.smtp_username}\0${tenant.smtp_password}`).toString('base64');

/** Speaks command by command and answers the last reply. */
async function smtp(lines: readonly string[], login = LOGIN): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  const next = () =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const match = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\r\n/.exec(text);
        if (!match) return false;
        text = text.slice(match[0].length);
        socket.off('data', heard).off('close', closed);
        resolve(match[0]);
        return true;
      };
      const heard = (chunk: Buffer) => {
        text += chunk.toString('latin1');
        look();
      };
      const closed = () => reject(new Error(`the line was closed after ${text}`));
      socket.on('data', heard).once('close', closed);
      look();
    });
  let reply = await next();
  for (const line of ['EHLO client.test', `AUTH PLAIN ${login}`, ...lines]) {
    socket.write(Buffer.from(`${line}\r\n`, 'latin1'));
    reply = await next();
    if (/^[45]/.test(reply)) break;
  }
  socket.destroy();
  return reply;
}

const data = (mail: string) => [`MAIL FROM:<${from}>`, 'RCPT TO:<to@club.test>', 'DATA', `${mail}\r\n.`];
const base64 = (mail: string) => Buffer.from(mail, 'latin1').toString('base64');
const good = { from, to: 'to@club.test', subject: 'x', text: 'x' };
const rawBody = (mail: string) => ({ raw: base64(mail), recipients: ['to@club.test'] });

interface Case {
  readonly what: string;
  readonly code: string;
  readonly status: number;
  readonly reply: RegExp;
  readonly body: Record<string, unknown>;
  readonly lines: readonly string[];
  /** Where SMTP has a word of its own for it. */
  readonly smtpCode?: string;
}

const many = Array.from({ length: 101 }, (_, n) => `m${n}@club.test`);
const large = `From: ${from}\r\nSubject: x\r\n\r\n${`${'y'.repeat(76)}\r\n`.repeat(15_000)}`;

const CASES: readonly Case[] = [
  {
    what: 'no From',
    code: 'MAIL_FROM_MISSING',
    status: 422,
    reply: /^550 5\.6\.0 /,
    body: { ...good, from: undefined },
    lines: data('Subject: x\r\n\r\nx'),
  },
  {
    what: 'two From headers',
    code: 'MAIL_FROM_MISSING',
    status: 422,
    reply: /^550 5\.6\.0 /,
    body: rawBody(`From: ${from}\r\nFrom: ${from}\r\n\r\nx\r\n`),
    lines: data(`From: ${from}\r\nFrom: ${from}\r\n\r\nx`),
  },
  {
    what: 'a From of somebody else',
    code: 'SENDER_NOT_ALLOWED',
    status: 403,
    reply: /^550 5\.7\.1 /,
    body: { ...good, from: 'boss@bank.test' },
    lines: data('From: boss@bank.test\r\n\r\nx'),
  },
  {
    what: 'a Sender of somebody else',
    code: 'SENDER_NOT_ALLOWED',
    status: 403,
    reply: /^550 5\.7\.1 /,
    body: rawBody(`From: ${from}\r\nSender: Boss <boss@bank.test>\r\n\r\nx\r\n`),
    lines: data(`From: ${from}\r\nSender: Boss <boss@bank.test>\r\n\r\nx`),
  },
  {
    what: 'a Resent-From of somebody else',
    code: 'SENDER_NOT_ALLOWED',
    status: 403,
    reply: /^550 5\.7\.1 /,
    body: rawBody(`Resent-From: boss@bank.test\r\nFrom: ${from}\r\n\r\nx\r\n`),
    lines: data(`Resent-From: boss@bank.test\r\nFrom: ${from}\r\n\r\nx`),
  },
  {
    what: 'a line break in a header',
    code: 'MAIL_HEADER_LINE_BREAK',
    status: 422,
    reply: /^55\d /,
    body: { ...good, subject: 'x\r\nBcc: everybody@club.test' },
    // On the wire a line break is a line: what follows it is no header.
    lines: data(`From: ${from}\r\nSubject: x\r\nthis is no header\r\n\r\nx`),
    smtpCode: 'MAIL_HEADER_INVALID',
  },
  {
    what: 'a bare LF',
    code: 'MAIL_LINE_ENDING_INVALID',
    status: 422,
    reply: /^554 5\.6\.0 /,
    body: rawBody(`From: ${from}\r\n\r\na\nb\r\n`),
    lines: data(`From: ${from}\r\n\r\na\nb`),
  },
  {
    what: 'a line of 1,200 bytes',
    code: 'MAIL_LINE_TOO_LONG',
    status: 422,
    reply: /^554 5\.6\.0 /,
    body: rawBody(`From: ${from}\r\n\r\n${'x'.repeat(1_200)}\r\n`),
    lines: data(`From: ${from}\r\n\r\n${'x'.repeat(1_200)}`),
  },
  {
    what: 'a message larger than allowed',
    code: 'MAIL_TOO_LARGE',
    status: 413,
    reply: /^552 5\.3\.4 /,
    body: rawBody(large),
    lines: data(large),
  },
  {
    what: 'a size that is too large and said in advance',
    code: 'MAIL_TOO_LARGE',
    status: 413,
    reply: /^552 5\.3\.4 /,
    body: rawBody(large),
    lines: [`MAIL FROM:<${from}> SIZE=50000000`],
  },
  {
    what: 'more recipients than allowed',
    code: 'MAIL_RECIPIENTS_TOO_MANY',
    status: 422,
    reply: /^452 4\.5\.3 /,
    body: { ...good, to: many },
    lines: [`MAIL FROM:<${from}>`, ...many.map((address) => `RCPT TO:<${address}>`)],
  },
  {
    what: 'an address that is none',
    code: 'MAIL_ADDRESS_INVALID',
    status: 422,
    reply: /^(?:501|553) 5\.1\.3 /,
    body: { ...good, to: 'not an address' },
    lines: [`MAIL FROM:<${from}>`, 'RCPT TO:<not an address>'],
  },
  {
    what: 'an unknown control header',
    code: 'MAIL_HEADER_INVALID',
    status: 422,
    reply: /^550 5\.6\.0 /,
    body: rawBody(`From: ${from}\r\nX-Packetboat-Steam: bulk\r\n\r\nx\r\n`),
    lines: data(`From: ${from}\r\nX-Packetboat-Steam: bulk\r\n\r\nx`),
  },
  {
    what: 'a time too far ahead',
    code: 'SEND_AT_INVALID',
    status: 422,
    reply: /^550 5\.6\.0 /,
    body: { ...good, send_at: new Date(Date.now() + 40 * 86_400_000).toISOString() },
    lines: data(`From: ${from}\r\nX-Packetboat-Send-At: ${new Date(Date.now() + 40 * 86_400_000).toISOString()}\r\n\r\nx`),
  },
];

describe('both doors refuse', () => {
  for (const { what, code, status, reply, body, lines, smtpCode = code } of CASES) {
    it(what, async () => {
      const answer = await desk.api('POST', '/v1/messages', body, tenant.api_key);
      assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body).slice(0, 500));
      assert.match(answer.headers.get('content-type') ?? '', /problem\+json/);
      assert.ok(answer.body.hint.length > 10 && answer.body.detail.length > 10);
      const heard = await smtp(lines);
      assert.match(heard, reply);
      assert.ok(heard.includes(`(${smtpCode})`), heard);
    });
  }

  it('a wrong key or password', async () => {
    const answer = await desk.api('POST', '/v1/messages', good, 'pb_wrong');
    assert.deepEqual([answer.status, answer.body.code], [401, 'AUTH_INVALID']);
    const none = await desk.api('POST', '/v1/messages', good, null);
    assert.deepEqual([none.status, none.body.code], [401, 'AUTH_MISSING']);
    const wrong = Buffer.from(`\0${tenant.smtp_username}\0wrong`).toString('base64');
    assert.match(await smtp([], wrong), /^535 5\.7\.8 .*AUTH_INVALID/);
  });

  it('and nothing of it was stored', async () => {
    const ledger = await desk.ledger();
    assert.equal(ledger.injected, 0);
  });
});
