import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutter, makeBatcher } from './batcher.ts';

const settled = (promises: Promise<unknown>[]) => Promise.allSettled(promises);

test('everybody who arrives in one turn goes into one statement', async () => {
  const batches: number[][] = [];
  const batcher = makeBatcher<number, number>({
    dataError: () => false,
    run: async (items) => {
      batches.push([...items]);
      return items.map((n) => n * 2);
    },
  });
  const answers = await Promise.all([1, 2, 3].map((n) => batcher.submit(n)));
  assert.deepEqual(answers, [2, 4, 6]);
  assert.deepEqual(batches, [[1, 2, 3]]);
});

test('while statements run, the next batch gathers; never more than two run, never more than the limit go together', async () => {
  let running = 0;
  let most = 0;
  const sizes: number[] = [];
  const batcher = makeBatcher<number, number>({
    itemsMax: 10,
    dataError: () => false,
    run: async (items) => {
      running += 1;
      most = Math.max(most, running);
      sizes.push(items.length);
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return items.slice();
    },
  });
  const answers = await Promise.all(Array.from({ length: 95 }, (_, n) => batcher.submit(n)));
  assert.deepEqual(
    answers,
    Array.from({ length: 95 }, (_, n) => n),
  );
  assert.equal(most, 2);
  assert.ok(sizes.every((size) => size <= 10));
});

test('on a data error only the guilty item fails', async () => {
  let statements = 0;
  const batcher = makeBatcher<number, number>({
    dataError: (error) => error instanceof RangeError,
    run: async (items) => {
      statements += 1;
      if (items.some((n) => n === 13 || n === 77)) throw new RangeError('not this one');
      return items.slice();
    },
  });
  const results = await settled(Array.from({ length: 100 }, (_, n) => batcher.submit(n)));
  const failed = results.flatMap((result, n) => (result.status === 'rejected' ? [n] : []));
  assert.deepEqual(failed, [13, 77]);
  assert.ok(statements < 40, `halving took ${statements} statements`);
});

test('on an outage everybody in the batch hears of it, and the next batch is tried', async () => {
  let down = true;
  const batcher = makeBatcher<number, number>({
    dataError: () => false,
    run: async (items) => {
      if (down) throw new Error('connection lost');
      return items.slice();
    },
  });
  const results = await settled([batcher.submit(1), batcher.submit(2)]);
  assert.ok(results.every((result) => result.status === 'rejected'));
  down = false;
  assert.equal(await batcher.submit(3), 3);
});

test('drained waits for what waits and what runs', async () => {
  let finished = 0;
  const batcher = makeBatcher<number, undefined>({
    itemsMax: 1,
    dataError: () => false,
    run: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      finished += 1;
      return [undefined];
    },
  });
  const work = [1, 2, 3, 4].map((n) => batcher.submit(n));
  await batcher.drained();
  assert.equal(finished, 4);
  await Promise.all(work);
});

test('a batcher that rests runs the first item at once, gathers what follows, and lets many go without the rest', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { batcher, batches } = resting(10);
  await batcher.submit(1);
  const few = [2, 3].map((n) => batcher.submit(n));
  await turns();
  assert.deepEqual(batches, [[1]], 'it rests while only a few wait');
  t.mock.timers.tick(10);
  await Promise.all(few);
  assert.deepEqual(batches, [[1], [2, 3]]);
  const many = Array.from({ length: 30 }, (_, n) => n + 4);
  await Promise.all(many.map((n) => batcher.submit(n)));
  assert.deepEqual(batches, [[1], [2, 3], many]);
});

test('what waits while a batcher rests is waited for by `drained`', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { batcher, batches } = resting(10);
  await batcher.submit(1);
  void batcher.submit(2);
  let drained = false;
  const end = batcher.drained().then(() => {
    drained = true;
  });
  await turns();
  assert.equal(drained, false);
  t.mock.timers.tick(10);
  await end;
  assert.deepEqual(batches, [[1], [2]]);
});

function resting(restMs: number) {
  const batches: number[][] = [];
  const batcher = makeBatcher<number, number>({
    restMs,
    dataError: () => false,
    run: async (items) => {
      batches.push([...items]);
      return items.slice();
    },
  });
  return { batcher, batches };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('a batch is cut into statements that run one after the other, and each answers its own items', async () => {
  const runs: number[][] = [];
  const batcher = makeBatcher<number, number>({
    run: async (items) => {
      runs.push([...items]);
      if (items.includes(3)) throw new Error('away');
      return items.map((item) => item * 10);
    },
    dataError: () => false,
    cut: () => [2, 1, 1],
  });
  const answers = await Promise.allSettled([1, 2, 3, 4].map((item) => batcher.submit(item)));
  assert.deepEqual(runs, [[1, 2], [3], [4]]);
  assert.deepEqual(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'refused')),
    [10, 20, 'refused', 40],
  );
});

test('a cutter ends a statement before it has too many bytes, or a key twice', () => {
  const mib = 1024 * 1024;
  const cut = cutter(
    (item: { size: number; key?: string }) => item.size,
    (item) => item.key ?? null,
  );
  assert.deepEqual(cut([{ size: 5 * mib }, { size: 5 * mib }, { size: 3 * mib }, { size: 50 * mib }, { size: 1 }]), [1, 2, 1, 1]);
  assert.deepEqual(
    cut([{ size: 1, key: 'a' }, { size: 1 }, { size: 1 }, { size: 1, key: 'b' }, { size: 1, key: 'a' }, { size: 1, key: 'b' }]),
    [4, 2],
  );
});
