import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { COMPLAINT_LINES, complaintVerdict, type FateCounts, PRIOR_WEIGHT, priorsOf, RATE_NAMES, rate, ratesOf, USUAL } from './rates.ts';

const NONE: FateCounts = {
  ...{ delivered: 0, bounced: 0, failed: 0, expired: 0, complained: 0, not_refused: 0, silent_fresh: 0 },
  silent: { delivered: 0, bounced: 0, failed: 0, expired: 0 },
  silent_young: { delivered: 0, bounced: 0, failed: 0, expired: 0 },
};

test('Nothing known gives no rate, and no verdict', () => {
  for (const each of Object.values(ratesOf(NONE))) assert.deepEqual(each, { value: null, low: null, high: null, n: 0, shrunk: null });
  assert.equal(complaintVerdict(ratesOf(NONE).complaint_rate), 'too-little');
});

test('The delivered rate divides by every known fate; the range is that of Wilson at 90 %', () => {
  const { delivered_rate: found } = ratesOf({ ...NONE, delivered: 95, bounced: 3, failed: 1, expired: 1 });
  assert.deepEqual([found.value, found.n], [0.95, 100]);
  assert.ok(Math.abs((found.low ?? 0) - 0.9005) < 0.0005 && Math.abs((found.high ?? 0) - 0.9755) < 0.0005);
});

test('Routes that never report deliveries count neither for nor against the delivered rate; what they were not refused is a rate of its own', () => {
  const rates = ratesOf({
    ...NONE,
    ...{ delivered: 90, bounced: 20, not_refused: 980, silent_fresh: 50, complained: 2 },
    silent: { delivered: 0, bounced: 10, failed: 0, expired: 0 },
  });
  assert.deepEqual([rates.delivered_rate.value, rates.delivered_rate.n], [0.9, 100]);
  assert.deepEqual(rates.not_refused_rate.n, 90 + 980 + 20);
  assert.deepEqual(rates.bounce_rate.n, 90 + 980 + 20 + 50);
  assert.deepEqual(rates.complaint_rate.n, 90 + 980 + 50);
});

test('An hour after a mailing over a route that never reports deliveries, its few refusals are not all there is', () => {
  const silent = { delivered: 0, bounced: 2, failed: 0, expired: 0 };
  const counts = { ...NONE, bounced: 2, silent_fresh: 98, silent, silent_young: silent };
  const rates = ratesOf(counts);
  assert.deepEqual([rates.bounce_rate.value, rates.bounce_rate.n], [0.02, 100]);
  assert.equal(rates.not_refused_rate.value, null, 'nothing is settled yet');
  assert.deepEqual(ratesOf({ ...counts, delivered: 9, bounced: 3 }).not_refused_rate.n, 10, 'what other routes report counts at once');
});

test('Mail younger than five days on routes that never report deliveries changes nothing of the rate of what was not refused', () => {
  const n = fc.nat(2_000);
  const fates = fc.record({ delivered: n, bounced: n, failed: n, expired: n });
  fc.assert(
    fc.property(fates, fates, fates, n, n, (told, old, young, notRefused, fresh) => {
      const add = (...all: (typeof NONE.silent)[]) => {
        const sum = (name: keyof typeof NONE.silent) => all.reduce((total, each) => total + each[name], 0);
        return { delivered: sum('delivered'), bounced: sum('bounced'), failed: sum('failed'), expired: sum('expired') };
      };
      const before = { ...NONE, ...add(told, old), not_refused: notRefused, silent: old };
      const after = { ...before, ...add(told, old, young), silent: add(old, young), silent_young: young, silent_fresh: fresh };
      assert.deepEqual(ratesOf(after).not_refused_rate, ratesOf(before).not_refused_rate);
      assert.deepEqual(ratesOf(after).delivered_rate, ratesOf(before).delivered_rate);
    }),
  );
});

test('A rate stays inside its range, which gets narrower with n, and shrinks toward the fleet', () => {
  fc.assert(
    fc.property(fc.constantFrom(...RATE_NAMES), fc.nat(5_000), fc.nat(5_000), (name, x, rest) => {
      const n = x + rest;
      const { value, low, high, shrunk } = rate(name, x, n);
      if (value === null || low === null || high === null || shrunk === null) return assert.equal(n, 0);
      assert.ok(low >= 0 && low <= value && value <= high && high <= 1);
      const [near, far] = [Math.min(value, USUAL[name]), Math.max(value, USUAL[name])];
      assert.ok(shrunk >= near - 1e-12 && shrunk <= far + 1e-12);
      const ten = rate(name, x * 10, n * 10);
      assert.ok((ten.high ?? 1) - (ten.low ?? 0) <= high - low + 1e-12);
    }),
  );
  const half = rate('bounce_rate', 0.05 * PRIOR_WEIGHT.bounce_rate, PRIOR_WEIGHT.bounce_rate);
  assert.ok(Math.abs((half.shrunk ?? 0) - 0.03) < 1e-12, 'at the weight of the prior, half of each');
});

test('A fleet without mail is a usual one; a large one stands for itself', () => {
  assert.deepEqual(priorsOf(NONE), USUAL);
  const large = priorsOf({ ...NONE, delivered: 9_000_000, bounced: 1_000_000, complained: 9_000 });
  assert.ok(Math.abs(large.bounce_rate - 0.1) < 1e-4 && Math.abs(large.complaint_rate - 0.001) < 1e-5);
});

test('The verdict on complaints is never made by one or two people, and says when there is too little mail', () => {
  const rows: readonly (readonly [complained: number, delivered: number, expected: string, because: string])[] = [
    [0, 100, 'too-little', 'no complaint in a hundred says nothing about one in a thousand'],
    [0, 1_000, 'good', 'surely below the upper line'],
    [1, 100, 'too-little', 'one person is not a rate'],
    [2, 200, 'too-little', 'nor are two'],
    [3, 300, 'stop', 'three in three hundred surely are above 0.1 %, and look like 1 %'],
    [15, 10_000, 'watch', 'between the lines'],
    [5, 10_000, 'good', 'half of the lower line'],
    [40, 10_000, 'stop', 'above the upper line'],
    [1, 1_000, 'too-little', 'may be on either side of the upper line'],
  ];
  for (const [complained, delivered, expected, because] of rows) {
    assert.equal(complaintVerdict(ratesOf({ ...NONE, delivered, complained }).complaint_rate), expected, because);
  }
  assert.deepEqual(COMPLAINT_LINES, { good: 0.001, stop: 0.003 });
});
