import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { FENCE_MS, makeNodeLease, RENEW_MS } from './node-lease.ts';

const leaseOf = (epoch: number, tick: number) => (BigInt(epoch) << 24n) + BigInt(tick);

function node(renew: () => Promise<boolean>) {
  const clock: Clock & { at: number } = { at: 0, nowMs: () => clock.at, monotonicMs: () => clock.at };
  const allowed: boolean[] = [];
  const saved: bigint[] = [];
  const lost: number[] = [];
  let epoch = 40;
  const lease = makeNodeLease({
    clock,
    log: silentLog,
    register: async () => ++epoch,
    renew: (_, oldest) => {
      saved.push(oldest);
      return renew();
    },
    leaseOf,
    onLost: () => lost.push(epoch),
    onAllowed: (may) => allowed.push(may),
  });
  /** Moves time and lets the watch (every half second of real time) see it. */
  const pass = async (ms: number, until: () => boolean) => {
    clock.at += ms;
    while (!until()) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  return { lease, clock, allowed, saved, lost, pass };
}

test('every renewal starts a new tick, and the oldest open one is what is saved', async () => {
  const n = node(async () => true);
  await n.lease.start();
  const first = n.lease.current();
  assert.equal(first, leaseOf(41, 0));
  n.lease.opened(first);
  await n.pass(RENEW_MS, () => n.lease.current() > first);
  assert.equal(n.lease.current(), leaseOf(41, 1));
  assert.equal(n.lease.oldest(), first);
  n.lease.closed(first);
  assert.equal(n.lease.oldest(), leaseOf(41, 1));
  n.lease.stop();
  assert.deepEqual(n.saved, [first]);
});

test('unrenewed for ten seconds, the node keeps off the wire until the database answers again', async () => {
  let up = false;
  const n = node(async () => {
    if (!up) throw new Error('no answer');
    return true;
  });
  await n.lease.start();
  await n.pass(FENCE_MS, () => !n.lease.allowed);
  up = true;
  await n.pass(1, () => n.lease.allowed);
  assert.deepEqual(n.allowed, [true, false, true]);
  n.lease.stop();
});

test('a node that was declared dead comes back under a new epoch', async () => {
  let dead = true;
  const n = node(async () => {
    const answer = !dead;
    dead = false;
    return answer;
  });
  await n.lease.start();
  await n.pass(RENEW_MS, () => n.lease.epoch === 42);
  assert.equal(n.lease.current(), leaseOf(42, 0));
  assert.deepEqual(n.lost, [41]);
  n.lease.stop();
});

test('a registration that was slow to be answered counts from when it was asked for', async () => {
  let answer = (_epoch: number) => {};
  const clock: Clock & { at: number } = { at: 0, nowMs: () => clock.at, monotonicMs: () => clock.at };
  const allowed: boolean[] = [];
  const lease = makeNodeLease({
    clock,
    log: silentLog,
    register: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    renew: () => Promise.reject(new Error('no answer')),
    leaseOf,
    onLost: () => {},
    onAllowed: (may) => allowed.push(may),
  });
  const started = lease.start();
  // The database has counted its 20 s since the row was made.
  clock.at = FENCE_MS;
  answer(41);
  await started;
  // Two looks of the watch.
  for (let n = 0; n < 120 && lease.allowed; n += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  lease.stop();
  assert.deepEqual(allowed, [true, false]);
  assert.equal(lease.allowed, false);
});

test('whoever asks hears at once that the node stood still for too long', async () => {
  const n = node(() => new Promise(() => {}));
  await n.lease.start();
  assert.equal(n.lease.allowed, true);
  n.clock.at += FENCE_MS;
  assert.equal(n.lease.allowed, false);
  assert.deepEqual(n.allowed, [true], 'no timer has run since');
  n.lease.stop();
});
