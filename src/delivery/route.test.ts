// This file asks the router the questions that a decision is explained by: each answer has its code, what it speaks of, and its sentence; and what
// an organisation is shown of it names no account.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Capabilities } from './provider.ts';
import type { RewritingQuestion } from './rewriting-gate.ts';
import { decideRoute, type JudgementCode, type RouteCandidate, type RouteQuestion } from './route.ts';
import { decisionForTenant, eventDataForTenant } from './tenant-view.ts';

const CAPABILITIES = {
  needsAuthenticatedDomain: false,
  acceptsVerifiedAddress: false,
  sizeMaxBytes: null,
  // The router looks at no other capability.
} as Capabilities;
const CANDIDATE: RouteCandidate = {
  routeId: 7,
  accountId: 'id-of-backstairs',
  accountName: 'Backstairs',
  provider: 'sparkpost',
  pool: 'Backstairs pool',
  treatment: 'as-is',
  capabilities: CAPABILITIES,
  paused: false,
  health: 'well',
  healthReason: null,
  healthUntilMs: null,
};
const QUESTION: RouteQuestion = {
  stream: 'transactional',
  fromDomain: 'club.test',
  domainAuthenticated: true,
  freeMailbox: false,
  sizeBytes: 2_000,
  refusedBy: [],
  carries: () => null,
  nowMs: 1_000,
};

const ROWS: readonly [
  code: JudgementCode,
  candidate: Partial<RouteCandidate>,
  question: Partial<RouteQuestion>,
  facts: object,
  held: string | null,
][] = [
  ['chosen', {}, {}, {}, null],
  ['paused', { paused: true }, {}, {}, 'every-account-out'],
  ['refused-already', {}, { refusedBy: ['id-of-backstairs'] }, {}, 'every-account-out'],
  [
    'domain-not-authenticated',
    { capabilities: { ...CAPABILITIES, needsAuthenticatedDomain: true } },
    { domainAuthenticated: false },
    { domain: 'club.test' },
    'domain-not-authenticated',
  ],
  ['free-mailbox', {}, { freeMailbox: true, fromDomain: 'gmail.com' }, { domain: 'gmail.com' }, 'free-mailbox'],
  ['too-large', { capabilities: { ...CAPABILITIES, sizeMaxBytes: 1_000 } }, {}, { bytes: 2_000, bytesMax: 1_000 }, 'every-account-out'],
  ['cannot-carry', {}, { carries: () => 'sparkpost takes no such part.' }, {}, 'every-account-out'],
  [
    'unwell',
    { health: 'quota', healthReason: 'Backstairs is used up', healthUntilMs: 9_000 },
    {},
    { health: 'quota', words: 'Backstairs is used up' },
    null,
  ],
];

for (const [code, candidate, question, facts, held] of ROWS) {
  test(`a route that is ${code} says so in a code`, () => {
    const decision = decideRoute([{ ...CANDIDATE, ...candidate }], { ...QUESTION, ...question });
    const [judgement] = decision.judgements;
    assert.deepEqual([judgement?.code, judgement?.facts, decision.heldCode], [code, facts, held]);
    assert.equal(decision.heldBecause === null, held === null);
    const seen = JSON.stringify(decisionForTenant({ ...decision }));
    assert.ok(!/Backstairs|routeId/.test(seen), seen);
    assert.match(seen, new RegExp(`"code":"${code}"`));
  });
}

test('what comes after the chosen one names it to operators only, and a better way is named by code, domain and account', () => {
  const insists = {
    ...CANDIDATE,
    routeId: 1,
    accountName: 'Backstairs North',
    capabilities: { ...CAPABILITIES, needsAuthenticatedDomain: true },
  };
  const decision = decideRoute([insists, CANDIDATE, { ...CANDIDATE, routeId: 8, accountName: 'Third' }], {
    ...QUESTION,
    domainAuthenticated: false,
  });
  assert.deepEqual(
    decision.judgements.map(({ code }) => code),
    ['domain-not-authenticated', 'chosen', 'after-another'],
  );
  assert.deepEqual(decision.judgements[2]?.facts, { first: 'Backstairs' });
  assert.deepEqual([decision.betterCode, decision.facts], ['authenticate-domain', { domain: 'club.test', account: 'Backstairs North' }]);
  const seen = decisionForTenant({ ...decision });
  assert.ok(!JSON.stringify(seen).includes('Backstairs'), JSON.stringify(seen));
  assert.equal(seen?.['better'], 'Authenticate club.test (SPF and DKIM) and this mail can take a better way.');
});

const ANEW = 'maria@rowing-club.club-mail.test';
const REWRITING: RewritingQuestion = {
  possible: true,
  allowed: true,
  agreed: true,
  asIs: true,
  address: ANEW,
  organisation: 'Rowing Club',
  signedWith: null,
};
const TAKES_ADDRESSES = {
  ...CANDIDATE,
  routeId: 1,
  accountName: 'Backstairs Elastic',
  capabilities: { ...CAPABILITIES, acceptsVerifiedAddress: true },
};
const ANEW_ROUTE: RouteCandidate = { ...CANDIDATE, routeId: 2, treatment: 'rewritten' };
const FREE = { freeMailbox: true, fromDomain: 'gmail.com', domainAuthenticated: false };

// What is settled about a sender at a free mailbox → what becomes of its mail, among an account that takes addresses as they are (or none) and one that signs.
const SENDERS: readonly [
  why: string,
  rewriting: Partial<RewritingQuestion>,
  others: readonly RouteCandidate[],
  expected: { routeId: number | null; held: string | null; better: string | null; code: JudgementCode },
][] = [
  ['everybody agreed', {}, [TAKES_ADDRESSES], { routeId: 2, held: null, better: 'own-domain', code: 'rewritten' }],
  [
    'not agreed, but taken as it is',
    { agreed: false },
    [TAKES_ADDRESSES],
    { routeId: 1, held: null, better: 'agree-to-rewriting', code: 'rewriting-not-agreed' },
  ],
  [
    'not agreed',
    { agreed: false },
    [CANDIDATE],
    { routeId: null, held: 'rewriting-not-agreed', better: 'agree-to-rewriting', code: 'rewriting-not-agreed' },
  ],
  [
    'not allowed',
    { allowed: false },
    [CANDIDATE],
    { routeId: null, held: 'free-mailbox', better: 'allow-rewriting', code: 'rewriting-not-allowed' },
  ],
  [
    'signed',
    { signedWith: 'PGP' },
    [CANDIDATE],
    { routeId: null, held: 'signed-by-author', better: 'own-domain', code: 'signed-by-author' },
  ],
  [
    'signed, but taken as it is',
    { signedWith: 'S/MIME' },
    [TAKES_ADDRESSES],
    { routeId: 1, held: null, better: 'own-domain', code: 'signed-by-author' },
  ],
  [
    'as it is not allowed either',
    { allowed: false, asIs: false },
    [TAKES_ADDRESSES],
    { routeId: null, held: 'free-mailbox', better: 'allow-rewriting', code: 'rewriting-not-allowed' },
  ],
];

for (const [why, rewriting, others, expected] of SENDERS) {
  test(`a free mailbox, ${why}`, () => {
    const question = { ...QUESTION, ...FREE, rewriting: { ...REWRITING, ...rewriting } };
    const decision = decideRoute(expected.routeId === 2 ? [ANEW_ROUTE, ...others] : [...others, ANEW_ROUTE], question);
    assert.deepEqual(
      [
        decision.routeId,
        decision.heldCode,
        decision.betterCode,
        decision.judgements.find(({ treatment }) => treatment === 'rewritten')?.code,
      ],
      [expected.routeId, expected.held, expected.better, expected.code],
    );
    assert.equal(decision.rewrittenFrom, expected.routeId === 2 ? ANEW : undefined);
    const seen = decisionForTenant({ ...decision });
    assert.ok(!/Backstairs|routeId/.test(JSON.stringify(seen)), JSON.stringify(seen));
    assert.equal(seen?.['better'], decision.better, 'what is about From names no account');
  });
}

test('until the record of the rewriting key was seen, a decision does not say that receivers can prove the mail', () => {
  const decide = (keyUnseen: boolean) => decideRoute([ANEW_ROUTE], { ...QUESTION, ...FREE, rewriting: { ...REWRITING, keyUnseen } });
  assert.equal(decide(false).judgements[0]?.code, 'rewritten');
  const [unseen] = decide(true).judgements;
  assert.deepEqual(
    [unseen?.code, decide(true).routeId, decide(true).rewrittenFrom],
    ['rewritten-unseen', 2, ANEW],
    'it goes out all the same',
  );
  assert.match(unseen?.because ?? '', /receivers cannot prove this mail/);
  const shown = JSON.stringify(decisionForTenant({ ...decide(true) }));
  assert.match(shown, /cannot prove this mail/, 'organisations read it, too');
});

test('a free mailbox is never told to authenticate its domain', () => {
  const insists = { ...CANDIDATE, routeId: 3, capabilities: { ...CAPABILITIES, needsAuthenticatedDomain: true } };
  const decision = decideRoute([insists, TAKES_ADDRESSES], { ...QUESTION, ...FREE });
  assert.deepEqual([decision.routeId, decision.judgements[0]?.code, decision.betterCode], [1, 'free-mailbox', 'own-domain']);
});

test('without any account the way out is to add one', () => {
  const decision = decideRoute([], QUESTION);
  assert.equal(decision.heldCode, 'no-account');
  assert.match(decision.heldBecause ?? '', /Add one/);
});

test('a decision from before there were codes is shown without its sentences', () => {
  const old = {
    routeId: 3,
    waits: false,
    heldBecause: null,
    better: 'Authenticate club.test (SPF and DKIM) and this mail can take Backstairs.',
    judgements: [
      { routeId: 3, account: 'Backstairs', provider: 'smtp', pool: 'x', chosen: true, stoppedAt: null, because: 'Backstairs is first.' },
    ],
  };
  const seen = decisionForTenant(old);
  assert.ok(!JSON.stringify(seen).includes('Backstairs'), JSON.stringify(seen));
  assert.deepEqual(eventDataForTenant({ account: 'Backstairs', to: 'Backstairs', route: 3, reply: '250 ok' }), { reply: '250 ok' });
  assert.equal(decisionForTenant(null), null);
});

test('a route that the receiver refuses comes last, says so, and is taken when there is no other', () => {
  const dent = { because: 'Gmail: the IP of this account is refused since 2026-11-21 20:00 UTC.', incident: 'id-of-incident' };
  const refused = { ...CANDIDATE, routeId: 1, accountName: 'Backstairs North', dent };
  const passedOver = decideRoute([refused, CANDIDATE], QUESTION);
  assert.equal(passedOver.routeId, 7);
  assert.deepEqual(
    passedOver.judgements.map(({ code }) => code),
    ['ip-blocked', 'chosen'],
  );
  assert.equal(passedOver.judgements[0]?.because, `${dent.because} Backstairs takes it meanwhile.`);
  const alone = decideRoute([{ ...CANDIDATE, routeId: 9, paused: true }, refused], QUESTION);
  assert.equal(alone.routeId, 1);
  assert.equal(alone.judgements[1]?.code, 'only-way');
  const both = decideRoute([refused, { ...refused, routeId: 2 }], QUESTION);
  assert.equal(both.routeId, 1, 'of two that are refused the first in the order');
  for (const decision of [passedOver, alone]) {
    const seen = JSON.stringify(decisionForTenant({ ...decision }));
    assert.ok(!seen.includes('Backstairs') && !seen.includes('id-of-incident'), seen);
    assert.match(seen, /The receiver refuses this way/);
  }
});

test('where the domain asks receivers to act on mail that cannot be proven, ways that prove it come first, and none is refused for it', () => {
  const identity = {
    from: 'club.test',
    domain: 'club.test',
    policy: { p: 'reject' as const, adkim: 'relaxed' as const, aspf: 'relaxed' as const },
    signs: true,
    returnPathHost: null,
  };
  const byApi = { ...CANDIDATE, routeId: 1, accountId: 'id-of-api', accountName: 'Backstairs API' };
  const smarthost = { ...CANDIDATE, capabilities: { ...CAPABILITIES, preservesMime: true } };
  const codes = (question: Partial<RouteQuestion>) => {
    const { routeId, judgements, betterCode } = decideRoute([byApi, smarthost], { ...QUESTION, ...question });
    return [routeId, betterCode, ...judgements.map(({ code }) => code)].join(' ');
  };
  assert.equal(codes({}), '1  chosen after-another', 'nobody asks');
  assert.equal(codes({ identity }), '7 publish-records unproven chosen');
  assert.equal(
    codes({ identity, atAccounts: new Map([['id-of-api', true]]) }),
    '1  chosen after-another',
    'the account told that it signs',
  );
  assert.equal(codes({ identity: { ...identity, signs: false } }), '1 publish-records only-way-unproven after-another');
  assert.equal(codes({ identity: { ...identity, policy: { ...identity.policy, p: 'none' } } }), '1  chosen after-another');
  const seen = JSON.stringify(decisionForTenant({ ...decideRoute([byApi, smarthost], { ...QUESTION, identity }) }));
  assert.ok(!seen.includes('Backstairs'), seen);
  assert.match(seen, /another way can prove it/);
});

test('what a provider said about our account is not told to an organisation; what a receiver said is', () => {
  const ours = { class: 'operator', fault: 'operator', reply: '403 This account is suspended', signal: 'suspended', account: 'Backstairs' };
  assert.deepEqual(eventDataForTenant(ours), { class: 'operator', fault: 'operator' });
  const theirs = { class: 'mailbox-full', fault: 'recipient', reply: '452 4.2.2 mailbox full' };
  assert.deepEqual(eventDataForTenant(theirs), theirs);
});

test('a domain whose key was revoked takes a way that proves it by itself, and is held where its policy is strict and there is none', () => {
  const identity = {
    from: 'club.test',
    domain: 'club.test',
    policy: { p: 'reject' as const, adkim: 'relaxed' as const, aspf: 'relaxed' as const },
    signs: false,
    keyRevoked: true as const,
    returnPathHost: null,
  };
  const byApi = { ...CANDIDATE, routeId: 1, accountId: 'id-of-api', accountName: 'Backstairs API' };
  const smarthost = { ...CANDIDATE, capabilities: { ...CAPABILITIES, preservesMime: true, returnPath: 'address' as const } };
  const decide = (question: Partial<RouteQuestion>) =>
    decideRoute([smarthost, byApi], { ...QUESTION, domainAuthenticated: false, identity, ...question });
  const verified = decide({ atAccounts: new Map([['id-of-api', true]]) });
  assert.deepEqual([verified.routeId, verified.judgements.map(({ code }) => code)], [1, ['key-revoked', 'chosen']]);
  const held = decide({});
  assert.deepEqual([held.routeId, held.waits, held.heldCode, held.betterCode], [null, false, 'key-revoked', 'publish-records']);
  assert.match(held.heldBecause ?? '', /^The signing key of club\.test was revoked/);
  assert.ok(!JSON.stringify(decisionForTenant({ ...held })).includes('Backstairs'));
  const lenient = decide({ identity: { ...identity, policy: { ...identity.policy, p: 'none' } } });
  assert.equal(lenient.routeId, smarthost.routeId, 'where nobody insists it goes unsigned');
  const own = decide({ identity: { ...identity, returnPathHost: 'bounce.club.test' } });
  assert.equal(own.routeId, smarthost.routeId, 'SPF proves it there');
});
