import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { addEvidence } from './evidence.ts';
import { incidentNextStep, incidentTitle } from './incident-words.ts';
import {
  advanceCase,
  INCIDENT_KINDS,
  INCIDENT_RULES,
  type IncidentCase,
  type IncidentKind,
  isForgotten,
  isOver,
  type Sighting,
} from './incidents.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const seen = (recipient: number, change: Partial<Sighting> = {}): Sighting => ({
  recipientId: `r${recipient}`,
  messageId: `m${recipient}`,
  atMs: 0,
  reply: '554 5.7.1 blocked using dnsbl.example',
  class: 'ip-reputation',
  rerouted: false,
  sure: false,
  ...change,
});
const many = (count: number, from = 0) => Array.from({ length: count }, (_, n) => seen(from + n));

const isOpen = (state: IncidentCase | null) => state?.state === 'open';

/** Pages of news, each with its minute, from nothing. */
function play(kind: IncidentKind, pages: readonly (readonly [minute: number, bad: readonly Sighting[], good?: number])[]): IncidentCase {
  let state: IncidentCase | null = null;
  for (const [minute, sightings, good = 0] of pages) state = advanceCase(kind, state, { sightings, good }, minute * MINUTE_MS);
  assert.ok(state);
  return state;
}

const rows: readonly [string, IncidentKind, Parameters<typeof play>[1], IncidentCase['state']][] = [
  ['two of two are too few', 'ip-blocked', [[0, many(2)]], 'watching'],
  ['three of three open it', 'ip-blocked', [[0, many(3)]], 'open'],
  ['three of a thousand do not', 'ip-blocked', [[0, many(3), 997]], 'watching'],
  ['a hundred of a thousand do', 'ip-blocked', [[0, many(100), 900]], 'open'],
  [
    'one recipient that is tried five times counts once',
    'ip-blocked',
    [
      [0, [seen(1), seen(1), seen(1)]],
      [5, [seen(1), seen(1)]],
    ],
    'watching',
  ],
  [
    'they may come in several pages',
    'ip-blocked',
    [
      [0, many(1)],
      [10, many(1, 1)],
      [20, many(1, 2)],
    ],
    'open',
  ],
  [
    'but not spread over more than the window',
    'ip-blocked',
    [
      [0, many(2)],
      [61, many(2, 2)],
    ],
    'watching',
  ],
  [
    'what went well before and after the first counts against it',
    'ip-blocked',
    [
      [0, many(1)],
      [1, [], 500],
      [2, many(2, 1)],
    ],
    'watching',
  ],
  [
    'a domain needs two within a day',
    'authentication',
    [
      [0, many(1)],
      [600, many(1, 1)],
    ],
    'open',
  ],
  ['an account whose provider leaves no doubt needs one', 'account', [[0, [seen(1, { sure: true })]]], 'open'],
  ['an account that only stumbles needs five', 'account', [[0, many(4)]], 'watching'],
  ['a receiver that slows down a few is everyday', 'capacity', [[0, many(19)]], 'watching'],
  ['a crowd that waits is not', 'capacity', [[0, many(20)]], 'open'],
  ['a mailing refused by five of fifty', 'content', [[0, many(5), 45]], 'watching'],
  ['a mailing refused by ten of fifty', 'content', [[0, many(10), 40]], 'open'],
];

for (const [what, kind, pages, expected] of rows) {
  test(`${kind}: ${what} (${expected})`, () => assert.equal(play(kind, pages).state, expected));
}

test('an open incident counts on, keeps its beginning, and knows who went another way', () => {
  const before = play('ip-blocked', [[0, many(3)]]);
  const after = advanceCase('ip-blocked', before, { sightings: [seen(7, { rerouted: true }), seen(0)], good: 0 }, 90 * MINUTE_MS);
  assert.equal(after.state, 'open');
  assert.equal(after.openedAtMs, 0);
  assert.equal(after.lastSeenAtMs, 90 * MINUTE_MS);
  assert.equal(after.rerouted, 1);
  assert.equal(after.messages, 5, 'whoever is met again after the window counts again');
});

test('it is over after half an hour of quiet, and an account only once it is well', () => {
  assert.equal(isOver('ip-blocked', 0, { nowMs: 29 * MINUTE_MS, unwell: false }), false);
  assert.equal(isOver('ip-blocked', 0, { nowMs: 30 * MINUTE_MS, unwell: false }), true);
  assert.equal(isOver('account', 0, { nowMs: 5 * HOUR_MS, unwell: true }), false);
  assert.equal(isOver('authentication', 0, { nowMs: 5 * HOUR_MS, unwell: false }), false, 'a weekly mailing leaves its domain time');
});

test('it opens again as the same one within a day, and as a new one later', () => {
  const open = play('ip-blocked', [[0, many(3)]]);
  const closed: IncidentCase = {
    ...open,
    state: 'closed',
    closedAtMs: HOUR_MS,
    watch: { sinceMs: HOUR_MS, bad: 0, good: 0, recipients: [] },
  };
  const stray = advanceCase('ip-blocked', closed, { sightings: many(1, 10), good: 0 }, 2 * HOUR_MS);
  assert.equal(stray.state, 'closed', 'one answer is an echo');
  const again = advanceCase('ip-blocked', closed, { sightings: many(3, 20), good: 0 }, 3 * HOUR_MS);
  assert.equal(again.state, 'open');
  assert.equal(again.closedAtMs, null);
  assert.equal(again.reopened, 1);
  assert.equal(again.openedAtMs, 0);
  assert.equal(isForgotten(HOUR_MS, 25 * HOUR_MS), false);
  assert.equal(isForgotten(HOUR_MS, 25 * HOUR_MS + 1), true);
  assert.equal(isForgotten(null, 99 * HOUR_MS), false);
});

test('words that differ in addresses, IPs and ids are one line with a count', () => {
  const lines = addEvidence(
    [],
    [
      { reply: '554 5.7.1 <a@club.test>: client host [198.51.100.7] blocked (id 4fA3b9)', class: 'ip-reputation', atMs: 1 },
      { reply: '554 5.7.1 <b@club.test>: client host [198.51.100.9] blocked (id 9cc01)', class: 'ip-reputation', atMs: 2 },
      { reply: '421 4.7.0 try later', class: 'ip-reputation', atMs: 3 },
    ],
  );
  assert.deepEqual(
    lines.map((line) => [line.count, line.atMs]),
    [
      [2, 2],
      [1, 3],
    ],
  );
  assert.match(lines[0]?.reply ?? '', /a@club\.test/, 'the words are shown as they came first');
});

test('whatever comes in, cases stay within their bounds and never lose count', () => {
  const sighting = fc.record({
    recipientId: fc.nat(500).map(String),
    messageId: fc.constant('m'),
    atMs: fc.nat(),
    reply: fc.option(fc.string({ maxLength: 2000 })),
    class: fc.option(fc.constantFrom('ip-reputation', 'policy')),
    rerouted: fc.boolean(),
    sure: fc.boolean(),
  });
  const page = fc.tuple(
    fc.constantFrom(...INCIDENT_KINDS),
    fc.array(fc.tuple(fc.nat(100), fc.array(sighting, { maxLength: 50 }), fc.nat(100))),
  );
  fc.assert(
    fc.property(page, ([kind, pages]) => {
      let state: IncidentCase | null = null;
      let nowMs = 0;
      let answers = 0;
      for (const [minutes, sightings, good] of pages) {
        nowMs += minutes * MINUTE_MS;
        const wasOpen = isOpen(state);
        state = advanceCase(kind, state, { sightings, good }, nowMs);
        answers += sightings.length;
        assert.ok(state.watch.recipients.length <= 200);
        assert.ok(state.evidence.length <= 12);
        assert.ok(state.messages <= answers);
        assert.ok(!wasOpen || isOpen(state), 'only quiet or a person closes');
      }
    }),
  );
});

test('every kind has a rule, a title and a next step', () => {
  const names = { account: 'Main', pool: null, mailboxProvider: 'google', domain: 'club.test', messageSubject: 'Regatta' };
  for (const kind of INCIDENT_KINDS) {
    assert.ok(INCIDENT_RULES[kind].recipients > 0);
    assert.match(incidentTitle(kind, names), /^[A-Z].+\.$/);
    assert.match(incidentNextStep(kind), /^[A-Z].+\.$/);
    assert.match(incidentTitle(kind, names, 'de'), /^\p{Lu}.+\.$/u);
    assert.notEqual(incidentTitle(kind, names, 'de'), incidentTitle(kind, names));
    assert.notEqual(incidentNextStep(kind, 'de'), incidentNextStep(kind));
  }
  assert.equal(incidentTitle('ip-blocked', names), 'Gmail refuses the IP of Main.');
  assert.equal(
    incidentTitle('ip-blocked', { ...names, pool: 'news' }, 'de'),
    'Gmail: Die IP-Adresse wird abgewiesen, Konto Main (Pool news).',
  );
  assert.equal(incidentTitle('capacity', { ...names, mailboxProvider: 'gmx' }), 'GMX and WEB.DE slow down the mail of Main.');
});
