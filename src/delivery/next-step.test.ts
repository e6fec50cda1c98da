import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NextStep, nextStep, type StepFacts } from './next-step.ts';
import type { Outcome } from './provider.ts';
import { RETRY_LADDERS } from './retry.ts';

const FACTS: StepFacts = {
  attempts: 0,
  ladder: RETRY_LADDERS.transactional,
  bornMs: 0,
  nowMs: 1_000,
  random: 0.5,
  anotherRoute: false,
  elsewhere: false,
  deliveryEvents: true,
  accountInTrouble: false,
};
const refused = (cls: (Outcome & { kind: 'refused' })['class'], more: { lasting?: true } = {}): Outcome => ({
  kind: 'refused',
  reply: '550 no',
  class: cls,
  suppress: false,
  ...more,
});

const rows: readonly [string, Outcome, Partial<StepFacts>, Pick<NextStep, 'state' | 'event' | 'reason'>][] = [
  [
    'our account is suspended: it waits, and says that it is ours',
    { kind: 'not_sent', reply: 'suspended' },
    { accountInTrouble: true },
    { state: 'queued', event: 'requeued', reason: 'operator' },
  ],
  [
    'a kept connection was closed: it goes again',
    { kind: 'not_sent', reply: 'closed' },
    {},
    { state: 'queued', event: 'requeued', reason: 'not-sent' },
  ],
  [
    'our account is not set up for it: it waits for us',
    refused('operator'),
    {},
    { state: 'deferred', event: 'deferred', reason: 'operator' },
  ],
  [
    'our account is not set up for it, another is: it goes there',
    refused('operator'),
    { anotherRoute: true },
    { state: 'queued', event: 'rerouted', reason: 'operator' },
  ],
  [
    'no account will ever carry it: it fails',
    refused('operator', { lasting: true }),
    {},
    { state: 'failed', event: 'failed', reason: 'operator' },
  ],
  [
    'it waited for us until its lifetime was over',
    refused('operator'),
    { nowMs: 24 * 3_600_000 },
    { state: 'expired', event: 'expired', reason: 'expired' },
  ],
  [
    'a listed IP, another account: it goes there',
    refused('ip-reputation'),
    { anotherRoute: true },
    { state: 'queued', event: 'rerouted', reason: 'ip-reputation' },
  ],
  [
    'a listed IP, no other account: the refusal stands',
    refused('ip-reputation'),
    {},
    { state: 'failed', event: 'failed', reason: 'ip-reputation' },
  ],
  [
    'a wrong address fares no better elsewhere',
    refused('invalid-recipient'),
    { anotherRoute: true },
    { state: 'bounced', event: 'bounced', reason: 'invalid-recipient' },
  ],
  [
    'bad content fares no better elsewhere',
    refused('spam-content'),
    { anotherRoute: true },
    { state: 'failed', event: 'failed', reason: 'spam-content' },
  ],
];

for (const [what, outcome, change, expected] of rows) {
  test(what, () => {
    const { state, event, reason, suppress } = nextStep(outcome, { ...FACTS, ...change });
    assert.deepEqual({ state, event, reason }, expected);
    assert.equal(suppress, false);
  });
}

test('what never reached the wire takes another route at once where the router has one, and else comes back within seconds', () => {
  const notSent: Outcome = { kind: 'not_sent', reply: 'connect ECONNREFUSED' };
  assert.equal(nextStep(notSent, { ...FACTS, elsewhere: true }).dueAtMs, FACTS.nowMs);
  for (const random of [0, 0.999]) {
    const { dueAtMs } = nextStep(notSent, { ...FACTS, random });
    assert.ok(dueAtMs !== null && dueAtMs >= FACTS.nowMs + 1_000 && dueAtMs <= FACTS.nowMs + 5_000, String(dueAtMs));
  }
});
