// This file checks what received mails mean: hand-made reports of every form, hostile input, and the corpora where they are present.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { readDeliveryStatus } from '../mail/report/delivery-status.ts';
import { readFeedbackReport } from '../mail/report/feedback-report.ts';
import { openReport } from '../mail/report/report-mail.ts';
import { type FeedbackMail, readFeedbackMail } from './from-mail.ts';

const RETURN_PATH = 'b-mzxw6ytboi4dinztgq2dmnbtmzxw6ytboi4dinztgq2dmnbt@bounce.desk.example';
const DSN_HEAD = `From: MAILER-DAEMON@mx.example.net
To: ${RETURN_PATH}
Subject: Undelivered Mail Returned to its Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

`;
const RETURNED = `--b1
Content-Type: message/rfc822

Return-Path: <${RETURN_PATH}>
Message-ID: <original@verein.example>
Feedback-ID: fees:42:bulk:desk
From: info@verein.example
To: gone@example.com
Subject: Your mailbox is full of news

Your mailbox is full. The user is unknown. 550 5.1.1
--b1--
`;

function dsn(status: string, notice = 'I am sorry to have to inform you that your message could not be delivered.'): string {
  return `${DSN_HEAD}--b1\nContent-Type: text/plain\n\n${notice}\n\n--b1\nContent-Type: message/delivery-status\n\n${status}\n${RETURNED}`;
}

function read(text: string): FeedbackMail {
  const crlf = readFeedbackMail(Buffer.from(text.replace(/\n/g, '\r\n')));
  assert.deepEqual(readFeedbackMail(Buffer.from(text)), crlf, 'LF and CRLF agree');
  assert.deepEqual(readFeedbackMail(Buffer.from(text.replace(/\n/g, '\r'))), crlf, 'CR and CRLF agree');
  return crlf;
}

function only(mail: FeedbackMail): FeedbackMail['recipients'][number] {
  assert.equal(mail.recipients.length, 1);
  const [recipient] = mail.recipients;
  assert.ok(recipient);
  return recipient;
}

const FAILED = `Reporting-MTA: dns; mx.example.net
Original-Envelope-Id: 0190a5f2
Arrival-Date: Tue, 5 May 2026 10:00:00 +0200

Final-Recipient: rfc822; gone@example.com
Original-Recipient: rfc822;gone@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 <gone@example.com>: Recipient address
    rejected: User unknown in virtual mailbox table
`;

test('a report of RFC 3464 is a bounce with its recipient, codes, words and identifiers', () => {
  const mail = read(dsn(FAILED));
  assert.equal(mail.kind, 'bounce');
  assert.deepEqual(mail.ourIdentifiers, {
    messageIds: ['<original@verein.example>'],
    returnPaths: [RETURN_PATH],
    references: [],
    feedbackIds: ['fees:42:bulk:desk'],
    envelopeIds: ['0190a5f2'],
    recipients: ['gone@example.com'],
  });
  assert.equal(mail.reportingMta, 'mx.example.net');
  const recipient = only(mail);
  assert.deepEqual(
    [
      recipient.address,
      recipient.action,
      recipient.status,
      recipient.code,
      recipient.class,
      recipient.fault,
      recipient.hard,
      recipient.suppress,
    ],
    ['gone@example.com', 'failed', '5.1.1', '550', 'invalid-recipient', 'recipient', true, true],
  );
  assert.equal(recipient.diagnostic, '550 5.1.1 <gone@example.com>: Recipient address rejected: User unknown in virtual mailbox table');
  assert.equal(recipient.remoteMta, 'mx.example.com');
});

test('the returned message is never read as the words of the report', () => {
  const mail = read(dsn('Final-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.0.0\n', 'It did not work.'));
  assert.equal(only(mail).class, 'unclassified');
  assert.equal(only(mail).suppress, false);
});

test('every recipient of a report keeps a verdict of its own', () => {
  const mail = read(
    dsn(
      'Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n' +
        'Final-Recipient: rfc822; b@example.com\nAction: delayed\nStatus: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 Mailbox full\n\n' +
        'Final-Recipient: rfc822; c@example.com\nAction: relayed\nStatus: 2.0.0\n',
    ),
  );
  assert.equal(mail.kind, 'bounce');
  assert.deepEqual(
    mail.recipients.map((one) => [one.address, one.action, one.class, one.suppress]),
    [
      ['a@example.com', 'failed', 'invalid-recipient', true],
      ['b@example.com', 'delayed', 'mailbox-full', false],
      ['c@example.com', 'relayed', 'delivered', false],
    ],
  );
});

test('a delay is no failure, and a success report no bounce', () => {
  assert.equal(read(dsn('Final-Recipient: rfc822; a@example.com\nAction: delayed\nStatus: 4.4.1\n')).kind, 'delayed');
  assert.equal(read(dsn('Final-Recipient: rfc822; a@example.com\nAction: delivered\nStatus: 2.0.0\n')).kind, 'delivered');
  const unknownButDelayed = only(read(dsn('Final-Recipient: rfc822; a@example.com\nAction: delayed\nStatus: 5.1.1\n')));
  assert.deepEqual([unknownButDelayed.suppress, unknownButDelayed.bounceType], [false, 'soft']);
});

test('the diagnostic beats the Status field', () => {
  const full = only(
    read(dsn('Final-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 552 5.2.2 over quota\n')),
  );
  assert.deepEqual([full.class, full.status, full.suppress], ['mailbox-full', '5.2.2', false]);
  const blocked = only(
    read(
      dsn(
        'Final-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 blocked using zen.spamhaus.org\n',
      ),
    ),
  );
  assert.deepEqual([blocked.class, blocked.fault, blocked.suppress], ['ip-reputation', 'sender-reputation', false]);
});

const LENIENT: readonly (readonly [fields: string, address: string, status: string])[] = [
  ['Final-Recipient : rfc/822;a@example.com\nAction : failed\nStatus : 5.1.1 (unknown)', 'a@example.com', '5.1.1'],
  ['Final-Recipient: RFC822; <a@example.com>\nAction: Failed (bad destination)\nStatus: 5.1.1', 'a@example.com', '5.1.1'],
  ['Final-Recipient: a@example.com\nAction: failed\nStatus: 5.1.1', 'a@example.com', '5.1.1'],
  ['Final-Recipient: rfc822;\n a@example.com\nAction: failed\nStatus: 5.1.1', 'a@example.com', '5.1.1'],
  [
    'Original-Recipient: rfc822;a@example.com\nFinal-Recipient: X-Unix; |/usr/bin/vacation\nAction: failed\nStatus: 5.3.0',
    'a@example.com',
    '5.3.0',
  ],
  ['Final-Recipient: utf-8; \\x{1F408}@example.com\nAction: failed\nStatus: 5.1.1', '🐈@example.com', '5.1.1'],
  ['FINAL-RECIPIENT: rfc822; "odd one"@example.com\nACTION: FAILED\nSTATUS: 5.1.1', '"odd one"@example.com', '5.1.1'],
  ['Final-Recipient: rfc822; a@example.com\nDiagnostic-Code: smtp;550-5.1.1 no\n 550 5.1.1 such user', 'a@example.com', '5.1.1'],
  [
    'Original-Recipient: rfc822; a@example.com\nFinal-Recipient: rfc822; a@mailstore\nAction: failed\nStatus: 5.1.1',
    'a@example.com',
    '5.1.1',
  ],
];

test('fields off the standard are read as they are meant', () => {
  for (const [fields, address, status] of LENIENT) {
    const recipient = only(read(dsn(`${fields}\n`)));
    assert.deepEqual([recipient.address, recipient.status, recipient.action], [address, status, 'failed'], fields);
  }
  const inNotice = read(
    `${DSN_HEAD.replace(/Content-Type.*\n/, '')}Technical report:\n\nFinal-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.1.1\n`,
  );
  assert.equal(only(inNotice).address, 'a@example.com');
});

test('encoded notices and reports are decoded before they are read', () => {
  const status = Buffer.from('Final-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.2.2\n').toString('base64');
  const mail = read(`${DSN_HEAD}--b1\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n${status}\n--b1--\n`);
  assert.equal(only(mail).class, 'mailbox-full');
});

const NOTICES: readonly (readonly [form: string, text: string, address: string, feedbackClass: string])[] = [
  [
    'Exim',
    'X-Failed-Recipients: a@example.com\nFrom: Mail Delivery System <Mailer-Daemon@x.example>\nSubject: Mail delivery failed: returning message to sender\n\nThis message was created automatically by mail delivery software.\n\n' +
      'A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  a@example.com\n' +
      '    SMTP error from remote mail server after RCPT TO:<a@example.com>:\n    host mx.example.com [192.0.2.1]: 550 No such person\n\n------ This is a copy of the message, and of all its headers. ------\n\nTo: a@example.com\n\nmailbox full\n',
    'a@example.com',
    'invalid-recipient',
  ],
  [
    'qmail',
    'From: MAILER-DAEMON@x.example\nSubject: failure notice\n\nHi. This is the qmail-send program at x.example.\nI am afraid I was not able to deliver your message to the following addresses.\n\n' +
      '<a@example.com>:\n192.0.2.1 failed after I sent the message.\nRemote host said: 552 5.2.2 Over quota\n\n--- Below this line is a copy of the message as it came.\n\nReturn-Path: <s@x.example>\n\nuser unknown\n',
    'a@example.com',
    'mailbox-full',
  ],
  [
    'a list of addresses',
    'From: postmaster@x.example\nSubject: Undeliverable: news\n\nYour message\n\n  To:      s@y.example\n  Subject: news\n\ndid not reach the following recipient(s):\n\na@example.com on Thu, 5 May 2005 16:51:51 -0500\n' +
      '    The recipient name is not recognized\n',
    'a@example.com',
    'invalid-recipient',
  ],
  [
    'a label',
    'From: "Postmaster" <postmaster@x.example>\nSubject: Undeliverable Mail\nTo: s@y.example\n\nUnknown user: a@example.com\n\nOriginal message follows.\n\nReceived: from y\n',
    'a@example.com',
    'invalid-recipient',
  ],
];

test('notices in words give their address and class', () => {
  for (const [form, text, address, feedbackClass] of NOTICES) {
    const recipient = only(read(text));
    assert.deepEqual([recipient.address, recipient.class], [address, feedbackClass], form);
  }
});

const ARF = `From: feedback@isp.example
Subject: FW: Offer
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: text/plain

This is an email abuse report.

--b1
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Some-FBL/1.0
Version: 1
Original-Mail-From: <${RETURN_PATH}>
Original-Rcpt-To: <a@example.com>
Original-Rcpt-To: b@example.com
Arrival-Date: Tue, 5 May 2026 10:00:00 +0200
Source-IP: 192.0.2.1
Reported-Domain: verein.example

${RETURNED}`;

test('a feedback report is a complaint with its fields', () => {
  const mail = read(ARF);
  assert.equal(mail.kind, 'complaint');
  assert.deepEqual(mail.complaint, {
    type: 'abuse',
    recipients: ['a@example.com', 'b@example.com'],
    sourceIp: '192.0.2.1',
    userAgent: 'Some-FBL/1.0',
    arrivalDate: 'Tue, 5 May 2026 10:00:00 +0200',
  });
  assert.deepEqual([mail.ourIdentifiers.feedbackIds, mail.ourIdentifiers.returnPaths], [['fees:42:bulk:desk'], [RETURN_PATH]]);
  assert.equal(readFeedbackReport(Buffer.from(ARF))?.reportedDomains[0], 'verein.example');
});

test("Microsoft's complaints have no machine-readable part and are known by the header they add", () => {
  const mail = read(
    'From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b1\n\n--b1\nContent-Type: message/rfc822\n\n' +
      'X-HmXmrOriginalRecipient: <a@hotmail.com>\nX-Originating-IP: [192.0.2.1]\nMessage-ID: <m@verein.example>\nSubject: news\n\nnews\n--b1--\n',
  );
  assert.deepEqual([mail.kind, mail.complaint?.recipients, mail.complaint?.sourceIp], ['complaint', ['a@hotmail.com'], '192.0.2.1']);
  const bare = read(
    'From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.7\nX-HmXmrOriginalRecipient: <a@hotmail.com>\n\nThe message.\n',
  );
  assert.equal(bare.complaint?.sourceIp, '192.0.2.7');
});

test('a complaint that hides the recipient is found by what our message carried', () => {
  const arf = (fields: string, returned: string) =>
    read(
      `From: fbl@example.net\nSubject: FW: news\nContent-Type: multipart/report; report-type=feedback-report; boundary=b1\n\n--b1\nContent-Type: text/plain\n\nA report.\n\n--b1\nContent-Type: message/feedback-report\n\n${fields}\n\n--b1\nContent-Type: message/rfc822\n\n${returned}\n\nnews\n--b1--\n`,
    );
  const redacted = arf(
    'Feedback-Type: abuse\nVersion: 0.1\nUser-Agent: Their-FBL/0.1\nOriginal-Rcpt-To: redacted@example.net',
    `Return-Path: <${RETURN_PATH}>\nMessage-ID: <7@verein.example>\nFeedback-ID: fees:42:bulk:desk\nX-Original-To: anna@example.net`,
  );
  assert.deepEqual([redacted.kind, redacted.complaint?.type], ['complaint', 'abuse']);
  assert.deepEqual(redacted.ourIdentifiers, {
    messageIds: ['<7@verein.example>'],
    returnPaths: [RETURN_PATH],
    references: [],
    feedbackIds: ['fees:42:bulk:desk'],
    envelopeIds: [],
    recipients: ['anna@example.net'],
  });
  const many = Array.from({ length: 30 }, (_, n) => `References: <${n}@verein.example>`).join('\n');
  const flooded = arf(`Feedback-Type: abuse`, `Message-ID: <7@verein.example>\n${many}`);
  assert.deepEqual(flooded.ourIdentifiers.messageIds, ['<7@verein.example>']);
});

test('a challenge says so, and is an automatic reply', () => {
  const mail = read(
    'From: anna@example.com\nSubject: Please confirm your message\n\nYour message to me is held until you confirm that you are a person.\n',
  );
  assert.deepEqual([mail.kind, mail.challenge], ['auto-reply', true]);
  assert.equal(read('From: anna@example.com\nSubject: Out of office\n\nBack on Monday.\n').challenge, false);
});

test('automatic replies and ordinary mail are no bounces', () => {
  const kinds: readonly (readonly [text: string, kind: string])[] = [
    [
      'From: Anna <a@example.com>\nReturn-Path: <>\nAuto-Submitted: auto-replied\nSubject: Re: Fees\n\nI am away until Monday. Mail to kasse@verein.example could not be delivered before.\n',
      'auto-reply',
    ],
    ['From: Anna <a@example.com>\nSubject: Abwesenheitsnotiz: Beitrag\n\nIch bin nicht da.\n', 'auto-reply'],
    ['From: Anna <a@example.com>\nSubject: Out of Office\n\nBack soon.\n', 'auto-reply'],
    [
      'From: Anna <a@example.com>\nSubject: Question\n\nMy mail to bo@example.com was returned to sender: user unknown. Do you know his address?\n',
      'other',
    ],
    [
      'From: Anna <a@example.com>\nSubject: Fwd: bounce\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nSee below.\n--x\nContent-Type: message/rfc822\n\n' +
        dsn(FAILED) +
        '\n--x--\n',
      'other',
    ],
    ['', 'other'],
  ];
  for (const [text, kind] of kinds) assert.equal(read(text).kind, kind, text.slice(0, 80));
});

test('a group of a thousand recipients and a mail of 30 MB are read within bounds', () => {
  const group = Array.from({ length: 3000 }, (_, n) => `Final-Recipient: rfc822; u${n}@example.com\nAction: failed\nStatus: 5.1.1\n`).join(
    '\n',
  );
  assert.equal(readDeliveryStatus(Buffer.from(dsn(group)))?.recipients.length, 2000);
  const huge = dsn(FAILED).replace('Your mailbox is full. The user', `${'x'.repeat(70)}\n`.repeat(430_000));
  assert.equal(readFeedbackMail(Buffer.from(huge)).kind, 'bounce');
  const manyParts = `From: a@b.example\nContent-Type: multipart/mixed; boundary=b1\n\n${'--b1\nContent-Type: text/plain\n\nx\n'.repeat(10_000)}--b1--\n`;
  readFeedbackMail(Buffer.from(manyParts));
  const largeParts = `--b1\nContent-Type: text/plain\n\n${'unknown user <a@b.example>: no\n'.repeat(2000)}`.repeat(400);
  readFeedbackMail(
    Buffer.from(
      `From: MAILER-DAEMON@x.example\nSubject: failure notice\nContent-Type: multipart/mixed; boundary=b1\n\n${largeParts}--b1--\n`,
    ),
  );
  for (const unit of [
    '> Final-Recipient: rfc822; a@b\n',
    '{"notificationType":"Bounce",',
    '<a@b.example>:\n',
    'a@',
    '<',
    'Final-Recipient: ',
    'Received: from ',
    '-',
    '>',
    ' ',
    'x@y.z\n',
    'Diagnostic-Code: smtp; 550-\n ',
    'unknown user ',
  ]) {
    readFeedbackMail(Buffer.from(`From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n${unit.repeat(1_000_000 / unit.length)}`));
    readFeedbackMail(Buffer.from(`${unit.repeat(1_000_000 / unit.length)}`));
  }
});

test('no mail makes the reader throw', () => {
  const piece = fc.constantFrom(
    'From: MAILER-DAEMON@x\n',
    'Content-Type: multipart/report; boundary=b\n',
    '\n',
    '--b\n',
    '--b--\n',
    'Content-Type: message/delivery-status\n',
    'Final-Recipient: rfc822; a@b.c\n',
    'Status: 5.1.1\n',
    'Content-Type: message/feedback-report\n',
    'Feedback-Type: abuse\n',
    '<a@b.c>:\n',
    '550 5.1.1 no\n',
    '\0',
    '\r',
    'Content-Transfer-Encoding: base64\n',
    'Subject: failure notice\n',
    '=?x?b?',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => void readFeedbackMail(Buffer.from(pieces.join('')))),
    { numRuns: 2000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void readFeedbackMail(Buffer.from(bytes))));
});

test('the notice ends where the returned message begins', () => {
  const borders = [
    '--- Below this line is a copy of the message as it came.',
    '------ This is a copy of the message, and of all its headers. ------',
    '----- Original message -----',
    '   ----- Unsent message follows -----',
    'Original message follows.',
    'Message headers follow.',
    '--- The header of the original message is following here. ---',
    'Return-Path: <a@b.example>',
    'Received: from a by b',
  ];
  for (const border of borders) {
    const mail = openReport(
      Buffer.from(`From: x\n\nnot delivered\n\n${border}\n\nSubject: x\nMessage-ID: <m@x.example>\n\nmailbox full\n`),
    );
    assert.doesNotMatch(mail.notice, /mailbox full/, border);
    assert.ok(mail.returned, border);
  }
  assert.match(openReport(Buffer.from('From: x\n\nThe original message was received at noon\nmailbox full\n')).notice, /mailbox full/);
});

// ── the corpora ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
const CORPUS = new URL('../../../shared/corpus/', import.meta.url);
const skip = existsSync(new URL('bounces/index.jsonl', CORPUS)) ? false : 'the corpus of mails is not beside this checkout';

interface Row {
  file: string;
  kind: string;
  expected: { recipient: string; class: string; class_alt?: string[]; hardbounce: boolean; status: string }[];
  final_recipient_fields?: string[];
}

function rows<T>(name: string): T[] {
  return readFileSync(new URL(`${name}/index.jsonl`, CORPUS), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function corpusMail(name: string, file: string): Buffer {
  return readFileSync(new URL(`${name}/emails/${file}`, CORPUS));
}

const lower = (addresses: readonly string[]) => [...new Set(addresses.map((address) => address.toLowerCase()))].sort().join(' ');
const KINDS: Readonly<Record<string, readonly string[]>> = {
  bounce: ['bounce', 'delayed'],
  complaint: ['complaint'],
  delivered: ['delivered'],
  'not-a-bounce': ['other', 'auto-reply'],
};

test('the corpus of bounces: kind, recipients, class, hard and status', { skip }, (context) => {
  const count = { mails: 0, kind: 0, recipients: 0, verdicts: 0, class: 0, hard: 0, falseHard: 0, withStatus: 0, status: 0 };
  for (const row of rows<Row>('bounces')) {
    const text = corpusMail('bounces', row.file).toString('latin1').replace(/\r\n?/g, '\n');
    const mail = readFeedbackMail(Buffer.from(text, 'latin1'));
    assert.deepEqual(readFeedbackMail(Buffer.from(text.replace(/\n/g, '\r\n'), 'latin1')), mail, `${row.file}: LF and CRLF agree`);
    assert.deepEqual(readFeedbackMail(Buffer.from(text.replace(/\n/g, '\r'), 'latin1')), mail, `${row.file}: LF and CR agree`);
    if (KINDS[row.kind]?.includes(mail.kind)) count.kind += 1;
    count.mails += 1;
    const named = lower(mail.recipients.map((one) => one.address));
    const wanted = row.kind === 'bounce' || row.kind === 'delivered' ? lower(row.expected.map((one) => one.recipient)) : '';
    if (named === wanted || named === lower(row.final_recipient_fields ?? ['-'])) count.recipients += 1;
    if (wanted === '') continue;
    for (const [index, expected] of row.expected.entries()) {
      const got = mail.recipients.find((one) => one.address.toLowerCase() === expected.recipient.toLowerCase()) ?? mail.recipients[index];
      count.verdicts += 1;
      if (got?.class === expected.class || expected.class_alt?.includes(got?.class ?? '')) count.class += 1;
      if (got?.hard === expected.hardbounce) count.hard += 1;
      if (got?.hard && !expected.hardbounce) count.falseHard += 1;
      if (expected.status === '') continue;
      count.withStatus += 1;
      if (got?.status === expected.status) count.status += 1;
    }
  }
  context.diagnostic(JSON.stringify(count));
  assert.ok(count.kind / count.mails >= 0.98);
  assert.ok(count.recipients / count.mails >= 0.96);
  assert.ok(count.class / count.verdicts >= 0.92);
  assert.ok(count.hard / count.verdicts >= 0.96);
  assert.ok(count.falseHard / count.verdicts <= 0.01);
  assert.ok(count.status / count.withStatus >= 0.97);
});

test('the second corpus of bounces: exact address sets', { skip }, (context) => {
  const all = rows<{ file: string; expected: { permanent: string[]; temporary: string[] } | null }>('bounces-flufl');
  const right = all.filter(
    ({ file, expected }) =>
      lower(readFeedbackMail(corpusMail('bounces-flufl', file)).recipients.map((one) => one.address)) ===
      lower([...(expected?.permanent ?? []), ...(expected?.temporary ?? [])]),
  );
  context.diagnostic(`${right.length} of ${all.length}`);
  assert.ok(right.length / all.length >= 0.9);
});

test('the corpus of complaints: kind and fields', { skip }, (context) => {
  const all = rows<{ file: string; expected: Record<string, string | string[]> }>('complaints');
  const wrong: string[] = [];
  for (const { file, expected } of all) {
    const mail = readFeedbackMail(corpusMail('complaints', file));
    if ((mail.kind === 'complaint') !== Object.keys(expected).length > 0) wrong.push(`${file} kind`);
    if (mail.complaint === null) continue;
    const { type, userAgent, sourceIp, arrivalDate, recipients } = mail.complaint;
    const got: Record<string, unknown> = {
      feedback_type: type,
      user_agent: userAgent,
      source_ip: sourceIp,
      arrival_date: arrivalDate,
      original_rcpt: recipients,
    };
    for (const name of Object.keys(got))
      if (expected[name] !== undefined && JSON.stringify(got[name]) !== JSON.stringify(expected[name])) wrong.push(`${file} ${name}`);
  }
  context.diagnostic(`${all.length} complaints, wrong: ${wrong.join(', ') || 'none'}`);
  assert.ok(wrong.length / all.length <= 0.03);
});

test('the corpus of automatic replies and ordinary mail: no bounce', { skip }, () => {
  for (const { file } of rows<{ file: string }>('auto-replies')) {
    assert.ok(['other', 'auto-reply'].includes(readFeedbackMail(corpusMail('auto-replies', file)).kind), file);
  }
});

test('the malformed corpus: no exception', { skip }, () => {
  for (const file of readdirSync(new URL('malformed/', CORPUS))) readFeedbackMail(readFileSync(new URL(`malformed/${file}`, CORPUS)));
});
