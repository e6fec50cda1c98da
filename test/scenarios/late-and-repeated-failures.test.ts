// This file tells the story of an address backwards and twice: refusals that come after a release and happened before it do not bring the hold back, and a
// delivery that is told last clears what happened before it.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { heldAddress } from '../support/held-address.ts';

const full = { type: 'bounced', class: 'mailbox-full', fault: 'recipient' } as const;

it('ends in the same holds as told in order', { timeout: 600_000 }, async () => {
  const world = await heldAddress({ after }, 'late@club.test');
  const last = { ...full, day: 20, id: 'third' };
  await world.hear(last, last);
  await world.hear({ ...full, day: 14, id: 'second' }, last);
  assert.deepEqual(await world.holds(), []);
  await world.hear({ ...full, day: 0, id: 'first' });
  assert.deepEqual(await world.holds(), [{ stream: 'bulk', reason: 'mailbox-full', holds: 1, days: 30 }]);
  // It arrived between the first and the second: there were never three in a row.
  await world.hear({ type: 'delivered', day: 10 });
  assert.deepEqual(await world.holds(), []);
  await world.hear({ ...full, day: 0, id: 'first' }, last, { ...full, day: 14, id: 'second' });
  assert.deepEqual(await world.holds(), []);
});

it('keeps a release against answers that are older than it', { timeout: 600_000 }, async () => {
  const world = await heldAddress({ after }, 'released@club.test');
  const gone = { type: 'bounced', class: 'invalid-recipient', fault: 'recipient', hard: true, suppress: true } as const;
  await world.hear({ ...gone, day: 0 });
  world.goTo(3);
  await world.release();
  await world.hear({ ...gone, day: 2 });
  assert.deepEqual(await world.holds(), []);
  world.goTo(5);
  await world.hear({ ...gone, day: 4 });
  assert.deepEqual(await world.holds(), [{ stream: null, reason: 'invalid-recipient', holds: 1, days: 180 }]);
});
