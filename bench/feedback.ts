// This file measures how many received mails are read and classified in a second on one core, on a report of RFC 3464 and a notice in words.
// Run: node bench/feedback.ts
import { classifyReply } from '../src/feedback/classify.ts';
import { readFeedbackMail } from '../src/feedback/from-mail.ts';

const RUNS = 3000;
const original = `Return-Path: <b-token@bounce.desk.example>\r\nMessage-ID: <1@verein.example>\r\nSubject: Fees\r\n\r\n${'A line of the newsletter that came back.\r\n'.repeat(80)}`;
const dsn = Buffer.from(
  'From: MAILER-DAEMON@mx.example.net\r\nSubject: Undelivered Mail Returned to Sender\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n' +
    `--b\r\nContent-Type: text/plain\r\n\r\nI am sorry to have to inform you that your message could not be delivered.\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n` +
    'Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; gone@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <gone@example.com>: User unknown\r\n\r\n' +
    `--b\r\nContent-Type: message/rfc822\r\n\r\n${original}--b--\r\n`,
);
const notice = Buffer.from(
  'From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program at x.example.\r\nI was not able to deliver your message to the following addresses.\r\n\r\n' +
    `<gone@example.com>:\r\n192.0.2.1 does not like recipient.\r\nRemote host said: 550 5.1.1 no such user here\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n${original}`,
);

measure('RFC 3464 report', () => readFeedbackMail(dsn));
measure('notice in words', () => readFeedbackMail(notice));
measure('one SMTP reply', () =>
  classifyReply('550 5.1.1 <gone@example.com>: Recipient address rejected: User unknown in virtual mailbox table'),
);

function measure(what: string, run: () => unknown): void {
  for (let i = 0; i < RUNS; i += 1) run();
  const before = process.cpuUsage();
  for (let i = 0; i < RUNS; i += 1) run();
  const used = process.cpuUsage(before);
  const micros = (used.user + used.system) / RUNS;
  console.log(`${what}: ${micros.toFixed(0)} µs CPU, ${Math.round(1e6 / micros)} a second`);
}
