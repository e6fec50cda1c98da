import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CLASS_FAULT } from '../../feedback/vocabulary.ts';
import { judge, judgeOpening, type OpeningStage, type TransactionStage } from './outcome.ts';

const CORPUS = new URL('../../../../shared/corpus/smtp-replies/replies.jsonl', import.meta.url);

const codeOf = (reply: string) => Number(reply.slice(0, 3));

/** Outcome kind, class where it has one, signal where there is one. */
function short(stage: TransactionStage, reply: string): string {
  const { outcome, account } = judge(stage, codeOf(reply), reply);
  const named = outcome.kind === 'refused' || outcome.kind === 'deferred' ? ` ${outcome.class}` : '';
  return `${outcome.kind}${named}${account === undefined ? '' : ` + ${account.kind}`}`;
}

describe('judging a reply', () => {
  const table: readonly (readonly [stage: TransactionStage, reply: string, expected: string])[] = [
    ['dot', '250 2.0.0 Ok: queued as 4XyZ', 'handed_over'],
    ['dot', '354 go on', 'unknown'],
    ['mail', '354 go on', 'not_sent'],
    ['data', '250 Ok', 'not_sent'],
    ['mail', '530 5.7.0 Authentication required', 'not_sent + misconfigured'],
    ['mail', '530 5.7.0 Must issue a STARTTLS command first', 'not_sent + misconfigured'],
    ['rcpt', '535 5.7.8 Error: authentication failed', 'not_sent + misconfigured'],
    ['mail', '550 5.7.1 <a@b.example>: Sender address rejected: not owned by user club', 'refused sender-rejected'],
    ['mail', '550 5.1.1 User unknown', 'refused sender-rejected'],
    ['mail', '553 5.7.1 sorry', 'refused policy'],
    ['mail', '552 5.3.4 Message size exceeds fixed limit', 'refused message-too-large'],
    ['mail', '452 4.3.1 Insufficient system storage', 'deferred system'],
    ['rcpt', '550 5.1.1 <x@y.example>: Recipient address rejected: User unknown in virtual mailbox table', 'refused invalid-recipient'],
    ['rcpt', '554 5.7.1 <x@y.example>: Relay access denied', 'refused relay-denied'],
    ['rcpt', '452 4.2.2 The email account that you tried to reach is over quota.', 'deferred mailbox-full'],
    ['rcpt', '552 5.2.2 <x@y.example>: user is over quota', 'refused mailbox-full'],
    ['rcpt', '450 4.2.1 The user you are trying to contact is receiving mail too quickly.', 'deferred rate-limited'],
    ['rcpt', '452 4.5.3 Error: too many recipients', 'deferred rate-limited'],
    ['rcpt', '421 4.4.2 mail.example Error: timeout exceeded', 'deferred network'],
    ['mail', '421 4.7.0 mail.example Error: too many messages, slow down', 'deferred rate-limited + throttled'],
    ['data', '454 4.7.0 Throttling failure: Maximum sending rate exceeded.', 'deferred rate-limited + throttled'],
    ['data', '454 4.7.0 Throttling failure: Daily message quota exceeded.', 'deferred operator + quota'],
    ['rcpt', '550 5.4.5 Daily SMTP relay limit exceeded for user.', 'deferred operator + quota'],
    ['mail', '550 5.4.5 Daily user sending quota exceeded', 'deferred operator + quota'],
    ['mail', '550 5.7.1 Account club has been suspended', 'not_sent + suspended'],
    ['dot', '554 5.7.1 Sending is paused for your domain', 'not_sent + suspended'],
    ['rcpt', '550 5.2.1 The email account that you tried to reach is disabled.', 'refused inactive-mailbox'],
    ['dot', '554 5.7.1 Message rejected: looks like spam', 'refused spam-content'],
    ['dot', '452 4.3.1 Insufficient system storage', 'deferred system'],
    ['dot', '552 5.3.4 Message too big', 'refused message-too-large'],
  ];
  for (const [stage, reply, expected] of table) it(`${stage}: ${reply} → ${expected}`, () => assert.equal(short(stage, reply), expected));

  const greylists: readonly (readonly [reply: string, retryAfterMs: number | undefined])[] = [
    ['450 4.2.0 <x@y.example>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/y.example.html', undefined],
    ['450 4.7.1 <x@y.example>: Recipient address rejected: Greylisting in action, please come back later', undefined],
    ['451 4.7.1 Greylisting in action, please come back in 00:04:59', 299_000],
    ['450 4.2.0 Greylisted, try again in 300 seconds', 300_000],
    ['451 4.7.1 Greylisted for 5 minutes', 300_000],
    ['451 4.7.1 Please try again in 1 hour', 3_600_000],
    ['450 4.2.0 Greylisted, try again in 999999 hours', 24 * 3_600_000],
  ];
  for (const [reply, retryAfterMs] of greylists) {
    it(`waits ${retryAfterMs ?? 'as long as the ladder says'} after ${JSON.stringify(reply)}`, () => {
      const { outcome, account } = judge('rcpt', codeOf(reply), reply);
      assert.ok(outcome.kind === 'deferred');
      assert.equal(outcome.retryAfterMs, retryAfterMs);
      assert.equal(account, undefined, 'greylisting is about this recipient');
    });
  }

  it('holds an address only for what was said about the address', () => {
    const unknown = '550 5.1.1 User unknown';
    const suppress = (stage: TransactionStage) => {
      const { outcome } = judge(stage, 550, unknown);
      return outcome.kind === 'refused' && outcome.suppress;
    };
    assert.deepEqual([suppress('mail'), suppress('rcpt')], [false, true]);
  });

  it('stores no more of an endless reply than the first 2,000 characters', () => {
    const { outcome } = judge('dot', 554, `554 ${'x'.repeat(60_000)}`);
    assert.equal(outcome.reply.length, 2000);
  });

  it('never blames our account for what the corpus says about recipients', {
    skip: existsSync(CORPUS) ? false : 'the shared corpus is absent',
  }, () => {
    const rows = readFileSync(CORPUS, 'utf8').split('\n').filter(Boolean);
    let seen = 0;
    for (const row of rows) {
      // The corpus is our own fixture: each line holds these two fields.
      const { reply, class: expected } = JSON.parse(row) as { reply: string; class: keyof typeof CLASS_FAULT };
      if (CLASS_FAULT[expected] !== 'recipient' || !/^[45]\d\d/.test(reply)) continue;
      seen += 1;
      for (const stage of ['rcpt', 'dot'] as const) {
        const signal = judge(stage, codeOf(reply), reply).account?.kind;
        assert.ok(signal === undefined || signal === 'misconfigured', `${stage} ${reply} → ${signal}`);
      }
    }
    assert.ok(seen > 20);
  });
});

describe('judging the opening', () => {
  const table: readonly (readonly [stage: OpeningStage, reply: string, kind: string, signal: string])[] = [
    ['greeting', '421 4.3.2 Service shutting down', 'deferred', 'unreachable'],
    ['greeting', '421 4.7.0 Too many connections from your address', 'deferred', 'throttled'],
    ['greeting', '554 5.7.1 No SMTP service here', 'not_sent', 'misconfigured'],
    ['greeting', '454 4.7.0 TLS not available', 'deferred', 'unreachable'],
    ['auth', '454 4.7.0 Temporary authentication failure', 'deferred', 'unreachable'],
    ['auth', '454 4.7.0 Throttling failure: Daily message quota exceeded.', 'deferred', 'quota'],
    ['auth', '535 5.7.8 Authentication credentials invalid', 'not_sent', 'misconfigured'],
    ['auth', '534 5.7.9 Application-specific password required', 'not_sent', 'misconfigured'],
    ['auth', '538 5.7.11 Encryption required', 'not_sent', 'misconfigured'],
    ['auth', '550 5.7.1 Your account is disabled', 'not_sent', 'suspended'],
  ];
  for (const [stage, reply, kind, signal] of table) {
    it(`${stage}: ${reply} → ${kind}, ${signal}`, () => {
      const { outcome, account } = judgeOpening(stage, codeOf(reply), reply);
      assert.deepEqual([outcome.kind, account?.kind], [kind, signal]);
    });
  }
});
