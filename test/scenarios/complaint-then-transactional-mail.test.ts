// This file presses the spam button: newsletters to the person stop at once and for good, what she waits for still goes out, also after a delivery, and
// an unsubscription on top changes nothing more.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { heldAddress } from '../support/held-address.ts';

it('stops newsletters for good and nothing else', { timeout: 600_000 }, async () => {
  const world = await heldAddress({ after }, 'angry@club.test');
  await world.hear({ type: 'complained', class: 'complaint', day: 0 });
  const hold = { stream: 'bulk', reason: 'complaint', holds: 1, days: null };
  assert.deepEqual(await world.holds(), [hold]);
  assert.equal(await world.door('bulk'), 'suppressed');
  assert.equal(await world.door('transactional'), 'queued');
  await world.hear({ type: 'delivered', day: 1 });
  await world.hear({ type: 'unsubscribed', day: 2 });
  assert.deepEqual(await world.holds(), [hold]);
  world.goTo(2_000);
  assert.equal(await world.door('bulk'), 'suppressed');
  assert.deepEqual(await world.told(), ['hold.created complaint']);
});
