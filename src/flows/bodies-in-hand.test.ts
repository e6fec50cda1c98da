import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Body, makeBodiesInHand } from './bodies-in-hand.ts';

const body = (length: number): Body => ({ raw: { length } });

test('there is room until the bytes are reached, and again when a message has left', () => {
  const bodies = makeBodiesInHand(100);
  const [first, second] = [body(99), body(50)];
  bodies.enter(first);
  assert.equal(bodies.hasRoom(), true);
  bodies.enter(second);
  assert.deepEqual([bodies.bytes, bodies.hasRoom()], [149, false]);
  bodies.leave(second);
  assert.deepEqual([bodies.bytes, bodies.hasRoom()], [99, true]);
});

test('whatever enters and leaves in whatever order, the bytes are those of the messages that have a job left', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), fc.boolean()), { maxLength: 60 }), (moves) => {
      const bodies = makeBodiesInHand();
      const messages = Array.from({ length: 5 }, (_, n) => body(10 ** n));
      const open = messages.map(() => 0);
      for (const [n, enters] of moves) {
        const message = messages[n];
        assert.ok(message);
        if (enters) bodies.enter(message);
        else bodies.leave(message);
        open[n] = Math.max(0, (open[n] ?? 0) + (enters ? 1 : -1));
      }
      assert.equal(
        bodies.bytes,
        messages.reduce((sum, { raw }, n) => sum + ((open[n] ?? 0) > 0 ? raw.length : 0), 0),
      );
    }),
  );
});
