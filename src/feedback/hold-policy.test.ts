import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkHoldPolicy, DEFAULT_HOLD_POLICY, type HoldRule, isHoldClass, mayHold } from './hold-policy.ts';
import { CLASS_FAULT } from './vocabulary.ts';

const RULE: HoldRule = { classes: ['mailbox-full'], failures: 3, overDays: 14, holdDays: 30, streams: 'bulk', doubles: true };

test('the default passes its own check and stays as it is', () => {
  const checked = checkHoldPolicy(DEFAULT_HOLD_POLICY.rules);
  assert.ok(checked.ok);
  assert.deepEqual(checked.policy, DEFAULT_HOLD_POLICY);
});

test('only classes of recipient and receiver fault, complaints and unsubscriptions may hold', () => {
  for (const [cls, fault] of Object.entries(CLASS_FAULT)) {
    assert.ok(isHoldClass(cls));
    assert.equal(mayHold(cls), fault === 'recipient' || fault === 'receiver' || cls === 'complaint', cls);
  }
  assert.ok(mayHold('unsubscribed'));
});

const REFUSED: readonly (readonly [string, Partial<HoldRule>, RegExp])[] = [
  ['our reputation', { classes: ['ip-reputation'] }, /ip-reputation never holds an address: .*our fault/],
  ['content', { classes: ['spam-content'] }, /never holds an address: .*the mail/],
  ['policy', { classes: ['recipient-filtered'] }, /never holds/],
  ['authentication', { classes: ['auth-failure'] }, /never holds .*DNS/],
  ['capacity', { classes: ['rate-limited'] }, /never holds .*pace/],
  ['operator', { classes: ['operator'] }, /never holds .*account/],
  ['an auto-reply', { classes: ['auto-reply'] }, /never holds .*away/],
  ['a weaker complaint', { classes: ['complaint'], holdDays: 30, failures: 1, overDays: 0 }, /person's wish/],
  ['one failure of a receiver', { classes: ['network'], failures: 1, overDays: 0 }, /receiver's fault/],
  ['a span of one', { failures: 1, overDays: 2 }, /no span/],
  ['no class', { classes: [] }, /at least one class/],
  ['too many failures', { failures: 100 }, /failures is/],
  ['half a failure', { failures: 1.5 }, /failures is/],
  ['a hold of no days', { holdDays: 0 }, /hold_days is/],
];

test('what no policy may say is refused with a sentence', async (t) => {
  for (const [what, change, expected] of REFUSED) {
    await t.test(what, () => {
      const checked = checkHoldPolicy([{ ...RULE, ...change }]);
      assert.ok(!checked.ok);
      assert.equal(checked.field, 'rules[0]');
      assert.match(checked.sentence, expected);
    });
  }
  const twice = checkHoldPolicy([RULE, RULE]);
  assert.ok(!twice.ok && /two rules/.test(twice.sentence) && twice.field === 'rules[1]');
});

test('wishes that a policy leaves out stay', () => {
  const checked = checkHoldPolicy([RULE]);
  assert.ok(checked.ok);
  assert.deepEqual(checked.policy.rules[0]?.classes, ['complaint', 'unsubscribed']);
  assert.equal(checked.policy.rules.length, 2);
});
