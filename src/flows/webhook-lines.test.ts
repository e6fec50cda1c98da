import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { type Ending, makeWebhookLines, type WebhookLines } from './webhook-lines.ts';

const QUICK_MS = 50;
const SLOW_MS = 5_000;

function shareOf(lines: WebhookLines, endpointId: string, nowMs = 0): number {
  return lines.shares(nowMs).find((line) => line.endpointId === endpointId)?.share ?? lines.share;
}

/** Starts as many requests as the endpoint may have. */
function fill(lines: WebhookLines, endpointId: string, nowMs = 0): number {
  const places = shareOf(lines, endpointId, nowMs);
  for (let place = 0; place < places; place += 1) lines.started(endpointId);
  return places;
}

test('Quick answers earn places up to ten, slow ones halve them down to one', () => {
  const lines = makeWebhookLines();
  assert.equal(fill(lines, 'a'), 4);
  for (let n = 0; n < 20; n += 1) {
    lines.ended('a', { how: 'answered', tookMs: QUICK_MS, nowMs: 0 });
    fill(lines, 'a');
  }
  assert.equal(lines.total, 10);
  for (let n = 0; n < 9; n += 1) lines.ended('a', { how: 'answered', tookMs: SLOW_MS, nowMs: 0 });
  assert.equal(lines.total, 1);
  assert.equal(shareOf(lines, 'a'), 0, 'one place, and it is taken');
  lines.ended('a', { how: 'refused', tookMs: QUICK_MS, nowMs: 0 });
  assert.equal(shareOf(lines, 'a'), 1, 'a refusal earns nothing');
});

test('An endpoint that is away rests twice as long each time, at most half a minute, or as long as it asked for', () => {
  const lines = makeWebhookLines();
  let nowMs = 0;
  for (const restMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    fill(lines, 'a', nowMs);
    while (lines.total > 0) lines.ended('a', { how: 'away', tookMs: QUICK_MS, nowMs });
    assert.equal(shareOf(lines, 'a', nowMs + restMs - 1), 0);
    assert.equal(shareOf(lines, 'a', nowMs + restMs), 1, 'one request tries whether it is back');
    nowMs += restMs;
  }
  lines.started('a');
  lines.ended('a', { how: 'away', tookMs: QUICK_MS, nowMs, restMs: 600_000 });
  assert.equal(shareOf(lines, 'a', nowMs + 599_999), 0);
  lines.started('a');
  lines.ended('a', { how: 'answered', tookMs: QUICK_MS, nowMs });
  assert.equal(shareOf(lines, 'a', nowMs), 2, 'back, and trusted step by step');
});

test('One half of the places is for anybody, the other gives one each to endpoints that hold none and are not known to be away', () => {
  const lines = makeWebhookLines();
  lines.started('dead');
  lines.ended('dead', { how: 'away', tookMs: QUICK_MS, nowMs: 0 });
  assert.equal(shareOf(lines, 'dead', 2_000), 1);
  for (let n = 0; n < 32; n += 1) fill(lines, `slow-${n}`);
  assert.equal(lines.total, 128);
  assert.equal(lines.share, 1);
  assert.equal(lines.free, 128);
  assert.ok(lines.shares(2_000).every(({ share }) => share === 0));
  assert.equal(fill(lines, 'new', 2_000), 1);
  assert.equal(shareOf(lines, 'new'), 0);
});

test('Whatever happens, places are counted right and never exceed their bounds', () => {
  const step = fc.record({
    endpoint: fc.constantFrom('a', 'b', 'c'),
    how: fc.constantFrom<Ending | 'start' | 'cancel'>('start', 'start', 'answered', 'refused', 'away', 'cancel'),
    tookMs: fc.constantFrom(QUICK_MS, SLOW_MS),
    passMs: fc.nat(3_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const lines = makeWebhookLines();
      const inFlight = new Map<string, number>();
      let nowMs = 0;
      for (const { endpoint, how, tookMs, passMs } of steps) {
        nowMs += passMs;
        const count = inFlight.get(endpoint) ?? 0;
        if (how === 'start') {
          inFlight.set(endpoint, count + fill(lines, endpoint, nowMs));
        } else if (count > 0) {
          if (how === 'cancel') lines.cancelled(endpoint);
          else lines.ended(endpoint, { how, tookMs, nowMs });
          inFlight.set(endpoint, count - 1);
        }
        assert.ok((inFlight.get(endpoint) ?? 0) <= 10);
        assert.equal(
          lines.total,
          [...inFlight.values()].reduce((sum, each) => sum + each, 0),
        );
      }
    }),
  );
});
