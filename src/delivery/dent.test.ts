import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterProbe, type Dent, firstProbes } from './dent.ts';

const DENT: Dent = { routeId: 1, mailboxProvider: 'google', incidentId: 'i', openedAtMs: 0, reopened: 0, lastSeenAtMs: 0 };

test('the first probe waits half a minute; each that is refused doubles the rest, up to a quarter of an hour', () => {
  let probes = firstProbes(DENT);
  assert.equal(probes.dueAtMs, 30_000);
  const rests: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    const nowMs = probes.dueAtMs;
    // The answer comes a moment after the probe before.
    probes = afterProbe(probes, (probes.lastAtMs ?? 0) + 1_000, nowMs);
    rests.push((probes.dueAtMs - nowMs) / 1_000);
  }
  assert.deepEqual(rests, [60, 120, 240, 480, 900, 900, 900]);
});

test('probes that nothing bad is heard of come more and more often', () => {
  let probes = { dueAtMs: 0, lastAtMs: 0, doublings: 5 };
  const rests: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    const nowMs = probes.dueAtMs + 1;
    const next = afterProbe(probes, -1, nowMs);
    rests.push((next.dueAtMs - nowMs) / 1_000);
    probes = { ...next, lastAtMs: next.lastAtMs ?? 0 };
  }
  assert.deepEqual(rests, [480, 240, 120, 60, 30, 30]);
});
