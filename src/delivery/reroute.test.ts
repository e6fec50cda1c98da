import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStaleReport, REROUTES_MAX, type RefusalFacts, whyRefusalStands } from './reroute.ts';
import { MARKS } from './states.ts';

const A = 'account-a';
const B = 'account-b';

/** A proven sender block of account A, a minute after the only hand-over. */
const BLOCKED: RefusalFacts = {
  fault: 'sender-reputation',
  words: '554 5.7.1 client host blocked using dnsbl.example',
  trusted: true,
  state: 'handed_over',
  marks: 0,
  accountId: A,
  handOvers: [{ accountId: A }],
  gaveBack: [],
  byMail: false,
  domainAuthenticated: true,
  ageMs: 60_000,
  lifetimeMs: 3_600_000,
};

const rows: readonly [string, Partial<RefusalFacts>, RegExp | null][] = [
  ['our IP is listed', {}, null],
  ['our account at the provider is in trouble', { fault: 'operator', words: 'sending domain not configured' }, null],
  ['a route does not prove a domain whose records are right', { fault: 'authentication' }, null],
  ['the records of the domain are wrong', { fault: 'authentication', domainAuthenticated: false }, /every route/],
  ['the mailbox does not exist', { fault: 'recipient' }, /no better/],
  ['the content is refused', { fault: 'content' }, /no better/],
  ['a policy of the receiver', { fault: 'policy' }, /no better/],
  ['nobody knows whose turn it is', { fault: null }, /no better/],
  ['somebody cancelled it at the provider', { fault: 'operator', words: 'rejected NotDeliveredCancelled' }, /on purpose/],
  ['the provider says the person opted out', { fault: 'operator', words: 'recipient has unsubscribed' }, /on purpose/],
  ['anybody could have sent the report', { trusted: false }, /anybody/],
  ['it was reported delivered before', { state: 'delivered' }, /not open/],
  ['it waits for another try', { state: 'queued' }, /not open/],
  ['its first copy is in doubt', { state: 'uncertain' }, /not open/],
  ['its bounce is settled', { state: 'bounced' }, /not open/],
  ['it was taken back', { state: 'cancelled' }, /not open/],
  ['its lifetime is over', { ageMs: 3_600_001 }, /lifetime/],
  ['it was resent after a doubt', { marks: MARKS.resent }, /twice/],
  ['an earlier hand-over elsewhere was never answered', { handOvers: [{ accountId: B }, { accountId: A }] }, /another copy/],
  ['the only open hand-over is that of another account', { handOvers: [{ accountId: B }] }, /another account/],
  ['the same account took it twice', { handOvers: [{ accountId: A }, { accountId: A }] }, /another copy/],
  ['the account cannot be told', { accountId: null }, /nobody can tell/],
  ['B refuses what A gave back', { accountId: B, handOvers: [{ accountId: A }, { accountId: B }], gaveBack: [A] }, null],
  [
    'a status mail after an earlier reroute may be the first one’s',
    { accountId: B, handOvers: [{ accountId: A }, { accountId: B }], gaveBack: [A], byMail: true },
    /earlier hand-over/,
  ],
  ['enough accounts were tried', { gaveBack: Array.from({ length: REROUTES_MAX }, (_, n) => `account-${n}`) }, /enough/],
];

for (const [what, change, stands] of rows) {
  test(`${what}: ${stands === null ? 'another route takes it' : 'the refusal stands'}`, () => {
    const because = whyRefusalStands({ ...BLOCKED, ...change });
    if (stands === null) assert.equal(because, null);
    else assert.match(because ?? 'it was rerouted', stands);
  });
}

test('a report of an account that gave the recipient back already says nothing about where it is now', () => {
  const report = { accountId: A, byMail: false, gaveBack: [A], state: 'handed_over' } as const;
  assert.equal(isStaleReport(report), true);
  assert.equal(isStaleReport({ ...report, accountId: B }), false);
  assert.equal(isStaleReport({ ...report, gaveBack: [] }), false);
});

test('a status mail that repeats itself while the recipient waits for its next route is stale', () => {
  const report = { accountId: null, byMail: true, gaveBack: [A], state: 'queued' } as const;
  assert.equal(isStaleReport(report), true);
  assert.equal(isStaleReport({ ...report, state: 'handed_over' }), false, 'the next account may have refused it too');
});
