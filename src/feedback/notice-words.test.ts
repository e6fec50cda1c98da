import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { statusNotice } from '../mail/status-notice.ts';
import { readFeedbackMail } from './from-mail.ts';
import { NOTICE_CLASSES, NOTICE_WORDS, type NoticeWords, noticeWords } from './notice-words.ts';
import { CLASS_FAULT } from './vocabulary.ts';

/** What decides at CiviCRM, in its own order: the first of these that a notice holds gives the type. */
const TELLING: readonly [type: NoticeWords['civicrm'] | 'Spam', phrase: RegExp][] = [
  ['AOL', /client tos notification/i],
  ['Away', / out of the office/i],
  ['Dns', /host or domain name not found|no mail server/i],
  ['Host', /error involving remote host|connection (?:refused|timed out)|unable to connect|not responding/i],
  ['Inactive', /account inactive|no longer in use|not accepting mail/i],
  ['Invalid', /user unknown|does not exist|no such (?:user|mailbox)|cannot deliver|recipient rejected|delivery to the following/i],
  ['Quota', /mailbox is full|quota exceeded/i],
  ['Relay', /relay access denied|unable to relay/i],
  ['Spam', /spam|blocked message|blacklisted|denied by policy|content filter|unsolicited|abuse/i],
];

const noticeOf = (cls: (typeof NOTICE_CLASSES)[number]) => {
  const words = NOTICE_WORDS[cls];
  return statusNotice({
    id: '01900000-0000-7000-8000-000000000001',
    reporter: 'desk.example.org',
    to: 'b.17.42.0123456789abcdef@civi.club.example',
    recipient: 'member@example.net',
    recipientId: '01900000-0000-7000-8000-000000000002',
    class: cls,
    code: words.code,
    status: words.status,
    words: words.words,
    arrivedMs: 1_760_000_000_000,
    failedMs: 1_760_000_060_000,
    original: Buffer.from(
      'From: office@club.example\r\nX-CiviMail-Bounce: b.17.42.0123456789abcdef@civi.club.example\r\nSubject: R\r\n\r\nBlocked message, quota exceeded!\r\n',
    ),
  });
};

test('every class is filed under the type it means, by the sentence, by the field, and by the mail as a whole', () => {
  for (const cls of NOTICE_CLASSES) {
    const mime = noticeOf(cls).toString();
    const sentence = mime.split('text/plain; charset=utf-8\r\n\r\n')[1]?.split('\r\n--')[0] ?? '';
    const field = /^Diagnostic-Code: (.*)$/m.exec(mime)?.[1] ?? '';
    for (const text of [sentence, field, mime]) {
      assert.equal(TELLING.find(([, phrase]) => phrase.test(text))?.[0], NOTICE_WORDS[cls].civicrm, `${cls}: ${text}`);
    }
  }
});

test('a fault of ours never reads like one of the recipient', () => {
  for (const cls of NOTICE_CLASSES) {
    const fault = CLASS_FAULT[cls];
    const { civicrm, status } = NOTICE_WORDS[cls];
    if (fault === 'recipient') assert.ok(['Invalid', 'Inactive', 'Quota', 'Dns'].includes(civicrm), cls);
    else if (fault === 'receiver') assert.ok(['Host', 'Relay'].includes(civicrm), cls);
    else if (cls !== 'complaint') assert.equal(civicrm, 'Away', cls);
    if (fault !== 'recipient') assert.doesNotMatch(status, /^\d\.[12]\./, cls);
  }
  assert.equal(noticeWords('operator'), null);
  assert.equal(noticeWords('delivered'), null);
});

test('the body of the message does not come back, its headers do', () => {
  const mime = noticeOf('mailbox-full').toString();
  assert.match(mime, /X-CiviMail-Bounce: b\.17\.42\.0123456789abcdef@civi\.club\.example/);
  assert.doesNotMatch(mime, /Blocked message/);
  assert.match(mime, /^Auto-Submitted: auto-replied$/m);
});

test('our own reader takes a notice for what it is', () => {
  for (const [cls, status] of [
    ['invalid-recipient', '5.1.1'],
    ['mailbox-full', '5.2.2'],
    ['bad-domain', '5.1.2'],
  ] as const) {
    const read = readFeedbackMail(noticeOf(cls));
    assert.deepEqual([read.kind, read.recipients[0]?.address, read.recipients[0]?.status], ['bounce', 'member@example.net', status]);
  }
});

test('docs/CIVICRM.md shows the table', () => {
  const page = readFileSync(new URL('../../docs/CIVICRM.md', import.meta.url), 'utf8');
  for (const cls of NOTICE_CLASSES) {
    const { civicrm, status } = NOTICE_WORDS[cls];
    assert.match(
      page,
      new RegExp(`\\| \`${cls}\` \\| ${civicrm} \\|[^|]*\\| ${status.replaceAll('.', '\\.')} \\|`),
      `| \`${cls}\` | ${civicrm} | … | ${status} |`,
    );
  }
});
