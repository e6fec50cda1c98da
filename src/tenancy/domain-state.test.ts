// This file checks the standing of domains and when they are looked at next.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { GIVE_UP_MS, GRACE_MS, judgeDomain, nextLook, type RecordLook, type Standing } from './domain-state.ts';

const HOUR = 3_600_000;
const T = 1_800_000_000_000;
const pending: Standing = { state: 'pending', authenticated: false, vouchedAuthenticated: false, proven: false, breaksAtMs: null };
const verified: Standing = { ...pending, state: 'verified', authenticated: true, proven: true };
const look = (purpose: RecordLook['purpose'], settled: RecordLook['settled'], more: Partial<RecordLook> = {}): RecordLook => ({
  purpose,
  settled,
  answered: settled !== null,
  needed: purpose === 'dkim' || purpose === 'ownership' ? 'required' : 'recommended',
  okAtMs: settled === 'ok' ? T : null,
  ...more,
});
const right = [look('ownership', 'ok'), look('dkim', 'ok'), look('return-path', 'missing')];
const bad = [look('ownership', 'ok', { needed: 'optional' }), look('dkim', 'missing')];

const ROWS: readonly [what: string, before: Standing, looks: readonly RecordLook[], nowMs: number, expected: Partial<Standing>][] = [
  ['nothing published yet', pending, [look('ownership', 'missing'), look('dkim', 'missing')], T, pending],
  ['the key alone does not show whose it is', pending, [look('ownership', 'missing'), look('dkim', 'ok')], T, pending],
  ['all required records are right', pending, right, T, { state: 'verified', authenticated: true, proven: true }],
  ['a verified domain loses its key', verified, bad, T, { state: 'warning', authenticated: true, breaksAtMs: T + GRACE_MS }],
  [
    'the grace is not begun anew by every look',
    { ...verified, state: 'warning', breaksAtMs: T + HOUR },
    bad,
    T,
    { state: 'warning', authenticated: true, breaksAtMs: T + HOUR },
  ],
  ['after the grace it is broken', { ...verified, state: 'warning', breaksAtMs: T }, bad, T, { state: 'broken', authenticated: false }],
  ['broken stays broken', { ...verified, state: 'broken', authenticated: false }, bad, T, { state: 'broken', authenticated: false }],
  [
    'repaired',
    { ...verified, state: 'broken', authenticated: false, breaksAtMs: T },
    right,
    T,
    { state: 'verified', authenticated: true, breaksAtMs: null },
  ],
  [
    'a name server that is away moves nothing',
    { ...verified, state: 'warning', breaksAtMs: T - 1 },
    [look('dkim', null)],
    T,
    { state: 'warning' },
  ],
  [
    'a grace that ends while nobody answers does not break it',
    { ...verified, state: 'warning', breaksAtMs: T - 1 },
    [look('dkim', 'missing', { answered: false })],
    T,
    { state: 'warning', authenticated: true },
  ],
  [
    'what an operator vouches for stays',
    { ...pending, state: 'verified', authenticated: true, vouchedAuthenticated: true },
    bad,
    T,
    { state: 'verified', authenticated: true, proven: false },
  ],
  [
    'a vouched domain that was proven is told when it breaks, and stays authenticated',
    { ...verified, vouchedAuthenticated: true, state: 'warning', breaksAtMs: T },
    bad,
    T,
    { state: 'broken', authenticated: true },
  ],
  [
    'an operator who vouches for the name alone proves no mail',
    { ...pending, state: 'warning' },
    bad,
    T,
    { state: 'warning', authenticated: false },
  ],
  [
    'a recommended record that went away is worth a warning without an end',
    verified,
    [look('dkim', 'ok'), look('dmarc', 'missing', { okAtMs: T - HOUR })],
    T,
    { state: 'warning', authenticated: true, breaksAtMs: null },
  ],
  [
    'one that went away long ago is how the domain is',
    verified,
    [look('dkim', 'ok'), look('dmarc', 'missing', { okAtMs: T - GIVE_UP_MS })],
    T,
    { state: 'verified' },
  ],
];

for (const [what, before, looks, nowMs, expected] of ROWS) {
  test(what, () => {
    const after = judgeDomain(before, looks, nowMs);
    for (const [name, value] of Object.entries(expected)) assert.equal(after[name as keyof Standing], value, name);
  });
}

test('looks are frequent while records are being published, rare later, and end with a reason', () => {
  const at = (ageMs: number, more = {}) => nextLook({ ...pending, vouched: false, fromMs: T - ageMs, unreachable: 0, ...more }, T, 0.5);
  assert.equal(at(0).atMs, T + 5 * 60_000);
  assert.equal(at(3 * HOUR).atMs, T + 15 * 60_000);
  assert.equal(at(24 * HOUR).atMs, T + HOUR);
  assert.equal(at(5 * 24 * HOUR).atMs, T + 6 * HOUR);
  const end = at(GIVE_UP_MS);
  assert.equal(end.atMs, null);
  assert.match(end.note ?? '', /"gave-up","days":"14"/);
  assert.equal(at(GIVE_UP_MS, { vouched: true }).atMs, T + 24 * HOUR, 'what is vouched for is looked at daily');
  assert.equal(at(GIVE_UP_MS, { proven: true, state: 'verified' }).atMs, T + 24 * HOUR);
});

test('an unanswered look is tried again soon, and less and less often', () => {
  const at = (unreachable: number) => (nextLook({ ...verified, vouched: false, fromMs: 0, unreachable }, T, 0.5).atMs ?? 0) - T;
  assert.equal(at(1), 10 * 60_000);
  assert.equal(at(2), 20 * 60_000);
  assert.equal(at(30), 24 * HOUR);
});

test('the next look always lies ahead, and never far behind the end of a grace', () => {
  const states = fc.constantFrom('pending', 'verified', 'warning', 'broken');
  fc.assert(
    fc.property(
      states,
      fc.boolean(),
      fc.integer({ min: 0, max: 60 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.integer({ min: -GRACE_MS, max: GRACE_MS }),
      (state, proven, unreachable, random, breaks) => {
        const breaksAtMs = state === 'warning' ? T + breaks : null;
        const { atMs } = nextLook({ state, proven, breaksAtMs, vouched: true, fromMs: T - HOUR, unreachable }, T, random);
        assert.ok(atMs !== null && atMs > T && atMs <= T + 1.1 * 24 * HOUR);
        if (breaksAtMs !== null) assert.ok(atMs <= Math.max(breaksAtMs, T + 60_000));
      },
    ),
  );
});
