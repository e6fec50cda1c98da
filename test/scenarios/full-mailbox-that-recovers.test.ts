// This file fills a mailbox for a fortnight: newsletters stop after the third refusal, receipts still go out, and the first of them that arrives
// ends the hold, which the application hears.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { heldAddress } from '../support/held-address.ts';

it('is put on hold for newsletters, not for receipts, and released by the first delivery', { timeout: 600_000 }, async () => {
  const world = await heldAddress({ after }, 'full@club.test');
  const full = {
    type: 'bounced',
    class: 'mailbox-full',
    fault: 'recipient',
    diagnostic: '452 4.2.2 The email account is over quota',
  } as const;
  await world.hear({ ...full, day: 0 });
  await world.hear({ ...full, day: 7 });
  assert.deepEqual(await world.holds(), []);
  await world.hear({ ...full, day: 15 });
  assert.deepEqual(await world.holds(), [{ stream: 'bulk', reason: 'mailbox-full', holds: 1, days: 30 }]);
  assert.equal(await world.door('bulk'), 'suppressed');
  assert.equal(await world.door('transactional'), 'queued');
  await world.hear({ type: 'delivered', day: 16 });
  assert.deepEqual(await world.holds(), []);
  assert.equal(await world.door('bulk'), 'queued');
  assert.deepEqual(await world.told(), ['hold.created mailbox-full', 'hold.released mailbox-full delivered']);
});
