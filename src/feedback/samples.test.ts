// This file reads the samples beside it: notices in the forms of more than a hundred mail servers, written for this test, each with what it has to mean; and some eighteen hundred replies
// with their class. A sample starts with "=== name"; its "X-Expect" lines (removed before reading) give the kind, then per recipient: address action class hard|soft status.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { classifyAnswer, classifyReply } from './classify.ts';
import { readFeedbackMail } from './from-mail.ts';
import { CLASS_FAULT } from './vocabulary.ts';

const FOLDER = new URL('samples/', import.meta.url);

for (const file of readdirSync(FOLDER).filter((name) => name !== 'replies.txt')) {
  test(`samples: every notice in ${file} means what it says`, () => {
    for (const sample of readFileSync(new URL(file, FOLDER), 'utf8').split(/^=== /m).slice(1)) {
      const [name = '', ...lines] = sample.split('\n');
      const expected = lines.filter((line) => line.startsWith('X-Expect: ')).map((line) => line.slice('X-Expect: '.length).trim());
      const text = lines.filter((line) => !line.startsWith('X-Expect: ')).join('\n');
      for (const end of ['\n', '\r\n', '\r']) {
        const mail = readFeedbackMail(Buffer.from(text.replaceAll('\n', end)));
        const read = mail.recipients.map((one) =>
          [one.address, one.action, one.class, one.hard ? 'hard' : 'soft', one.status || '-'].join(' '),
        );
        assert.deepEqual(
          [mail.kind, ...read.sort()],
          [expected[0], ...expected.slice(1).sort()],
          `${name}, line ends ${JSON.stringify(end)}`,
        );
      }
    }
  });
}

test('samples: every reply gets its class, and holds an address only where the recipient is at fault', () => {
  const wrong: string[] = [];
  for (const line of readFileSync(new URL('replies.txt', FOLDER), 'utf8').split('\n')) {
    const bar = line.indexOf('|');
    if (line.startsWith('#') || bar < 0) continue;
    const [expected, reply] = [line.slice(0, bar), line.slice(bar + 1)];
    assert.ok(expected in CLASS_FAULT, line);
    const verdict = classifyReply(reply);
    if (verdict.class !== expected || (verdict.suppress && verdict.fault !== 'recipient')) wrong.push(`${line}: ${verdict.class}`);
  }
  assert.deepEqual(wrong, []);
});

test('samples: a reply means the same inside the words of the server that quotes it', () => {
  const quoted: readonly ((reply: string) => string)[] = [
    (reply) => `host mx.example.com[192.0.2.5] said: ${reply} (in reply to end of DATA command)`,
    (reply) => `SMTP error from remote mail server after end of data: host mx.example.com [192.0.2.5]: ${reply}`,
    (reply) => `The response from the remote server was: ${reply}`,
  ];
  for (const line of readFileSync(new URL('replies.txt', FOLDER), 'utf8').split('\n')) {
    const reply = line.slice(line.indexOf('|') + 1);
    // After DATA "user unknown" is doubted: that the stage counts is tested elsewhere.
    if (line.startsWith('#') || line.startsWith('invalid-recipient|') || !/^[45]\d\d /.test(reply)) continue;
    for (const quote of quoted) {
      const answer = classifyAnswer({ diagnostic: quote(reply), status: '', notice: '', failed: true });
      assert.equal(answer.verdict.class, line.slice(0, line.indexOf('|')), quote(reply));
    }
  }
});

test('a complaint that SNS delivers by mail names the complainer', () => {
  const json = JSON.stringify({
    notificationType: 'Complaint',
    complaint: {
      complainedRecipients: [{ emailAddress: 'angry@example.com' }],
      complaintFeedbackType: 'abuse',
      userAgent: 'SES',
      arrivalDate: '2026-05-04',
    },
    mail: { destination: ['angry@example.com'] },
  });
  const wrapped = JSON.stringify({ Type: 'Notification', Message: json });
  for (const body of [
    json,
    wrapped,
    json.replace(',"mail"', ',\n "mail"'),
    `${json}\n\n--\nIf you wish to stop receiving notifications\n`,
  ]) {
    const { kind, complaint } = readFeedbackMail(
      Buffer.from(`From: AWS Notifications <no-reply@sns.amazonaws.com>\nSubject: AWS Notification Message\n\n${body}\n`),
    );
    assert.deepEqual(
      [kind, complaint?.type, complaint?.recipients, complaint?.userAgent],
      ['complaint', 'abuse', ['angry@example.com'], 'SES'],
    );
  }
  for (const body of [
    '{"notificationType":',
    '{"notificationType":"Bounce"}',
    '{"notificationType":"Bounce","bounce":[]}',
    '{"eventType":7}',
  ]) {
    assert.equal(readFeedbackMail(Buffer.from(`From: a@b.example\n\n${body}\n`)).kind, 'other', body);
  }
});
