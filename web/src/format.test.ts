import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formats } from './format.ts';

const en = formats('en', 'Europe/Berlin');
const de = formats('de', 'Europe/Berlin');
const NOW = Date.parse('2026-03-12T13:32:05Z');
const ago = (minutes: number) => NOW - minutes * 60_000;

describe('numbers and rates', () => {
  it('separates thousands by language', () => {
    assert.equal(en.int(41_208), '41,208');
    assert.equal(de.int(41_208), '41.208');
  });
  it('writes zero in a table as a middle dot', () => assert.equal(en.cell(0), '·'));
  it('puts a no-break space before the percent sign', () => assert.equal(en.share(40_377, 41_208), '97.98\u00a0%'));
  it('never says 100 % while one is left', () => assert.equal(en.share(99_999_999, 100_000_000), '99.99\u00a0%'));
  it('says 100 % when none is left', () => assert.equal(de.share(7, 7), '100\u00a0%'));
  it('never says 0 % for one', () => assert.equal(en.share(1, 41_208), '<\u00a00.01\u00a0%'));
  it('gives no rate under 200, but a count', () => {
    const rate = { value: 1 / 199, low: 0, high: 0.02, n: 199 };
    assert.equal(en.rate(rate), '1 of 199');
    assert.equal(en.range(rate), null);
  });
  it('says in words how sure a rate is', () => {
    const rate = { value: 0.998, low: 0.995, high: 0.999, n: 6_240 };
    assert.equal(en.between(rate), 'between 99.5 and 99.9\u00a0%');
    assert.equal(de.between(rate), 'zwischen 99,5 und 99,9\u00a0%');
    assert.equal(en.between({ value: 0.99975, low: 0.9997, high: 1, n: 40_000 }), 'between 99.97 and 99.99\u00a0%');
    assert.equal(en.between({ ...rate, n: 199 }), null);
  });
  it('gives a rate under 10,000 its range and its n', () => {
    const rate = { value: 0.0027, low: 0.002, high: 0.0034, n: 6_240 };
    assert.equal(en.rate(rate), '0.27\u00a0%');
    assert.equal(en.range(rate), 'likely 0.20 to 0.34\u00a0%, of 6,240');
    assert.equal(de.range(rate), 'wahrscheinlich 0,20 bis 0,34\u00a0%, von 6.240');
  });
  it('writes no share above all or below none, whatever it is asked', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }), (part, more) => {
        const all = part + more;
        const text = en.share(part, all);
        assert.doesNotMatch(text, /^100/);
        if (part > 0) assert.notEqual(text, '0.00\u00a0%');
      }),
    );
  });
});

describe('times', () => {
  const past: readonly (readonly [at: number, en: string, de: string])[] = [
    [ago(0.5), 'just now', 'gerade eben'],
    [ago(38), '38\u00a0min', '38\u00a0min'],
    [ago(90), '13:02', '13:02'],
    [ago(60 * 41), 'Tue 21:32', 'Di 21:32'],
    [ago(60 * 24 * 40), '31 January', '31. Januar'],
    [ago(60 * 24 * 400), '5 February 2025', '5. Februar 2025'],
  ];
  for (const [at, english, german] of past) {
    it(`says ${english} of ${new Date(at).toISOString()}`, () => {
      assert.equal(en.when(at, NOW), english);
      assert.equal(de.when(at, NOW).replace('.,', ','), german);
    });
  }
  it('says what lies ahead as a clock time', () => {
    assert.equal(en.when(NOW + 21 * 60_000, NOW), '14:53');
    assert.equal(en.ahead(NOW + 21 * 60_000, NOW), 'at 14:53');
    assert.equal(de.ahead(NOW + 21 * 60_000, NOW), 'um 14:53 Uhr');
    assert.equal(en.ahead(NOW + 24 * 3_600_000, NOW), 'tomorrow at 14:32');
    assert.equal(de.ahead(NOW + 5 * 24 * 3_600_000, NOW), 'am 17. März um 14:32 Uhr');
  });
  it('knows tomorrow by the calendar, where the clocks change, too', () => {
    const berlin = formats('en', 'Europe/Berlin');
    const [beforeSpring, beforeAutumn] = [Date.parse('2026-03-28T23:30:00+01:00'), Date.parse('2026-10-25T00:30:00+02:00')];
    assert.equal(berlin.ahead(Date.parse('2026-03-29T09:00:00+02:00'), beforeSpring), 'tomorrow at 09:00');
    assert.equal(berlin.ahead(Date.parse('2026-03-30T09:00:00+02:00'), beforeSpring), 'on 30 March at 09:00');
    assert.equal(berlin.when(Date.parse('2026-03-30T00:15:00+02:00'), beforeSpring), 'Mon 00:15');
    assert.equal(berlin.when(Date.parse('2026-10-26T09:00:00+01:00'), beforeAutumn), 'tomorrow 09:00');
  });
  it('names a day that is counted in UTC alike everywhere', () => {
    const [day, last] = [Date.parse('2026-03-01'), Date.parse('2026-12-31')];
    for (const zone of ['America/New_York', 'UTC', 'Pacific/Auckland']) {
      assert.equal(formats('en', zone).calendarDay(day, last), '1 March', zone);
      assert.equal(formats('de', zone).calendarDay(Date.parse('2025-12-31'), day), '31. Dezember 2025', zone);
    }
  });
  it('is precise to the tenth inside a passage', () => {
    const at = Date.parse('2026-03-12T12:02:08.149Z');
    assert.equal(en.precise(at), '13:02:08.1');
    assert.equal(en.withinMinute(at), '08.1');
    assert.equal(de.precise(at), '13:02:08,1');
  });
  it('writes UTC for hover and focus', () => assert.equal(en.utc(NOW), '2026-03-12 13:32:05 UTC'));
  it('writes how long something took', () => {
    assert.deepEqual(
      [300, 13_000, 372_000, 19_200_000, 3 * 86_400_000].map((ms) => en.lapse(ms).replaceAll('\u00a0', ' ')),
      ['0.3 s', '13 s', '6:12', '5 h 20 min', '3 days'],
    );
    assert.equal(en.wait(4), '0:04');
  });
  it('writes sizes', () =>
    assert.deepEqual(
      [840, 18_400, 3_100_000].map((size) => en.bytes(size).replace('\u00a0', ' ')),
      ['840 bytes', '18.4 kB', '3.1 MB'],
    ));
});

describe('tomorrow', () => {
  const at = (iso: string) => Date.parse(iso);
  it('is the next day also where a day has 23 hours', () => {
    // In Berlin clocks go from 2 to 3 in the night to 29 March 2026.
    const evening = at('2026-03-28T22:30:00Z');
    assert.equal(en.ahead(at('2026-03-29T07:00:00Z'), evening), 'tomorrow at 09:00');
    assert.equal(en.ahead(at('2026-03-30T07:00:00Z'), evening), 'on 30 March at 09:00');
    assert.equal(de.when(at('2026-03-29T07:00:00Z'), evening), 'morgen 09:00');
  });
  it('is the next day also where a day has 25 hours', () => {
    const night = at('2026-10-24T22:30:00Z');
    assert.equal(en.ahead(at('2026-10-26T08:00:00Z'), night), 'tomorrow at 09:00');
  });
});
