import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../clock.ts';
import { silentLog } from '../log.ts';
import type { Dispatcher, Job } from './contract.ts';
import { makeDispatcher } from './dispatcher.ts';

interface TestJob extends Job {
  readonly n: number;
}

/** A world of lanes with rows, gates with places, and a wire that the test lets go by hand. */
function world(
  options: {
    gateOf?: (laneId: number) => number | null;
    claim?: (jobs: TestJob[]) => Promise<{ jobs: TestJob[]; found: number }>;
    hasRoom?: () => boolean;
    mayWrite?: () => boolean;
  } = {},
) {
  const rows = new Map<number, TestJob[]>();
  const wire: { job: TestJob; done: () => void }[] = [];
  const carried: number[] = [];
  const returned: TestJob[] = [];
  const claims: { laneId: number; limit: number }[] = [];
  const clock: Clock & { at: number } = { at: 1_000_000, nowMs: () => clock.at, monotonicMs: () => clock.at };
  const dispatcher: Dispatcher<TestJob> = makeDispatcher<TestJob>({
    clock,
    log: silentLog,
    claim: async (laneId, limit) => {
      claims.push({ laneId, limit });
      const jobs = rows.get(laneId)?.splice(0, limit) ?? [];
      return options.claim?.(jobs) ?? { jobs, found: jobs.length };
    },
    perform: (job) =>
      new Promise((resolve) => {
        carried.push(job.n);
        wire.push({ job, done: resolve });
      }),
    giveBack: async (jobs) => {
      returned.push(...jobs);
    },
    gateOf: options.gateOf ?? (() => 1),
    hasRoom: options.hasRoom ?? (() => true),
    mayWrite: options.mayWrite ?? (() => true),
    rescan: async () => [...rows].filter(([, waiting]) => waiting.length > 0).map(([laneId]) => ({ laneId, dueAtMs: 0 })),
    traits: async (laneIds) => new Map(laneIds.map((id) => [id, { urgent: false, blockedUntilMs: null }])),
  });
  let n = 0;
  return {
    dispatcher,
    clock,
    rows,
    wire,
    carried,
    returned,
    claims,
    job: (laneId: number): TestJob => ({ laneId, cost: 1, n: ++n }),
    fill(laneId: number, count: number) {
      rows.set(
        laneId,
        Array.from({ length: count }, () => ({ laneId, cost: 1, n: ++n })),
      );
    },
    async turn() {
      for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
    },
    async drain() {
      for (let i = 0; i < 10_000 && wire.length > 0; i += 1) {
        wire.splice(0, 1)[0]?.done();
        await this.turn();
      }
    },
  };
}

const traits = { urgent: true, blockedUntilMs: null };

test('a reserved job goes to the wire without a claim, and never more than the gate has places', async () => {
  const w = world();
  w.dispatcher.setGate(1, 2);
  w.dispatcher.meet(5, traits);
  for (let i = 0; i < 4; i += 1) {
    assert.equal(await w.dispatcher.reserve(5), true);
    w.dispatcher.launch(w.job(5));
  }
  await w.turn();
  assert.deepEqual([w.wire.length, w.claims.length], [2, 0]);
  await w.drain();
  assert.deepEqual(w.carried, [1, 2, 3, 4]);
});

test('doors that a commit answered in one turn are all answered before the first of their jobs is carried', async () => {
  const w = world();
  w.dispatcher.setGate(1, 4);
  w.dispatcher.meet(5, traits);
  const door = async (n: number) => {
    // What a door does when its commit is answered: it launches its job, and some steps later its answer is written.
    w.dispatcher.launch(w.job(5));
    for (let step = 0; step < 20; step += 1) await null;
    return { n, carriedBefore: w.carried.length };
  };
  for (let i = 0; i < 3; i += 1) assert.equal(w.dispatcher.reserve(5), true);
  const answers = await Promise.all([1, 2, 3].map(door));
  assert.deepEqual(
    answers.map(({ carriedBefore }) => carriedBefore),
    [0, 0, 0],
  );
  await w.turn();
  assert.deepEqual(w.carried, [1, 2, 3]);
});

test('a lane with rows in the database takes no hot job, so nobody overtakes its backlog', async () => {
  const w = world();
  w.dispatcher.setGate(1, 1);
  w.dispatcher.meet(5, traits);
  w.fill(5, 300);
  w.dispatcher.poke(5);
  assert.equal(await w.dispatcher.reserve(5), false);
  await w.turn();
  await w.drain();
  assert.equal(w.carried.length, 300);
  assert.deepEqual(
    w.carried,
    w.carried.toSorted((a, b) => a - b),
  );
  assert.equal(await w.dispatcher.reserve(5), true);
});

test('a lane that has nearly caught up lets doors wait for its claim, and goes on from memory behind what it claimed', async () => {
  const w = world();
  w.dispatcher.setGate(1, 4);
  w.dispatcher.meet(5, traits);
  w.fill(5, 3);
  w.dispatcher.poke(5);
  await w.turn();
  assert.deepEqual([w.claims.length, w.carried.length], [1, 3], 'it took everything there was');
  w.fill(5, 2);
  w.dispatcher.poke(5);
  const asked = [w.dispatcher.reserve(5), w.dispatcher.reserve(5)];
  assert.ok(asked.every((each) => each instanceof Promise));
  for (const each of asked) {
    assert.equal(await each, true);
    w.dispatcher.launch(w.job(5));
  }
  await w.drain();
  assert.equal(w.claims.length, 2);
  assert.deepEqual(w.carried, [1, 2, 3, 4, 5, 6, 7]);
});

test('doors that wait for a claim are sent away when it finds more than it can take', async () => {
  const w = world();
  w.dispatcher.setGate(1, 1);
  w.dispatcher.meet(5, traits);
  w.fill(5, 1);
  w.dispatcher.poke(5);
  await w.turn();
  await w.drain();
  w.fill(5, 500);
  w.dispatcher.poke(5);
  assert.equal(await w.dispatcher.reserve(5), false);
  await w.drain();
  assert.equal(w.carried.length, 501);
});

test('lanes are claimed from in turn, each a little, whatever their backlog', async () => {
  const w = world();
  w.dispatcher.setGate(1, 4);
  for (const lane of [1, 2, 3]) w.dispatcher.meet(lane, { urgent: false, blockedUntilMs: null });
  w.fill(1, 5_000);
  w.fill(2, 50);
  w.fill(3, 50);
  for (const lane of [1, 2, 3]) w.dispatcher.poke(lane);
  await w.turn();
  for (let i = 0; i < 200; i += 1) {
    w.wire.splice(0, 1)[0]?.done();
    await w.turn();
  }
  assert.equal((w.rows.get(2)?.length ?? 0) + (w.rows.get(3)?.length ?? 0), 0);
});

test('a blocked lane costs no claim until its time, then it is found again', async () => {
  const w = world();
  w.dispatcher.setGate(1, 2);
  w.dispatcher.meet(5, traits);
  w.dispatcher.block(5, w.clock.at + 10_000);
  w.fill(5, 3);
  w.dispatcher.poke(5);
  await w.turn();
  assert.equal(w.claims.length, 0);
  assert.equal(await w.dispatcher.reserve(5), false);
  w.clock.at += 10_001;
  w.dispatcher.poke(5);
  w.dispatcher.start();
  while (w.wire.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await w.drain();
  await w.dispatcher.stop(100);
  assert.equal(w.carried.length, 3);
});

test('a shut gate gives its waiting jobs back and takes none', async () => {
  const w = world();
  w.dispatcher.setGate(1, 1);
  w.dispatcher.meet(5, traits);
  for (let i = 0; i < 3; i += 1) {
    assert.equal(await w.dispatcher.reserve(5), true);
    w.dispatcher.launch(w.job(5));
  }
  await w.turn();
  w.dispatcher.setGate(1, 0);
  await w.turn();
  assert.deepEqual(
    w.returned.map((job) => job.n),
    [2, 3],
  );
  assert.equal(await w.dispatcher.reserve(5), false);
});

test('a door waits a moment for a place rather than queueing up, and is let in when one comes free', async () => {
  const w = world();
  w.dispatcher.setGate(1, 1);
  w.dispatcher.meet(5, traits);
  const granted: boolean[] = [];
  let last: boolean | Promise<boolean> = true;
  while (last === true) {
    last = w.dispatcher.reserve(5);
    if (last === true) w.dispatcher.launch(w.job(5));
  }
  assert.ok(last instanceof Promise);
  void last.then((answer) => granted.push(answer));
  await w.turn();
  assert.deepEqual(granted, []);
  w.wire.splice(0, 1)[0]?.done();
  await w.turn();
  assert.deepEqual(granted, [true]);
});

test('a node that may not write claims nothing and grants nothing', async () => {
  const w = world();
  w.dispatcher.setGate(1, 2);
  w.dispatcher.meet(5, traits);
  w.dispatcher.setAllowed(false);
  w.fill(5, 2);
  w.dispatcher.poke(5);
  await w.turn();
  assert.equal(w.claims.length, 0);
  assert.equal(await w.dispatcher.reserve(5), false);
  w.dispatcher.setAllowed(true);
  w.dispatcher.poke(5);
  await w.turn();
  assert.equal(w.wire.length, 2);
});

test('stopping gives back what waits and lets the wire finish', async () => {
  const w = world();
  w.dispatcher.setGate(1, 1);
  w.dispatcher.meet(5, traits);
  for (let i = 0; i < 3; i += 1) {
    assert.equal(await w.dispatcher.reserve(5), true);
    w.dispatcher.launch(w.job(5));
  }
  await w.turn();
  const stopped = w.dispatcher.stop(5_000);
  await w.turn();
  assert.equal(w.returned.length, 2);
  w.wire.splice(0, 1)[0]?.done();
  await stopped;
  assert.deepEqual(w.carried, [1]);
});

test('a job that comes when its gate was shut meanwhile goes back, hot or claimed', async () => {
  let claimed = () => {};
  const w = world();
  w.dispatcher.setGate(1, 2);
  w.dispatcher.meet(5, traits);
  // A door has a place, and the account is paused while its commit is on its way.
  assert.equal(await w.dispatcher.reserve(5), true);
  w.dispatcher.setGate(1, 0);
  w.dispatcher.launch(w.job(5));
  await w.turn();
  assert.deepEqual(
    w.returned.map((job) => job.n),
    [1],
  );
  // The same with a claim.
  const slow = world({
    claim: (jobs) =>
      new Promise((resolve) => {
        claimed = () => resolve({ jobs, found: jobs.length });
      }),
  });
  slow.dispatcher.setGate(1, 2);
  slow.dispatcher.meet(5, traits);
  slow.fill(5, 1);
  slow.dispatcher.poke(5);
  slow.dispatcher.setGate(1, 0);
  claimed();
  await slow.turn();
  assert.equal(slow.returned.length, 1);
  assert.equal(slow.dispatcher.stats.waiting, 0);
});

test('a full memory takes nothing in, hot or claimed, and goes on as soon as the wire has made room', async () => {
  let room = true;
  const w = world({ hasRoom: () => room });
  w.dispatcher.setGate(1, 1);
  w.dispatcher.meet(5, traits);
  w.dispatcher.meet(6, traits);
  w.fill(6, 3);
  assert.equal(await w.dispatcher.reserve(5), true);
  w.dispatcher.launch(w.job(5));
  await w.turn();
  room = false;
  const waits = w.dispatcher.reserve(5);
  w.dispatcher.poke(6);
  await w.turn();
  assert.deepEqual([w.claims, w.wire.length], [[], 1]);
  room = true;
  await w.drain();
  assert.equal(await waits, true);
  assert.deepEqual(w.carried, [4, 1, 2, 3]);
});

test('a gate whose jobs fill the memory and do not move leaves the others a place', async () => {
  let held = 0;
  const w = world({ gateOf: (laneId) => (laneId === 5 ? 1 : 2), hasRoom: () => held < 3 });
  w.dispatcher.setGate(1, 1);
  w.dispatcher.setGate(2, 4);
  for (const lane of [5, 6, 7]) w.dispatcher.meet(lane, traits);
  w.fill(5, 4);
  w.dispatcher.poke(5);
  await w.turn();
  assert.deepEqual(w.carried, [1]);
  held = 4;
  w.fill(6, 2);
  w.fill(7, 1);
  for (const lane of [6, 7]) w.dispatcher.poke(lane);
  await w.turn();
  // One at a time, because the memory is full; the first job of the other gate still stands on its wire.
  assert.deepEqual(w.carried, [1, 5]);
  for (const expected of [
    [1, 5, 7],
    [1, 5, 7, 6],
  ]) {
    w.wire.splice(1, 1)[0]?.done();
    await w.turn();
    assert.deepEqual(w.carried, expected);
  }
  assert.deepEqual(
    w.claims.map(({ laneId, limit }) => [laneId, laneId === 5 ? 0 : limit]),
    [
      [5, 0],
      [6, 1],
      [7, 1],
      [6, 1],
    ],
  );
});

test('a gate with a rate takes no more out of the database than it starts within seconds, hot or claimed', async () => {
  const w = world();
  w.dispatcher.setGate(1, 20, 30);
  for (const lane of [5, 6]) w.dispatcher.meet(lane, traits);
  w.fill(5, 100);
  w.dispatcher.poke(5);
  await w.turn();
  // Who waits in memory can be called back no more, and a hold that comes meanwhile is not heeded: five start within ten seconds.
  assert.equal(w.carried.length, 1);
  assert.equal(w.rows.get(5)?.length, 95);
  const asked = Array.from({ length: 3 }, () => w.dispatcher.reserve(6));
  assert.deepEqual(asked, [true, false, false]);
  w.clock.at += 2_000;
  w.wire[0]?.done();
  await w.turn();
  assert.deepEqual([w.carried.length, w.rows.get(5)?.length], [2, 93]);
});

test('a process that stood still writes nothing and claims nothing before anybody told it so', async () => {
  let fresh = true;
  const w = world({ mayWrite: () => fresh });
  w.dispatcher.setGate(1, 1);
  w.dispatcher.meet(5, traits);
  for (let n = 0; n < 2; n += 1) {
    assert.equal(await w.dispatcher.reserve(5), true);
    w.dispatcher.launch(w.job(5));
  }
  await w.turn();
  assert.deepEqual(w.carried, [1]);
  // The first answer after the pause frees a place before any timer runs.
  fresh = false;
  w.fill(6, 3);
  w.dispatcher.meet(6, traits);
  await w.drain();
  w.dispatcher.poke(6);
  await w.turn();
  assert.deepEqual(w.carried, [1]);
  assert.deepEqual(w.claims, []);
  assert.equal(await w.dispatcher.reserve(5), false);
  fresh = true;
  w.dispatcher.setAllowed(true);
  await w.drain();
  assert.deepEqual(w.carried.slice(0, 2), [1, 2]);
});
