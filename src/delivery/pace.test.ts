import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { advancePace, isPaceForgotten, type Pace } from './pace.ts';

const START = Date.UTC(2026, 10, 22);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const people = (count: number, name = 'r') => Array.from({ length: count }, (_, n) => `${name}${n}`);

test('A pause begins when enough recipients are put off, and they are a real share', () => {
  const rows: readonly (readonly [putOff: number, delivered: number, pauseMs: number | null, because: string])[] = [
    [4, 0, null, 'a few are everyday'],
    [5, 0, 30 * SECOND, 'five of five'],
    [5, 45, 30 * SECOND, 'a tenth'],
    [5, 46, null, 'less than a tenth'],
    [200, 10_000, null, 'many, and hardly any of all'],
    [2_000, 0, 30 * SECOND, 'everybody'],
  ];
  for (const [putOff, delivered, pauseMs, because] of rows) {
    assert.equal(advancePace(null, { putOff: people(putOff), delivered }, START).pauseMs, pauseMs, because);
  }
});

test('One recipient that is put off again and again counts once, and what is older than the window does not count', () => {
  let pace: Pace | null = null;
  for (let n = 0; n < 10; n += 1) {
    const next = advancePace(pace, { putOff: ['one', 'two'], delivered: 0 }, START + n * SECOND);
    assert.equal(next.pauseMs, null);
    pace = next.pace;
  }
  assert.equal(advancePace(pace, { putOff: people(3), delivered: 0 }, START + 6 * MINUTE).pauseMs, null);
  assert.equal(advancePace(pace, { putOff: people(3), delivered: 0 }, START + MINUTE).pauseMs, 30 * SECOND);
});

test('Pauses double while it comes back, what is heard during one changes nothing, and a quiet time begins anew', () => {
  let nowMs = START;
  let pace: Pace | null = null;
  const pauses: (number | null)[] = [];
  for (let n = 0; n < 7; n += 1) {
    const next = advancePace(pace, { putOff: people(20, `page${n}-`), delivered: 3 }, nowMs);
    const during = advancePace(next.pace, { putOff: people(50, 'late'), delivered: 0 }, nowMs + 10 * SECOND);
    assert.deepEqual([during.pauseMs, during.pace], [null, next.pace]);
    pauses.push(next.pauseMs);
    pace = next.pace;
    nowMs += (next.pauseMs ?? 0) + SECOND;
  }
  assert.deepEqual(
    pauses.map((pause) => (pause ?? 0) / SECOND),
    [30, 60, 120, 240, 480, 480, 480],
  );
  assert.ok(pace !== null && !isPaceForgotten(pace, nowMs) && isPaceForgotten(pace, nowMs + 16 * MINUTE));
  assert.equal(advancePace(pace, { putOff: people(9), delivered: 0 }, nowMs + 16 * MINUTE).pauseMs, 30 * SECOND);
});

test('Whatever comes, a pause is never longer than eight minutes and never begins within another', () => {
  const page = fc.record({ putOff: fc.nat(30), delivered: fc.nat(200), afterMs: fc.nat(10 * MINUTE) });
  fc.assert(
    fc.property(fc.array(page, { maxLength: 60 }), (pages) => {
      let nowMs = START;
      let pace: Pace | null = null;
      let until = 0;
      for (const { putOff, delivered, afterMs } of pages) {
        nowMs += afterMs;
        const next = advancePace(pace, { putOff: people(putOff, String(nowMs)), delivered }, nowMs);
        if (next.pauseMs !== null) {
          assert.ok(nowMs >= until && next.pauseMs <= 8 * MINUTE);
          until = nowMs + next.pauseMs;
        }
        pace = next.pace;
      }
    }),
  );
});
