import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseOf, clearedKeys, type SeenAnswer } from './sightings.ts';

const ANSWER: SeenAnswer = {
  tenantId: 't',
  recipientId: 'r',
  messageId: 'm',
  type: 'bounced',
  fault: 'sender-reputation',
  class: 'ip-reputation',
  reply: '554 5.7.1 blocked',
  signal: null,
  accountId: 'a',
  poolId: 'p',
  mailboxProvider: 'google',
  fromDomain: 'club.test',
  atMs: 0,
};

const rows: readonly [string, Partial<SeenAnswer>, string | null, string | null][] = [
  ['a listed IP is a matter of account, pool and receiver', {}, 'ip-blocked/a/p/google', null],
  ['a rerouted one as well', { type: 'rerouted' }, 'ip-blocked/a/p/google', null],
  ['without an account nothing can be said', { accountId: null }, null, null],
  ['a domain whose records fail is its organisation’s', { fault: 'authentication' }, 'authentication/t/club.test', 't'],
  ['an account in trouble', { fault: 'operator', type: 'requeued' }, 'account/a', null],
  ['a receiver that slows us down', { fault: 'capacity', type: 'deferred' }, 'capacity/a/google', null],
  ['a refused mailing is its organisation’s', { fault: 'content' }, 'content/m', 't'],
  ['content that is only put off', { fault: 'content', type: 'deferred' }, null, null],
  ['a wrong address is nobody’s incident', { fault: 'recipient' }, null, null],
  ['a receiver that is away', { fault: 'receiver', type: 'deferred' }, null, null],
  ['an answer without a fault', { fault: null }, null, null],
  ['good news', { type: 'delivered', fault: null }, null, null],
];

for (const [what, change, key, tenantId] of rows) {
  test(`${what}: ${key ?? 'no case'}`, () => {
    const found = caseOf({ ...ANSWER, ...change });
    assert.equal(found?.subject.key ?? null, key);
    assert.equal(found?.subject.tenantId ?? null, tenantId);
  });
}

test('a good answer speaks for every case it would have shown', () => {
  assert.deepEqual(clearedKeys({ ...ANSWER, type: 'delivered', fault: null }), [
    'ip-blocked/a/p/google',
    'authentication/t/club.test',
    'account/a',
    'capacity/a/google',
    'content/m',
  ]);
  assert.deepEqual(clearedKeys(ANSWER), []);
});

test('only the provider’s own word about the account leaves no doubt', () => {
  const sure = (change: Partial<SeenAnswer>) => caseOf({ ...ANSWER, fault: 'operator', type: 'requeued', ...change })?.sighting.sure;
  assert.equal(sure({ signal: 'suspended' }), true);
  assert.equal(sure({ signal: 'unreachable' }), false);
  assert.equal(sure({}), false);
});
