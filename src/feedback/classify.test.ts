// This file checks the reply classifier: every rule by its own sample, receivers by answers that no rule quotes, stages, limits, and the corpus of replies.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { classifyAnswer, classifyReply, explainReply, verdictOf } from './classify.ts';
import { readReplyText, replyWithin } from './reply-text.ts';
import { REPLY_RULES } from './rules.ts';
import { CLASS_FAULT, type FeedbackClass } from './vocabulary.ts';

test('every rule decides its own sample', () => {
  for (const rule of REPLY_RULES) {
    const { rule: decided, verdict } = explainReply(rule.sample);
    assert.equal(decided, rule.id, rule.sample);
    assert.equal(verdict.class, rule.class);
  }
});

test('rule names are unique', () => {
  assert.equal(new Set(REPLY_RULES.map((rule) => rule.id)).size, REPLY_RULES.length);
});

// Answers as receivers write them, in words that are not the samples of the rules.
const ANSWERS: readonly (readonly [reply: string, expected: FeedbackClass])[] = [
  ['550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the address.', 'invalid-recipient'],
  ['550-Callback setup failed while verifying <news@example.org>', 'sender-rejected'],
  ['550 5.1.1 <gone@example.com>: Email address could not be found, or was misspelled (G8)', 'invalid-recipient'],
  [
    '554 5.1.1 <gone@example.com>: Recipient address rejected: undeliverable address: host mx[192.0.2.1] said: 550 No such user',
    'invalid-recipient',
  ],
  ['550 5.1.0 gone@example.com does not exist here', 'invalid-recipient'],
  ['550 Invalid recipient gone@example.com', 'invalid-recipient'],
  ['550 Mailbox does not exist!', 'invalid-recipient'],
  ['553 sorry, no mailbox here by that name (#5.7.1)', 'invalid-recipient'],
  ['551 5.1.6 The user has moved; please try new@example.net', 'invalid-recipient'],
  ["550 5.1.1 Adresse d'au moins un destinataire invalide. Invalid recipient. OFR_416 [416]", 'invalid-recipient'],
  ['550 5.2.1 This account is inactive and not accepting mail', 'inactive-mailbox'],
  ['550 5.7.1 This mailbox has been suspended', 'inactive-mailbox'],
  ['554 5.2.2 mailbox full', 'mailbox-full'],
  ['452 4.2.2 The email account that you tried to reach is over quota and inactive.', 'mailbox-full'],
  ['422 4.2.2 Recipient overquota', 'mailbox-full'],
  ['550 5.4.4 Host or domain name not found', 'bad-domain'],
  ['550 5.1.2 Host unknown (Name server: nowhere.example: no data known)', 'bad-domain'],
  ['556 5.1.10 recipient domain has a null MX record', 'domain-not-accepting'],
  ['451 4.7.1 Please try again later (TEMPGREY) grey-listed', 'greylist'],
  ['421 4.7.0 Too many connections from your host.', 'rate-limited'],
  ['421 4.4.5 Too many concurrent SMTP connections; please try again later.', 'rate-limited'],
  ['450 4.7.1 Error: too much mail from 192.0.2.1; throttled', 'rate-limited'],
  ['554 5.7.1 Service unavailable; Sender address [192.0.2.1] blocked using bl.spamcop.net', 'ip-reputation'],
  ['550 5.7.1 192.0.2.1 has been blocked by the SORBS DNSBL', 'ip-reputation'],
  ['521 5.2.1 Connection refused: your server IP has a poor reputation (RTR:BL)', 'ip-reputation'],
  ['550 5.7.1 Client host rejected: cannot find your hostname, [192.0.2.1] PTR', 'ip-reputation'],
  ["550 5.7.1 Unauthenticated email from example.org is not accepted due to the domain's DMARC policy.", 'auth-failure'],
  ['550 5.7.23 The message was rejected because of Sender Policy Framework violation -> 550 SPF Check fail', 'auth-failure'],
  ['550 5.7.1 DKIM signature is missing, mail from this domain needs a valid DKIM signature', 'auth-failure'],
  ['550 High probability of spam', 'spam-content'],
  ['550 5.7.1 Message rejected due to content restrictions: looks like SPAM', 'spam-content'],
  ['552 5.2.0 This message has been rejected because it contains a virus: Win.Trojan', 'virus'],
  ['552 5.3.4 Message size exceeds file size limit of 20480000', 'message-too-large'],
  ['550 5.1.8 Sender address rejected: Domain not found', 'sender-rejected'],
  ['553 5.1.7 <news@>: invalid sender address', 'sender-rejected'],
  ['550 relay not permitted', 'relay-denied'],
  ['554 5.7.1 Relaying denied. Proper authentication required.', 'relay-denied'],
  ['554 5.4.14 Hop count exceeded - possible mail loop', 'network'],
  ['421 4.4.2 Connection timed out', 'network'],
  ['500 5.5.1 Command unrecognized', 'protocol'],
  ['451 4.3.0 Internal server error', 'system'],
  ['451 4.3.2 System not accepting network messages, shutting down', 'system'],
  ['554 5.6.0 Message is not RFC 2822 compliant', 'content'],
  ['530 5.7.0 Must issue STARTTLS first', 'tls'],
  ['550 5.7.1 Rejected by policy', 'policy'],
  ['535 5.7.8 Authentication credentials invalid', 'policy'],
  ['550', 'unclassified'],
  ['', 'unclassified'],
];

test('answers of receivers get their class', () => {
  for (const [reply, expected] of ANSWERS) assert.equal(classifyReply(reply).class, expected, reply);
});

test('no answer that speaks of the sender holds an address, even when it also speaks of the recipient', () => {
  const replies = [
    '550 5.1.1 <user@example.com>: Recipient address rejected: your IP is blocked',
    '550 5.1.1 User unknown; message looks like spam',
    '550 No such user here, or you are blacklisted',
    '554 5.7.1 <user@example.com>: Recipient address rejected: Access denied, poor reputation',
    '550 5.2.1 Mailbox unavailable due to sender policy',
    '550 5.1.1 sender verify failed for user@example.com',
  ];
  for (const reply of replies) assert.equal(classifyReply(reply).suppress, false, reply);
  for (const rule of REPLY_RULES) {
    const { verdict } = explainReply(rule.sample);
    if (verdict.suppress) assert.equal(verdict.fault, 'recipient', rule.id);
  }
});

test('only permanent answers about the mailbox hold it', () => {
  assert.equal(classifyReply('550 5.1.1 user unknown').suppress, true);
  assert.equal(classifyReply('450 4.1.1 user unknown').suppress, false);
  assert.equal(classifyReply('550 5.2.1 mailbox disabled').suppress, true);
  assert.equal(classifyReply('552 5.2.2 mailbox full').suppress, false);
  assert.equal(classifyReply('550 5.1.2 host unknown').suppress, false);
  assert.deepEqual(verdictOf('complaint', { permanent: true }), {
    class: 'complaint',
    fault: null,
    bounceType: 'soft',
    hard: false,
    suppress: true,
  });
});

test('the stage settles what the words cannot', () => {
  // Nothing but the words: nothing speaks against them, but they hold nothing.
  for (const bare of ['550 user unknown', '550 Unknown user', '550 No such user.', '550 5.0.0 No such recipient'])
    assert.deepEqual(
      [classifyReply(bare).class, classifyReply(bare).hard, classifyReply(bare).suppress],
      ['invalid-recipient', true, false],
      bare,
    );
  assert.equal(classifyReply('550 user unknown', { stage: 'rcpt' }).suppress, true);
  assert.equal(classifyReply('550 user unknown', { stage: 'dot' }).class, 'recipient-filtered');
  const vague = '550 unknown user <user@example.com>';
  assert.deepEqual([classifyReply(vague).class, classifyReply(vague).suppress], ['recipient-filtered', false]);
  assert.deepEqual(
    [classifyReply(vague, { stage: 'rcpt' }).class, classifyReply(vague, { stage: 'rcpt' }).suppress],
    ['invalid-recipient', true],
  );
  assert.equal(classifyReply(vague, { stage: 'dot' }).suppress, false);
  assert.equal(classifyReply(`${vague} (in reply to RCPT TO command)`).class, 'invalid-recipient');
  assert.equal(classifyReply('550 5.1.1 user unknown', { stage: 'mail' }).class, 'sender-rejected');
  assert.equal(classifyReply('550 5.1.1 user unknown', { stage: 'connect' }).suppress, false);
  assert.equal(classifyReply('535 5.7.8 authentication failed', { stage: 'auth' }).class, 'operator');
});

test('codes are read from every form of reply, and IP addresses are no codes', () => {
  const cases: readonly (readonly [reply: string, code: string, enhanced: string])[] = [
    ['550-5.7.26 Unauthenticated email\n550-5.7.26 more\r\n550 5.7.26 last', '550', '5.7.26'],
    ['550-5.1.1 one\\n550 5.1.1 two', '550', '5.1.1'],
    ['554 IP 5.1.1.1 is listed', '554', ''],
    ['421 4.16.55.1 deferred', '421', ''],
    ['550 Unknown user . (#5.5.0) (Other MXes tried)', '550', '5.5.0'],
    ['smtp; 550 5.1.1 x', '550', '5.1.1'],
    ['5.2.2 full', '', '5.2.2'],
    ['no code at all', '', ''],
  ];
  for (const [reply, code, enhanced] of cases) {
    const text = readReplyText(reply);
    assert.deepEqual([text.code, text.enhanced], [code, enhanced], reply);
  }
});

test('addresses are never read as the words of the receiver', () => {
  assert.equal(classifyReply('550 5.1.1 <mailbox-full@spamhaus.example>: user unknown').class, 'invalid-recipient');
  assert.equal(classifyReply('452 4.2.2 <user-unknown@blacklist.example> mailbox full').class, 'mailbox-full');
});

test('the reply inside a longer diagnostic is what counts', () => {
  assert.equal(replyWithin('host mx.example.com[192.0.2.1] said: 550 5.1.1 no'), '550 5.1.1 no');
  assert.equal(replyWithin("5.1.0 - Unknown address error 550-'5.2.2 full'"), "550-'5.2.2 full'");
  assert.equal(replyWithin('nothing here'), 'nothing here');
  const answer = { status: '5.1.1', notice: '', failed: true };
  assert.equal(classifyAnswer({ ...answer, diagnostic: 'Remote host said: 552 5.2.2 Mailbox full' }).verdict.class, 'mailbox-full');
  assert.equal(classifyAnswer({ ...answer, diagnostic: '' }).verdict.class, 'invalid-recipient');
  assert.equal(classifyAnswer({ ...answer, status: '', diagnostic: '', notice: 'The mailbox is full.' }).verdict.class, 'mailbox-full');
});

test('a message that waits, ran out of time or met a program is told apart from a refusal', () => {
  const answer = { status: '', notice: '', failed: true };
  const cases: readonly (readonly [about: Parameters<typeof classifyAnswer>[0], expected: FeedbackClass])[] = [
    [{ ...answer, diagnostic: 'Connection timed out' }, 'network'],
    [{ ...answer, diagnostic: 'Connection timed out', failed: false }, 'expired'],
    [{ ...answer, diagnostic: 'Connection timed out', expired: true }, 'expired'],
    [{ ...answer, diagnostic: '', status: '4.4.1', failed: false }, 'expired'],
    [{ ...answer, diagnostic: '452 4.2.2 Mailbox full', failed: false }, 'mailbox-full'],
    [{ ...answer, diagnostic: '67', diagnosticType: 'x-unix' }, 'invalid-recipient'],
    [{ ...answer, diagnostic: '68', diagnosticType: 'x-unix' }, 'bad-domain'],
    [{ ...answer, diagnostic: '127', diagnosticType: 'x-unix', status: '5.3.0' }, 'system'],
    [{ ...answer, diagnostic: '192.0.2.1 does not like recipient. Remote host said: 550 5.2.1 User unknown' }, 'invalid-recipient'],
    [{ ...answer, diagnostic: '550 5.2.1 User unknown' }, 'recipient-filtered'],
    [{ ...answer, diagnostic: 'host mx.example.com refused to talk to me: 421 Service not available' }, 'ip-reputation'],
  ];
  for (const [about, expected] of cases) assert.equal(classifyAnswer(about).verdict.class, expected, JSON.stringify(about));
  assert.equal(classifyAnswer({ ...answer, diagnostic: '67', diagnosticType: 'x-unix' }).verdict.suppress, false);
});

test('any text gets a verdict, and hostile text gets it quickly', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (reply) => void classifyReply(reply)));
  const piece = fc.constantFrom(
    '550',
    ' 5.1.1',
    '-',
    '\n',
    'user ',
    'unknown',
    '@',
    '<',
    '.',
    'spf',
    ' not ',
    'exceed',
    'mail',
    'sender ',
    'address ',
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 300 }), (pieces) => void explainReply(pieces.join(''))));
  for (const unit of ['user ', 'sender address ', 'a@', '@', '550-', '5.1.1 ', 'exceed ', 'not ', ' ', '((', 'mailbox quota ', 'spf ']) {
    explainReply(unit.repeat(200_000));
    replyWithin(unit.repeat(200_000));
  }
});

// ── the corpus ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
const CORPUS = new URL('../../../shared/corpus/smtp-replies/replies.jsonl', import.meta.url);
const skip = existsSync(CORPUS) ? false : 'the corpus of SMTP replies is not beside this checkout';
/** Classes whose fault is not the recipient's: an answer of these must never hold an address. */
const SENDER_SIDE = new Set(
  Object.entries(CLASS_FAULT).flatMap(([name, fault]) => (fault === 'recipient' || fault === 'receiver' ? [] : [name])),
);

test('the corpus of replies: class ≥ 88 %, hard/soft/block ≥ 94 %, no sender-fault reply holds an address', { skip }, (context) => {
  const rows: { reply: string; class: string; bounce_type: string }[] = readFileSync(CORPUS, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  let classes = 0;
  let types = 0;
  const wronglyHeld: string[] = [];
  for (const row of rows) {
    const verdict = classifyReply(row.reply);
    if (verdict.class === row.class) classes += 1;
    if (verdict.bounceType === row.bounce_type) types += 1;
    if (verdict.suppress && SENDER_SIDE.has(row.class)) wronglyHeld.push(row.reply);
  }
  context.diagnostic(`${rows.length} replies: class ${percent(classes, rows.length)}, hard/soft/block ${percent(types, rows.length)}`);
  assert.deepEqual(wronglyHeld, []);
  assert.ok(classes / rows.length >= 0.88);
  assert.ok(types / rows.length >= 0.94);
});

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

/** Words of an unknown user or host that are about the sender, a header, a link, a log-in, a filter, or the moment. */
const NOT_ABOUT_THE_ADDRESS: readonly string[] = [
  '550 5.7.1 <member@club.example>: Recipient address rejected: Access denied',
  '450 4.7.1 <member@club.example>: Recipient address rejected: Service is unavailable',
  '550 5.1.1 <member@club.example>: Recipient address rejected: Mailbox is over quota',
  '450 4.2.0 mailbox temporarily unavailable',
  '450 4.2.1 <member@club.example> mailbox busy, try again',
  '550 5.4.316 Message expired, connection refused(Socket error code 10061)',
  '451 4.1.2 temporary DNS failure while looking up recipient domain',
  '550 unable to verify recipient, try again later',
  '451 4.3.0 user lookup error',
  '450 4.1.1 recipient lookup failed temporarily',
  '421 4.3.0 user database unavailable',
  '550 invalid HELO name',
  '550 invalid sender domain',
  '550 unknown client host',
  '554 5.5.0 invalid message content',
  '550 too many invalid recipients',
  '450 4.5.3 too many unknown users',
  '550 user does not want to receive mail from you',
  '550 5.7.1 recipient does not accept messages from news@verein.example',
  '550 no valid DKIM signature found',
  '550 unknown domain in From header',
  '550 sender address does not exist',
  '550 5.1.8 unknown sender domain',
  '550 5.7.1 host not found in DNS for 192.0.2.1',
  '550 5.7.27 sender domain has null MX',
  '554 5.1.8 Domain does not exist: verein.example (envelope sender)',
  '550 Reverse DNS host not found',
  '550 the recipient server does not accept our requests to connect',
  '550 5.2.0 mailbox access failure',
  '451 4.2.0 Mailbox not available, being migrated',
  '550 5.3.2 system does not exist in routing table, contact admin',
  '550 5.7.1 Message rejected due to unknown user agent',
  '554 5.7.1 account has been used to send spam; your account is unknown',
  '550 5.7.1 [R2] recipient member@club.example does not have a policy that allows this',
  '550 5.7.1 message to unknown users limit reached, too many bad recipients from 192.0.2.1',
  '550 Callback verification of sender failed: no such user',
  '550 Requested action not taken: mailbox unavailable, IP blocked by spamhaus',
  '554 5.7.1 <news@verein.example>: Sender address rejected: unverified address: user unknown',
  '450 4.1.8 <news@verein.example>: Sender address rejected: Domain not found',
  '554 mail from news@verein.example not accepted: no such user',
  '550 5.0.0 Access restricted to known users',
  '550 recipient server is configured to reject unknown senders',
  '554 5.7.0 recipient blocked your message, unknown reason',
  '550 5.7.1 Unknown or unauthenticated sender',
  '552 5.2.3 message exceeds recipient maximum',
  '550 5.6.0 invalid recipient header (To: malformed)',
  '550 5.7.1 invalid recipient of list: only subscribers may post',
  '550 5.7.1 user not authorized to send to this group',
  '550 list is closed; not a member',
  '550 5.2.1 user has reached the hourly limit of messages',
  '550 5.1.1 Mailbox storage limit reached; user unknown to quota service',
  '550 5.7.1 the address is protected by spam filter, recipient unknown to our whitelist',
  '421 4.4.5 unknown user error while connecting to backend',
  'Delivery delayed: mailbox temporarily not found, will retry',
  '550 5.1.0 sender denied',
  '550 5.1.0 Sender unknown',
  '550 5.1.0 news@verein.example sender rejected',
  '550 5.7.1 no such domain in SPF include',
  '554 5.7.1 URL not found or unknown host in message body',
  '550 Message contains unknown host names, looks like spam',
  '550 5.4.6 routing loop detected for unknown user',
  '550 5.1.2 DNS query failed: server failure for domain',
  'Name server: club.example.: host name lookup failure',
  '550 5.4.4 unable to route: no mail hosts for domain, temporary failure',
  '550 recipient unavailable during maintenance',
  '450 recipient unknown, greylisted, come back in 5 minutes',
  '450 4.1.1 unknown user, temporary database error',
  '550 your account does not exist on this relay',
  '550 5.7.1 Authentication required: user not found',
  '535 5.7.8 user unknown',
  '550 no such user - authentication failed',
];

test('no answer that speaks of something else, or of the moment, ends or holds an address', () => {
  for (const reply of NOT_ABOUT_THE_ADDRESS) {
    const answer = classifyAnswer({ diagnostic: reply, status: '', notice: '', failed: true });
    for (const { verdict, rule } of [explainReply(reply), answer]) {
      const said = [reply, verdict.class, rule].join(' · ');
      assert.ok(!verdict.hard && !verdict.suppress && verdict.bounceType !== 'hard', said);
    }
  }
});
