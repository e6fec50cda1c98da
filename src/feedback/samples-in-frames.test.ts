// This file puts the replies of samples/replies.txt into the reports of the mail servers that quote them, each reply into one frame after the other in turn: whatever stands around a
// reply, it means the same, and the report is about the recipient it names, not about an address inside the reply.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { explainReply } from './classify.ts';
import { readFeedbackMail } from './from-mail.ts';

const ADDRESS = 'gone@club.example';

const head = (from: string, subject: string, type = 'text/plain; charset=utf-8') =>
  `From: ${from}\nTo: news@verein.example\nSubject: ${subject}\nMIME-Version: 1.0\nContent-Type: ${type}\n\n`;

const report = (from: string, text: string, reply: string) =>
  `${head(from, 'Undelivered Mail', 'multipart/report; report-type=delivery-status; boundary="b"')}--b\nContent-Type: text/plain\n\n${text}\n\n` +
  `--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.verein.example\n\nFinal-Recipient: rfc822; ${ADDRESS}\nAction: failed\n` +
  `Status: ${explainReply(reply).enhanced || `${reply[0]}.0.0`}\nDiagnostic-Code: smtp; ${reply}\n\n` +
  `--b\nContent-Type: message/rfc822\n\nFrom: news@verein.example\nTo: ${ADDRESS}\nSubject: Your mailbox is full\n\nHello\n--b--\n`;

const FRAMES: Readonly<Record<string, (reply: string) => string>> = {
  'Postfix, report': (reply) =>
    report('MAILER-DAEMON@mx', `<${ADDRESS}>: host mx.club.example[192.0.2.5] said: ${reply} (in reply to RCPT TO command)`, reply),
  'Postfix, text': (reply) =>
    `${head('MAILER-DAEMON@mx (Mail Delivery System)', 'Undelivered Mail Returned to Sender')}This is the mail system at host mx.verein.example.\n\n` +
    `<${ADDRESS}>: host mx.club.example[192.0.2.5] said: ${reply.replaceAll(' ', '\n    ')}\n    (in reply to RCPT TO command)\n`,
  Exim: (reply) =>
    `${head('Mail Delivery System <Mailer-Daemon@mx>', 'Mail delivery failed: returning message to sender')}A message that you sent could not be delivered to one or\n` +
    `more of its recipients. This is a permanent error. The following address(es) failed:\n\n  ${ADDRESS}\n    host mx.club.example [192.0.2.5]\n` +
    `    SMTP error from remote mail server after RCPT TO:<${ADDRESS}>:\n    ${reply}\n`,
  'sendmail, text': (reply) =>
    `${head('Mail Delivery Subsystem <MAILER-DAEMON@mx>', 'Returned mail: see transcript for details')}   ----- The following addresses had permanent fatal errors -----\n` +
    `<${ADDRESS}>\n    (reason: ${reply})\n\n   ----- Transcript of session follows -----\n... while talking to mx.club.example.:\n` +
    `>>> RCPT To:<${ADDRESS}>\n<<< ${reply}\n`,
  qmail: (reply) =>
    `${head('MAILER-DAEMON@mx', 'failure notice')}Hi. This is the qmail-send program at mx.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n` +
    `<${ADDRESS}>:\n192.0.2.5 does not like recipient.\nRemote host said: ${reply}\nGiving up on 192.0.2.5.\n`,
  'Exchange, text': (reply) =>
    `${head('Microsoft Outlook <postmaster@mx>', 'Undeliverable: Fees')}Delivery has failed to these recipients or groups:\n\n${ADDRESS}\nThere was a problem.\n\n` +
    `Diagnostic information for administrators:\n\nGenerating server: AM0\n\n${ADDRESS}\nRemote Server returned '${reply}'\n\nOriginal message headers:\n\nReceived: x\n`,
  'Exchange, html': (reply) =>
    `${head('postmaster@mx', 'Undeliverable: Fees', 'text/html')}<p>Your message to ${ADDRESS} couldn't be delivered.</p><table><tr><td>Error:</td>` +
    `<td>${reply.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</td></tr><tr><td>Message rejected by:</td><td>mx.club.example</td></tr></table>`,
  Gmail: (reply) =>
    `${head('Mail Delivery Subsystem <mailer-daemon@googlemail.com>', 'Delivery Status Notification (Failure)')}Delivery to the following recipient failed permanently:\n\n` +
    `     ${ADDRESS}\n\nThe error that the other server returned was:\n${reply}\n\n----- Original message -----\n\nReceived: x\n`,
  OpenSMTPD: (reply) =>
    `${head('Mailer Daemon <MAILER-DAEMON@mx>', 'Delivery status notification: error')}    An error has occurred while attempting to deliver a message for\n` +
    `    the following list of recipients:\n\n${ADDRESS}: ${reply}\n\n    Below is a copy of the original message:\n\nReceived: x\n`,
  DragonFly: (reply) =>
    `${head('MAILER-DAEMON <>', 'Mail delivery failed')}There was an error delivering your mail to <${ADDRESS}>.\n\n` +
    `mx.club.example [192.0.2.5] did not like our RCPT TO:\n${reply}\n\nMessage headers follow.\n\nReceived: x\n`,
  Courier: (reply) =>
    `${head('"Courier mail server at mx" <@>', 'NOTICE: mail delivery status.')}Your message to the following recipients cannot be delivered:\n\n` +
    `<${ADDRESS}>:\n    mx.club.example [192.0.2.5]:\n>>> RCPT TO:<${ADDRESS}>\n<<< ${reply}\n`,
  hMailServer: (reply) =>
    `${head('mailer-daemon@mx', 'Message undeliverable: Fees')}The following recipient(s) could not be reached:\n\n${ADDRESS}\n   Error Type: SMTP\n` +
    `   hMailServer sent: RCPT TO:<${ADDRESS}>\n   Remote server replied: ${reply}\n`,
};

test('samples: a reply means the same in the report of whatever server quotes it', () => {
  const frames = Object.entries(FRAMES);
  const replies = readFileSync(new URL('samples/replies.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#') && line.includes('|'))
    .map((line) => line.slice(line.indexOf('|') + 1))
    .filter((reply) => /^[45]\d\d[ -]/.test(reply) && !reply.includes('\\n'));
  const wrong: string[] = [];
  for (const [index, reply] of replies.entries()) {
    const [name, frame] = frames[index % frames.length] ?? ['', (text: string) => text];
    const read = readFeedbackMail(Buffer.from(frame(reply))).recipients;
    // Without RCPT TO "user unknown" is doubted: either reading is right in a frame.
    const meant = [explainReply(reply, { stage: 'rcpt' }).verdict.class, explainReply(reply).verdict.class, 'recipient-filtered'];
    const right = read.length === 1 && read[0]?.address === ADDRESS && meant.includes(read[0].class);
    if (!right) wrong.push(`${name}: ${reply} → ${read.map((one) => `${one.address} ${one.class} by ${one.rule}`).join(', ')}`);
  }
  // A few replies share a word with their frame; one in two hundred may.
  assert.ok(wrong.length <= replies.length / 200, wrong.join('\n'));
});
