// This file checks the life of a DKIM key: every state with every look, the names of delegated places, and what counts as seen.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import {
  delegatedPlaces,
  type KeyLook,
  type KeyState,
  keyRecordText,
  lookOf,
  needsLook,
  nextPlace,
  readDelegatedName,
  stepKey,
} from './dkim-keys.ts';
import { dkimRecords, type RecordedKey, zoneRecords } from './dkim-records.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const POLICY = { settleMs: 2 * DAY, retireMs: 7 * DAY };
const ZONE = 'dkim.desk.example';
const SEEN: KeyLook = { kind: 'seen', ttlS: 3_600 };
const WRONG: KeyLook = { kind: 'wrong', trouble: 'not there' };
const AWAY: KeyLook = { kind: 'unreachable', trouble: 'nobody answers' };

// state, its age, does another key sign, what the look found → what follows.
const ROWS: readonly [state: KeyState, ageMs: number, replaces: boolean, look: KeyLook | null, expected: string, because: string][] = [
  ['new', 0, false, SEEN, 'active', 'nothing signs yet, so nothing can break'],
  ['new', 0, false, WRONG, 'stay', 'nobody can verify with it'],
  ['new', 0, true, SEEN, 'published', 'the old one signs until caches have forgotten'],
  ['new', 30 * DAY, true, WRONG, 'stay', 'the old one signs on, however long it takes'],
  ['new', 0, true, AWAY, 'stay', 'no answer is no fact'],
  ['published', DAY, true, null, 'stay', 'caches may still hold the time before'],
  ['published', 2 * DAY, true, SEEN, 'active', 'its time has come and it is there'],
  ['published', 2 * DAY, true, WRONG, 'new', 'it went away: the wait begins again'],
  ['published', 2 * DAY, true, AWAY, 'stay', 'it is looked at again'],
  ['published', 0, false, SEEN, 'active', 'the one before is gone; nothing signs'],
  ['retiring', 6.9 * DAY, true, null, 'stay', 'mail is on its way for days'],
  ['retiring', 7 * DAY, true, null, 'revoked', 'no mail lives longer'],
  ['active', 400 * DAY, true, null, 'stay', 'age is rotation’s business'],
];

test('every state goes where the table says', () => {
  for (const [state, ageMs, replaces, look, expected, because] of ROWS) {
    const key = { state, sinceMs: 1_000 * DAY - ageMs, ttlS: 300, replaces };
    assert.equal(needsLook(key, POLICY, 1_000 * DAY), look !== null, because);
    assert.equal(stepKey(key, look, POLICY, 1_000 * DAY).to, expected, because);
  }
});

test('a record that is remembered for longer than the setting makes the switch wait', () => {
  const key = { state: 'published', sinceMs: 0, ttlS: (5 * DAY) / 1_000, replaces: true } as const;
  assert.equal(needsLook(key, POLICY, 3 * DAY), false);
  assert.deepEqual(stepKey(key, null, POLICY, 3 * DAY), { to: 'stay', dueMs: 5 * DAY });
  assert.equal(stepKey({ ...key, state: 'new' }, { kind: 'seen', ttlS: (5 * DAY) / 1_000 }, POLICY, DAY).to, 'published');
});

test('looks grow rare with time and never stop', () => {
  let nowMs = 0;
  let looks = 0;
  for (; nowMs < 60 * DAY; looks += 1) {
    const step = stepKey({ state: 'new', sinceMs: 0, ttlS: null, replaces: true }, WRONG, POLICY, nowMs);
    assert.ok(step.to === 'stay' && step.dueMs > nowMs && step.dueMs - nowMs <= 6 * HOUR);
    nowMs = step.dueMs;
  }
  assert.ok(looks < 1_000, `${looks} looks in two months`);
});

test('names of delegated places read back to their owners, and no other name does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (tenantNumber, domainNumber) => {
      for (const algorithm of ['rsa-sha256', 'ed25519-sha256'] as const) {
        const places = delegatedPlaces(algorithm, { tenantNumber, domainNumber }, ZONE);
        assert.equal(new Set(places.map((place) => place.target)).size, 2);
        for (const { selector, target } of places) {
          assert.equal(target, `${selector}.${tenantNumber}.${ZONE}`);
          assert.ok(selector.length <= 63);
          assert.deepEqual(readDelegatedName(target.slice(0, -ZONE.length - 1)), { tenantNumber, domainNumber, algorithm });
        }
      }
    }),
  );
  for (const name of ['', 'pb1r1', 'pb1r3.7', 'pb01r1.7', 'pb1x1.7', 'pb1r1.07', 'a.pb1r1.7', 'pb99999999999r1.7', 'pb1r1.4294967296']) {
    assert.equal(readDelegatedName(name), null, name);
  }
});

test('delegated keys take turns in two places; a published selector never comes twice', () => {
  const owner = { tenantNumber: 7, domainNumber: 12 };
  const next = (kept: string[]) =>
    nextPlace('rsa-sha256', owner, { zone: ZONE, kept: kept.map((selector) => ({ selector })), made: kept.length });
  assert.equal(next([])?.selector, 'pb12r1');
  assert.equal(next(['pb12r1'])?.selector, 'pb12r2');
  assert.equal(next(['pb12r2'])?.selector, 'pb12r1');
  assert.equal(next(['pb12r1', 'pb12r2']), null);
  const text = (made: number) => nextPlace('rsa-sha256', owner, { zone: null, kept: [], made });
  assert.deepEqual(
    [text(0), text(1), text(2)].map((place) => place?.selector),
    ['pb7', 'pb7-2', 'pb7-3'],
  );
});

test('only our key, whole and alone, counts as seen', () => {
  const make = () =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const [ours, other] = [make(), make()];
  const key = { algorithm: 'rsa-sha256', public_key: ours } as const;
  const kind = (...values: string[]) => lookOf(values, 300, key).kind;
  assert.equal(kind(`v=DKIM1; k=rsa; p=${ours}`), 'seen');
  assert.equal(kind(`v=DKIM1;p=${ours};`), 'seen');
  assert.equal(kind(`k=rsa; h=sha256; p= ${ours.slice(0, 100)} ${ours.slice(100)}`), 'seen');
  assert.equal(kind('google-site-verification=1', `v=DKIM1; p=${ours}`), 'seen');
  for (const values of [
    [],
    ['hello'],
    ['v=DKIM1; p='],
    [`v=DKIM1; p=${other}`],
    [`v=DKIM1; k=ed25519; p=${ours}`],
    [`v=DKIM1; h=sha1; p=${ours}`],
    [`v=DKIM1; p=${ours.slice(0, 200)}`],
    [`v=DKIM1; p=${ours}`, `v=DKIM1; p=${other}`],
  ]) {
    assert.equal(kind(...values), 'wrong', values.join(' | '));
  }
});

test('records follow the keys: TXT, delegated, both beside each other while a domain moves into the zone', () => {
  const domain = { name: 'club.example', ed25519: false, tenantNumber: 7, domainNumber: 12 };
  const txt: RecordedKey = { selector: 'pb7', algorithm: 'rsa-sha256', state: 'active', target: null, public_key: 'AAAA' };
  const first: RecordedKey = { selector: 'pb12r1', algorithm: 'rsa-sha256', state: 'new', target: `pb12r1.7.${ZONE}`, public_key: 'BBBB' };
  const lines = (keys: RecordedKey[], zone: string | null, more = {}) =>
    dkimRecords({ ...domain, ...more }, keys, zone).map(
      ({ needed, type, host, value }) => `${needed} ${type} ${host.split('.')[0]} ${value}`,
    );
  assert.deepEqual(lines([txt], null), ['required TXT pb7 v=DKIM1; k=rsa; p=AAAA']);
  assert.deepEqual(
    lines(
      [
        { ...txt, state: 'retiring' },
        { ...txt, selector: 'pb7-2', state: 'active' },
      ],
      null,
    ),
    ['required TXT pb7-2 v=DKIM1; k=rsa; p=AAAA', 'recommended TXT pb7 v=DKIM1; k=rsa; p=AAAA'],
  );
  assert.deepEqual(lines([first], ZONE), [`required CNAME pb12r1 pb12r1.7.${ZONE}`, `recommended CNAME pb12r2 pb12r2.7.${ZONE}`]);
  assert.deepEqual(lines([txt, first], ZONE), [
    'required TXT pb7 v=DKIM1; k=rsa; p=AAAA',
    `recommended CNAME pb12r1 pb12r1.7.${ZONE}`,
    `recommended CNAME pb12r2 pb12r2.7.${ZONE}`,
  ]);
  assert.equal(lines([first], ZONE, { ed25519: true }).length, 4);
  const zone = zoneRecords({ tenantNumber: 7, domainNumber: 12, keys: [first] }, ZONE);
  assert.deepEqual(
    zone.map(({ name, value }) => `${name.split('.')[0]} ${value}`),
    ['pb12r1 v=DKIM1; k=rsa; p=BBBB', 'pb12r2 v=DKIM1; p=', 'pb12e1 v=DKIM1; p=', 'pb12e2 v=DKIM1; p='],
  );
  assert.equal(keyRecordText({ ...first, state: 'revoked' }), 'v=DKIM1; p=');
});
