// Text that strangers write is read in time that grows with its length: blanks by the thousand kept this process busy for minutes once, and with it
// everybody's mail.
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

/** What is read here takes milliseconds; read in time that grows with the square it takes many minutes. Nothing in between is measured. */
const GIVE_UP_MS = 120_000;

/** Runs in a process of its own, which can be ended while an expression keeps it busy. */
async function read(script: string): Promise<void> {
  const args = ['--input-type=module', '--eval', script];
  await promisify(execFile)(process.execPath, args, { cwd: new URL('../..', import.meta.url), timeout: GIVE_UP_MS, killSignal: 'SIGKILL' });
}

test('a From with blanks as long as headers may be', { timeout: 2 * GIVE_UP_MS }, () =>
  read(`
    import { inspectMessage } from './src/mail/inspect.ts';
    const blanks = Array.from({ length: 480 }, () => ' '.repeat(990)).join('\\r\\n ');
    const { ok } = inspectMessage(Buffer.from('From: a' + blanks + 'b@club.test\\r\\n\\r\\nx'));
    if (ok) throw new Error('an address with blanks inside is no address');
  `),
);

test('a notice of failure whose reason is blanks', { timeout: 2 * GIVE_UP_MS }, () =>
  read(`
    import { readFeedbackMail } from './src/feedback/from-mail.ts';
    const head = 'From: MAILER-DAEMON@mx.test\\r\\nReturn-Path: <>\\r\\nSubject: Undelivered Mail Returned to Sender\\r\\n\\r\\n';
    for (let n = 0; n < 200; n += 1) readFeedbackMail(Buffer.from(head + 'reason' + ' '.repeat(60_000) + 'x'));
  `),
);

test('a notice of failure that lists an address with blanks behind it', { timeout: 2 * GIVE_UP_MS }, () =>
  read(`
    import { readFeedbackMail } from './src/feedback/from-mail.ts';
    const head = 'From: MAILER-DAEMON@mx.test\\r\\nReturn-Path: <>\\r\\nSubject: Undelivered Mail Returned to Sender\\r\\n\\r\\n';
    for (let n = 0; n < 200; n += 1) readFeedbackMail(Buffer.from(head + 'user@example.com' + ' '.repeat(60_000) + '\\fx'));
  `),
);

test('a comment in From with a quote that is never closed', { timeout: 2 * GIVE_UP_MS }, () =>
  read(`
    import { inspectMessage } from './src/mail/inspect.ts';
    const quotes = Array.from({ length: 480 }, () => '\\\\"'.repeat(480)).join('\\r\\n ');
    const { ok } = inspectMessage(Buffer.from('From: a@club.test ("' + quotes + ')\\r\\nTo: b@club.test\\r\\n\\r\\nx'));
    if (!ok) throw new Error('a comment may hold anything');
  `),
);
