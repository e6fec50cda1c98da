import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../test/support/property.ts';
import { idFloor, idMint, idTimeMs, isId } from './ids.ts';

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('an id has the form of a UUIDv7 and says when it was made', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (nowMs) => {
      const id = idMint({ nowMs: () => nowMs }).next();
      assert.match(id, FORM);
      assert.ok(isId(id));
      assert.equal(idTimeMs(id), nowMs);
      assert.ok(id >= idFloor(nowMs));
    }),
  );
});

test('ids only grow: within a millisecond, past its last, and when the clock goes back', () => {
  let nowMs = Date.UTC(2026, 4, 5);
  const mint = idMint({ nowMs: () => nowMs });
  let before = '';
  for (let made = 0; made < 10_000; made += 1) {
    if (made === 6_000) nowMs -= 5_000;
    const id = mint.next();
    assert.ok(id > before, `${id} after ${before}`);
    assert.match(id, FORM);
    before = id;
  }
});

test('an id once made does not change when others are', () => {
  const mint = idMint({ nowMs: () => 1_000 });
  const ids = Array.from({ length: 2_000 }, () => mint.next());
  assert.equal(new Set(ids).size, ids.length);
});
