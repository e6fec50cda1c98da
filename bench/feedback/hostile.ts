// This file makes mails that are built to cost time or memory, and reads one of them: bench/feedback/feedback.ts runs it in a process of its own for each, so that the peak of
// memory is that of one mail. Run: node bench/feedback/hostile.ts NAME
import { classifyReply } from '../../src/feedback/classify.ts';
import { readFeedbackMail } from '../../src/feedback/from-mail.ts';

/** The largest mail that a door of the desk takes. */
const LARGE_BYTES = 30 * 1024 * 1024;
const PARTS = 10_000;
const HEADER_CHARS = 500_000;
const NOTICE_CHARS = 1_000_000;

const head = (type: string) => `From: MAILER-DAEMON@mx.example.net\r\nSubject: Undelivered mail\r\nContent-Type: ${type}\r\n\r\n`;
const STATUS =
  'Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; gone@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n';

function filled(bytes: number, piece: string): Buffer {
  return Buffer.alloc(bytes, piece);
}

function report(body: Buffer | string): Buffer {
  const start = `${head('multipart/report; report-type=delivery-status; boundary=b')}--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n\r\n--b\r\n${STATUS}--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: news\r\n\r\n`;
  return Buffer.concat([Buffer.from(start), Buffer.from(body), Buffer.from('\r\n--b--\r\n')]);
}

const notice = (text: string) => Buffer.from(head('text/plain') + text);
const inHeader = (text: string) =>
  Buffer.from(`From: MAILER-DAEMON@mx.example.net\r\nX-Failed-Recipients: ${text}\r\nSubject: ${text}\r\n\r\nundeliverable\r\n`);
const repeated = (text: string, chars: number) => text.repeat(Math.ceil(chars / text.length));

export const HOSTILE: Readonly<Record<string, () => Buffer>> = {
  '30 MB returned': () => report(filled(LARGE_BYTES, 'A line of the newsletter that came back.\r\n')),
  '30 MB returned, CR alone': () => report(filled(LARGE_BYTES, 'A line of the newsletter that came back.\r')),
  '30 MB in one line': () => notice(repeated('could not be delivered ', LARGE_BYTES)),
  '30 MB of base64': () =>
    Buffer.concat([
      Buffer.from(head('text/plain\r\nContent-Transfer-Encoding: base64')),
      filled(LARGE_BYTES, 'QUJDREVGR0hJSktMTU5PUA==\r\n'),
    ]),
  '30 MB of header': () => Buffer.concat([Buffer.from('From: a@b.example\r\n'), filled(LARGE_BYTES, 'X-Line: a value of a header\r\n')]),
  '30 MB of boundaries': () => Buffer.concat([Buffer.from(head('multipart/mixed; boundary=b')), filled(LARGE_BYTES, '--b\r\n')]),
  '10,000 parts': () =>
    Buffer.from(
      head('multipart/mixed; boundary=b') + '--b\r\nContent-Type: text/plain\r\n\r\nuser unknown <a@b.example>\r\n'.repeat(PARTS),
    ),
  '10,000 parts in parts': () =>
    Buffer.from(Array.from({ length: PARTS }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join('')),
  '10,000 recipients': () =>
    Buffer.from(
      `${head('message/delivery-status')}Reporting-MTA: dns; x\r\n\r\n${Array.from({ length: PARTS }, (_, n) => `Final-Recipient: rfc822; a${n}@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\r\n`).join('\r\n')}`,
    ),
  'addresses in a header': () => inHeader(repeated('a@', HEADER_CHARS)),
  'quotes in a header': () => inHeader(repeated('"<(', HEADER_CHARS)),
  'encoded words in a header': () => inHeader(repeated('=?utf-8?q?=C3=BC?= ', HEADER_CHARS)),
  'half encoded words in a header': () => inHeader(repeated('=?utf-8?q?', HEADER_CHARS)),
  'blanks in a header': () => inHeader(repeated(' \t', HEADER_CHARS)),
  'words of rules in a notice': () => notice(repeated('mailbox user recipient your ip address host connection ', NOTICE_CHARS)),
  'words of challenges in a notice': () => notice(repeated('your message will be delivered once confirm your message ', NOTICE_CHARS)),
  'addresses in a notice': () => notice(repeated('<a@b.example>:\r\n', NOTICE_CHARS)),
  'ids in a notice': () => notice(repeated('b-aaaaaaaa message-id: <a@b\r\n', NOTICE_CHARS)),
  'dashes in a notice': () => notice(repeated('-----', NOTICE_CHARS)),
  'unclosed html': () => Buffer.from(head('text/html') + repeated('<style <', NOTICE_CHARS)),
  'json in a notice': () => notice(`"notificationType"${repeated('{"a":[', NOTICE_CHARS)}`),
  'a reply of rule words': () => Buffer.from(repeated('550 5.7.1 mailbox user your ip recipient @ <', NOTICE_CHARS)),
};

const name = process.argv[2];
const make = name === undefined ? undefined : HOSTILE[name];
if (import.meta.main && make !== undefined) {
  const raw = make();
  const startedAt = performance.now();
  const { kind } = readFeedbackMail(raw);
  classifyReply(raw.toString('latin1', 0, NOTICE_CHARS));
  const ms = performance.now() - startedAt;
  console.log(JSON.stringify({ ms, maxRssMb: process.resourceUsage().maxRSS / 1024, kind }));
}
