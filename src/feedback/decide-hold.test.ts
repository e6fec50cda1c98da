import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { standingHolds } from './decide-hold.ts';
import { DEFAULT_HOLD_POLICY, type HoldClass, type HoldPolicy } from './hold-policy.ts';
import { type Mark, type MarkKind, mergeMarks } from './marks.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-01T09:00:00Z');
let mails = 0;

function mark(day: number, kind: MarkKind, cls: HoldClass | null = null, more: Partial<Mark> = {}): Mark {
  mails += 1;
  return {
    kind,
    id: `mail-${mails}`,
    atMs: START + day * DAY_MS,
    class: cls,
    suppress: false,
    source: 'host',
    evidence: null,
    stream: '',
    ...more,
  };
}

const proven = { suppress: true } as const;
const full = (day: number) => mark(day, 'bounced', 'mailbox-full');
const gone = (day: number) => mark(day, 'bounced', 'invalid-recipient', proven);

/** What stands on a day, as "stream class days-from-its-begin ×holds". */
function held(marks: readonly Mark[], day: number, policy: HoldPolicy = DEFAULT_HOLD_POLICY): string[] {
  const standing = standingHolds(policy, mergeMarks([], marks), START + day * DAY_MS);
  return [...standing.values()].map((hold) => {
    const days = hold.untilMs === null ? 'for good' : `${Math.round((hold.untilMs - hold.fromMs) / DAY_MS)} d`;
    return `${hold.stream || 'all'} ${hold.class} ${days} ×${hold.holds}`;
  });
}

const STORIES: readonly (readonly [string, readonly Mark[], number, readonly string[]])[] = [
  ['one proof that nobody is there holds everything for half a year', [gone(0)], 1, ['all invalid-recipient 180 d ×1']],
  ['and no longer', [gone(0)], 181, []],
  ['the first failure after a hold doubles it', [gone(0), gone(200)], 201, ['all invalid-recipient 360 d ×2']],
  ['never beyond a year', [gone(0), gone(200), gone(600)], 601, ['all invalid-recipient 365 d ×3']],
  ['a vague answer alone holds nothing', [mark(0, 'bounced', 'invalid-recipient')], 0, []],
  [
    'two vague answers three days apart do',
    [mark(0, 'bounced', 'invalid-recipient'), mark(3, 'bounced', 'invalid-recipient')],
    3,
    ['all invalid-recipient 180 d ×1'],
  ],
  ['a disabled mailbox: 90 days', [mark(0, 'bounced', 'inactive-mailbox', proven)], 1, ['all inactive-mailbox 90 d ×1']],
  ['a domain without mail, twice within an hour: nothing', [mark(0, 'bounced', 'bad-domain'), mark(0.04, 'bounced', 'bad-domain')], 1, []],
  [
    'twice over three days: 30 days',
    [mark(0, 'bounced', 'bad-domain'), mark(3, 'bounced', 'domain-not-accepting')],
    4,
    ['all domain-not-accepting 30 d ×1'],
  ],
  ['a full mailbox, three times in a week: nothing', [full(0), full(3), full(7)], 8, []],
  ['three times over a fortnight: bulk waits 30 days', [full(0), full(7), full(14)], 15, ['bulk mailbox-full 30 d ×1']],
  ['a delivery in between clears the count', [full(0), full(7), mark(10, 'delivered'), full(14), full(20)], 21, []],
  ['a delivery ends a hold for a full mailbox', [full(0), full(7), full(14), mark(16, 'delivered')], 17, []],
  [
    'and the next hold is a first again',
    [full(0), full(7), full(14), mark(50, 'delivered'), full(60), full(67), full(75)],
    76,
    ['bulk mailbox-full 30 d ×1'],
  ],
  [
    'a delivery does not end a hold for a mailbox that is not there',
    [gone(0), mark(1, 'delivered')],
    2,
    ['all invalid-recipient 180 d ×1'],
  ],
  ['failures that are three months apart do not add up', [full(0), full(95), full(190)], 191, []],
  ['what fails during a hold does not lengthen it', [gone(0), gone(1), gone(2)], 3, ['all invalid-recipient 180 d ×1']],
  [
    'a receiver that does not answer: three over a fortnight',
    [mark(0, 'failed', 'network'), mark(7, 'failed', 'expired'), mark(15, 'failed', 'network')],
    16,
    ['all network 30 d ×1'],
  ],
  ['a complaint stops bulk mail for good', [mark(0, 'complained', 'complaint'), mark(1, 'delivered')], 900, ['bulk complaint for good ×1']],
  ['an unsubscription as well', [mark(0, 'unsubscribed', 'unsubscribed')], 900, ['bulk unsubscribed for good ×1']],
  ['a release ends its hold, and older answers that come late do not bring it back', [gone(0), gone(0.5), mark(2, 'released')], 3, []],
  [
    'a release of one stream leaves the other',
    [gone(0), mark(0, 'complained', 'complaint'), mark(2, 'released', null, { stream: 'bulk' })],
    3,
    ['all invalid-recipient 180 d ×1'],
  ],
  ['a proof after the release holds again, as a first', [gone(0), mark(2, 'released'), gone(4)], 5, ['all invalid-recipient 180 d ×1']],
  ['an auto-reply says nothing', [mark(0, 'failed', 'auto-reply', proven)], 1, []],
];

test('holds follow the table', async (t) => {
  for (const [story, marks, day, expected] of STORIES) await t.test(story, () => assert.deepEqual(held(marks, day), expected));
});

test('one mail counts once, whatever its delivery and refusal reports say and in whatever order', () => {
  const [a, b, c] = [full(0), full(7), full(14)];
  const twice = { ...c, atMs: c.atMs + 1_000, source: 'another report' };
  assert.deepEqual(held([a, b, b, twice, c], 15), ['bulk mailbox-full 30 d ×1']);
  const early = mark(13, 'delivered', null, { id: c.id });
  assert.deepEqual(held([a, b, c, early], 15), ['bulk mailbox-full 30 d ×1'], 'a receiver that took it and refused it later refused it');
  assert.deepEqual(held([a, b, { ...c, kind: 'failed' }, early], 15), [], 'a delivery stands against our own giving up');
});

test('no answer of another fault ever holds an address, whatever a policy says', () => {
  const never = [
    'spam-content',
    'content',
    'virus',
    'message-too-large',
    'ip-reputation',
    'auth-failure',
    'rate-limited',
    'policy',
    'sender-rejected',
    'recipient-filtered',
    'operator',
    'auto-reply',
    'unclassified',
  ] as const;
  const policy: HoldPolicy = { rules: [{ classes: never, failures: 1, overDays: 0, holdDays: null, streams: 'all', doubles: false }] };
  for (const cls of never) {
    const marks = [0, 10, 20, 30].map((day) => mark(day, 'bounced', cls, proven));
    assert.deepEqual(held(marks, 31, policy), [], cls);
    assert.deepEqual(held(marks, 31), [], cls);
  }
});

test('a policy that holds after one failure does so, for every class whose answers are not told apart into proofs and guesses', () => {
  for (const cls of ['mailbox-full', 'bad-domain', 'domain-not-accepting'] as const) {
    const policy: HoldPolicy = { rules: [{ classes: [cls], failures: 1, overDays: 0, holdDays: 10, streams: 'all', doubles: false }] };
    assert.deepEqual(held([mark(0, 'bounced', cls)], 1, policy), [`all ${cls} 10 d ×1`], cls);
  }
  const policy: HoldPolicy = {
    rules: [{ classes: ['inactive-mailbox'], failures: 1, overDays: 0, holdDays: 10, streams: 'all', doubles: false }],
  };
  assert.deepEqual(held([mark(0, 'bounced', 'inactive-mailbox')], 1, policy), [], 'a vague one still needs a second');
});

const KINDS = ['bounced', 'failed', 'delivered', 'complained', 'released'] as const;
const CLASSES = ['invalid-recipient', 'mailbox-full', 'bad-domain', 'network', 'ip-reputation'] as const;
const story = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    cls: fc.constantFrom(...CLASSES),
    mail: fc.integer({ min: 0, max: 12 }),
    day: fc.integer({ min: 0, max: 400 }),
    suppress: fc.boolean(),
  }),
  { maxLength: 24 },
);

test('any order and any repetition of the same happenings ends in the same holds', () => {
  fc.assert(
    fc.property(story, fc.infiniteStream(fc.nat()), (told, chance) => {
      const marks = told.map(({ kind, cls, mail, day, suppress }) =>
        mark(day, kind, kind === 'delivered' || kind === 'released' ? null : kind === 'complained' ? 'complaint' : cls, {
          id: `m${mail}`,
          suppress,
        }),
      );
      const inOrder = mergeMarks(
        [],
        marks.toSorted((a, b) => a.atMs - b.atMs),
      );
      const next = () => chance.next().value ?? 0;
      const shuffled = [...marks, ...marks.filter(() => next() % 3 === 0)]
        .map((each) => ({ each, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ each }) => each);
      let standing: readonly Mark[] = [];
      for (const each of shuffled) standing = mergeMarks(standing, [each]);
      assert.deepEqual(standing, inOrder);
      const now = START + 401 * DAY_MS;
      assert.deepEqual([...standingHolds(DEFAULT_HOLD_POLICY, standing, now)], [...standingHolds(DEFAULT_HOLD_POLICY, inOrder, now)]);
    }),
  );
});
