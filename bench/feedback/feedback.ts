// This file is `bench feedback`: how many received mails are read and classified in a second on one core, and what hostile mails cost at most. Reads the labelled mails
// where their folder is present, else mails of its own making.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { classifyReply } from '../../src/feedback/classify.ts';
import { readFeedbackMail } from '../../src/feedback/from-mail.ts';
import { count, round, table } from '../kit/figures.ts';
import type { Bench } from '../kit/report.ts';
import { HOSTILE } from './hostile.ts';

const TITLE = 'Feedback: received mails read and classified';
/** Agreed in issue 3. */
const AIM_PER_SECOND = 1_000;
const HOSTILE_MS_MAX = 1_000;
const HOSTILE_MB_MAX = 256;
/** The first runs are slower than a node that has been up for a minute. */
const WARM_RUNS = 3;
const RUNS = 5;
const CORPUS = new URL('../../../shared/corpus/', import.meta.url);
const FOLDERS = ['bounces/emails/', 'bounces-flufl/emails/', 'complaints/emails/', 'auto-replies/emails/'];

const ORIGINAL = `Return-Path: <a@bounce.desk.example>\r\nMessage-ID: <1@verein.example>\r\nSubject: Fees\r\n\r\n${'A line of the newsletter that came back.\r\n'.repeat(80)}`;
const DSN =
  'From: MAILER-DAEMON@mx.example.net\r\nSubject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n' +
  `--b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n` +
  'Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; gone@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <gone@example.com>: User unknown\r\n\r\n' +
  `--b\r\nContent-Type: message/rfc822\r\n\r\n${ORIGINAL}--b--\r\n`;
const NOTICE =
  'From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program at x.example.\r\nI was not able to deliver your message.\r\n\r\n' +
  `<gone@example.com>:\r\n192.0.2.1 does not like recipient.\r\nRemote host said: 550 5.1.1 no such user here\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n${ORIGINAL}`;

export const benchFeedback: Bench = async ({ quick }) => {
  const mails = labelledMails() ?? [Buffer.from(DSN), Buffer.from(NOTICE)];
  const times = mails.map((raw) => microsOf(() => readFeedbackMail(raw), quick ? 1 : RUNS)).toSorted((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  const slowest = times.at(-1) ?? 0;
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const reply = microsOf(() => classifyReply('550 5.1.1 <gone@example.com>: Recipient address rejected: User unknown in table'), 100);
  const hostile = Object.keys(HOSTILE).map((name) => ({ name, ...hostileRun(name) }));
  const perSecond = Math.round(1e6 / median);
  const faults = hostile
    .filter(({ ms, maxRssMb }) => ms > HOSTILE_MS_MAX || maxRssMb > HOSTILE_MB_MAX)
    .map(({ name, ms, maxRssMb }) => `${name}: ${round(ms)} ms, ${round(maxRssMb)} MB`);
  if (perSecond < AIM_PER_SECOND) faults.push(`the median mail: ${perSecond} a second, agreed ${AIM_PER_SECOND}`);
  const body = [
    `${count(mails.length)} mails, CPU of one core, each the best of ${quick ? 1 : RUNS} runs after ${WARM_RUNS} to warm up. Agreed: ${count(AIM_PER_SECOND)} a second.`,
    '',
    table(
      ['what', 'µs', 'a second'],
      [
        ['the median mail', round(median), count(perSecond)],
        ['the mean of all', round(mean), count(Math.round(1e6 / mean))],
        ['the slowest', round(slowest), count(Math.round(1e6 / slowest))],
        ['one SMTP reply', round(reply), count(Math.round(1e6 / reply))],
      ],
    ),
    '',
    `Mails built to cost time or memory, each in a process of its own (Node alone takes about 60 MB). Agreed: ${HOSTILE_MS_MAX} ms, ${HOSTILE_MB_MAX} MB.`,
    '',
    table(
      ['mail', 'ms', 'peak MB'],
      hostile.map(({ name, ms, maxRssMb }) => [name, round(ms), round(maxRssMb)]),
    ),
  ].join('\n');
  return {
    sections: [{ part: '', title: TITLE, body }],
    json: { mails: mails.length, median_per_second: perSecond, mean_us: mean, slowest_us: slowest, reply_us: reply, hostile },
    faults,
  };
};

function labelledMails(): Buffer[] | null {
  if (!existsSync(CORPUS)) return null;
  return FOLDERS.flatMap((folder) => readdirSync(new URL(folder, CORPUS)).map((file) => readFileSync(new URL(folder + file, CORPUS))));
}

function microsOf(work: () => unknown, runs: number): number {
  for (let run = 0; run < WARM_RUNS; run += 1) work();
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const startedAt = performance.now();
    work();
    best = Math.min(best, performance.now() - startedAt);
  }
  return best * 1000;
}

function hostileRun(name: string): { ms: number; maxRssMb: number } {
  const program = new URL('hostile.ts', import.meta.url).pathname;
  // Our own program prints this form.
  return JSON.parse(execFileSync(process.execPath, [program, name], { encoding: 'utf8' })) as { ms: number; maxRssMb: number };
}
