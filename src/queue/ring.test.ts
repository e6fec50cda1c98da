import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { makeRing } from './ring.ts';

interface Job {
  readonly cost: number;
  readonly flow: number;
}

const job = (flow: number, cost = 1): Job => ({ flow, cost });

test('a flow with a thousand jobs and a flow with three take turns', () => {
  const ring = makeRing<Job>();
  for (let n = 0; n < 1_000; n += 1) ring.push(1, false, job(1));
  for (let n = 0; n < 3; n += 1) ring.push(2, false, job(2));
  const first = Array.from({ length: 20 }, () => ring.shift()?.flow);
  assert.equal(first.filter((flow) => flow === 2).length, 3);
});

test('large messages take their share by size, not by number', () => {
  const ring = makeRing<Job>();
  for (let n = 0; n < 400; n += 1) {
    ring.push(1, false, job(1, 40));
    ring.push(2, false, job(2, 1));
  }
  const spent = new Map([
    [1, 0],
    [2, 0],
  ]);
  for (let n = 0; n < 200; n += 1) {
    const next = ring.shift();
    if (next) spent.set(next.flow, (spent.get(next.flow) ?? 0) + next.cost);
  }
  const [large = 0, small = 0] = [spent.get(1), spent.get(2)];
  assert.ok(large / small < 1.6 && small / large < 1.6, `spent ${large} and ${small}`);
});

test('urgent jobs go first, and the others still get a turn now and then', () => {
  const ring = makeRing<Job>();
  for (let n = 0; n < 100; n += 1) {
    ring.push(1, true, job(1));
    ring.push(2, false, job(2));
  }
  const first = Array.from({ length: 64 }, () => ring.shift()?.flow);
  assert.equal(first.filter((flow) => flow === 2).length, 8);
});

test('everything that went in comes out once, and each flow keeps its order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ flow: fc.integer({ min: 1, max: 5 }), cost: fc.integer({ min: 1, max: 60 }), urgent: fc.boolean() }), {
        maxLength: 200,
      }),
      (given) => {
        const ring = makeRing<Job & { n: number }>();
        // A lane is either urgent or not, so the flow number carries it.
        given.forEach((each, n) => {
          const flow = each.urgent ? each.flow + 100 : each.flow;
          ring.push(flow, each.urgent, { cost: each.cost, flow, n });
        });
        assert.equal(ring.size, given.length);
        const out = ring.drain();
        assert.equal(out.length, given.length);
        assert.equal(ring.size, 0);
        for (const flow of new Set(out.map((each) => each.flow))) {
          const order = out.filter((each) => each.flow === flow).map((each) => each.n);
          assert.deepEqual(
            order,
            order.toSorted((a, b) => a - b),
          );
        }
      },
    ),
  );
});
