// This file checks the operator's own rules: the pattern language, the refusals, and that they are asked before ours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { classifyAnswer, explainReply } from './classify.ts';
import { readFeedbackMail } from './from-mail.ts';
import { PATTERN_CHARS_MAX, readPattern } from './own-rules/pattern.ts';
import { compileOwnRules, OWN_RULES_MAX, type OwnRule } from './own-rules.ts';

function rule(change: Partial<OwnRule>): OwnRule {
  return {
    id: 'moon',
    class: 'system',
    patterns: ['moon phase'],
    codes: [],
    domains: [],
    stages: [],
    suppress: true,
    sample: '550 5.7.1 moon phase not right',
    note: '',
    ...change,
  };
}

const MATCHES: readonly (readonly [pattern: string, words: string, expected: boolean])[] = [
  ['mailbox full', 'the mailbox full today', true],
  ['Mailbox  FULL', 'the mailbox full today', true],
  ['mailbox full', 'the mailbox fully booked', false],
  ['mailbox * full', 'mailbox of addr is full', true],
  ['mailbox * full', 'mailbox full', true],
  ['mailbox * full', `mailbox ${'x'.repeat(61)} full`, false],
  ['suspend*', 'account suspended', true],
  ['suspend *', 'account suspended', false],
  ['*listed by us', 'blacklisted by us', true],
  ['over quota|mailbox full', 'user over quota', true],
  ['(mailbox|inbox) is (full|stuffed)', 'your inbox is stuffed', true],
  ['(mailbox|inbox) is (full|stuffed)', 'your outbox is stuffed', false],
  ['50 \\* 2 limit', 'the 50 * 2 limit', true],
  ['a b c d * e f g h * i j k l', 'a b c d e f g h i j k l', true],
  ['first * second', 'second then first', false],
  ['first * second', 'first and first again and then a second one', true],
  ['postfach ist voll', 'ihr postfach ist voll.', true],
];

test('patterns are words with bounded gaps and alternatives', () => {
  for (const [pattern, words, expected] of MATCHES) {
    const read = readPattern(pattern);
    assert.ok(read.ok, pattern);
    assert.equal(read.pattern.test(words), expected, `${pattern} in ${words}`);
  }
});

test('patterns that say too little, or nothing that can be read, are refused with a reason', () => {
  const WRONG: readonly (readonly [pattern: string, why: RegExp])[] = [
    ['*', /too little/],
    ['a * b', /too little/],
    ['mailbox full|x', /too little/],
    ['(full', /no "\)"/],
    ['full)', /no "\("/],
    ['mailbox ((full))', /Parentheses|no "\("/],
    ['(mail*box) full', /Parentheses/],

    ['user@example.com unknown', /addr/],
    ['x'.repeat(PATTERN_CHARS_MAX + 1), /longer/],
    [Array.from({ length: 7 }, () => '(aa|bb)').join(' '), /64 texts/],
    [Array.from({ length: 12 }, () => 'word').join(' * '), /gaps/],
  ];
  for (const [pattern, why] of WRONG) {
    const read = readPattern(pattern);
    assert.match(read.ok ? 'it was read' : read.why, why, pattern);
  }
});

test('any text is a pattern or a refusal, and no pattern fails on any words', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'bc', ' ', '*', '|', '(', ')', '\\', 'ü') }), fc.string(), (pattern, words) => {
      const read = readPattern(pattern);
      if (read.ok) assert.equal(typeof read.pattern.test(words), 'boolean');
    }),
  );
});

test('own rules are asked before ours, by code, domain and stage, and never hold before a recipient was named', () => {
  const own = compileOwnRules([
    rule({ id: 'by-code', class: 'inactive-mailbox', patterns: ['no such user'], codes: ['5.7.99'], sample: '550 5.7.99 No such user' }),
    rule({
      id: 'by-domain',
      class: 'greylist',
      patterns: ['user unknown'],
      domains: ['club.example'],
      sample: '550 5.1.1 <a@mx.club.example> user unknown',
    }),
    rule({ id: 'by-stage', class: 'invalid-recipient', patterns: ['go away'], stages: ['mail', 'rcpt'], sample: '550 go away' }),
  ]);
  const say = (reply: string, stage?: 'mail' | 'rcpt' | 'dot') => {
    const { rule: decided, verdict } = explainReply(reply, { own, ...(stage ? { stage } : {}) });
    return [decided, verdict.class, verdict.suppress];
  };
  assert.deepEqual(say('550 5.7.99 No such user here'), ['own/by-code', 'inactive-mailbox', true]);
  assert.equal(say('550 5.1.1 No such user here')[1], 'invalid-recipient');
  assert.deepEqual(say('550 5.1.1 <x@club.example>: user unknown'), ['own/by-domain', 'greylist', false]);
  assert.equal(say('550 5.1.1 <x@other.example>: user unknown')[1], 'invalid-recipient');
  assert.deepEqual(say('550 go away', 'rcpt'), ['own/by-stage', 'invalid-recipient', true]);
  assert.deepEqual(say('550 go away', 'mail'), ['own/by-stage', 'invalid-recipient', false]);
  assert.notEqual(say('550 go away', 'dot')[0], 'own/by-stage');
  const answer = { diagnostic: 'host mx said: 550 5.7.99 no such user', status: '', notice: '', failed: true };
  assert.equal(classifyAnswer(answer, own).rule, 'own/by-code');
  const mail = `From: MAILER-DAEMON@x.example\nSubject: failure notice\n\nHi. This is the qmail-send program at x.example.\n\n<a@club.example>:\nRemote host said: 550 <a@club.example> user unknown\n`;
  assert.equal(readFeedbackMail(Buffer.from(mail), own).recipients[0]?.rule, 'own/by-domain');
});

test('rules that are wrong are refused as a whole, and the refusal names rule and field', () => {
  const WRONG: readonly (readonly [rules: readonly OwnRule[], field: string])[] = [
    [[rule({ id: 'Not Good' })], 'rules[0].id'],
    [[rule({}), rule({ sample: '550 moon phase' })], 'rules[1].id'],
    [[rule({ class: 'complaint' })], 'rules[0].class'],
    [[rule({ patterns: [] })], 'rules[0].patterns'],
    [[rule({ patterns: ['moon phase', '*'] })], 'rules[0].patterns[1]'],
    [[rule({ codes: ['5.7'] })], 'rules[0].codes[0]'],
    [[rule({ sample: '550 sun' })], 'rules[0].sample'],
    [[rule({}), rule({ id: 'later', sample: '550 moon phase again' })], 'rules[1].sample'],
    [Array.from({ length: OWN_RULES_MAX + 1 }, (_, n) => rule({ id: `r${n}` })), 'rules'],
  ];
  for (const [rules, field] of WRONG) assert.throws(() => compileOwnRules(rules), { code: 'FEEDBACK_RULE_INVALID', field });
});
