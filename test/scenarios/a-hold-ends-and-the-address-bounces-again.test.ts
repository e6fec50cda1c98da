// This file lets a hold end and writes to the address once more: the one refusal that follows holds it twice as long, never more than a year, also after
// the ended hold was forgotten.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { purgeEndedHolds } from '../../src/store/expiry.ts';
import { heldAddress } from '../support/held-address.ts';

it('doubles the hold with every repeat, up to a year', { timeout: 600_000 }, async () => {
  const world = await heldAddress({ after }, 'gone@club.test');
  const gone = {
    type: 'bounced',
    class: 'invalid-recipient',
    fault: 'recipient',
    hard: true,
    suppress: true,
    diagnostic: '550 5.1.1 no such user',
  } as const;
  await world.hear({ ...gone, day: 0 });
  assert.deepEqual(await world.holds(), [{ stream: null, reason: 'invalid-recipient', holds: 1, days: 180 }]);
  // During the hold nothing is written; a report that comes late does not lengthen it.
  await world.hear({ ...gone, day: 2 });
  assert.deepEqual(await world.holds(), [{ stream: null, reason: 'invalid-recipient', holds: 1, days: 180 }]);
  world.goTo(200);
  assert.deepEqual(await world.holds(), []);
  assert.equal(await world.ended(), 1, 'it is remembered');
  // The database's clock still stands before the end of the hold; every end lies before "in a thousand days".
  assert.equal(await purgeEndedHolds(world.pool, { days: -1_000, rememberDays: 366, limit: 10 }), 1);
  assert.equal(await world.ended(), 0, 'it is forgotten, and its marks are not');
  await world.hear({ ...gone, day: 200 });
  assert.deepEqual(await world.holds(), [{ stream: null, reason: 'invalid-recipient', holds: 2, days: 360 }]);
  world.goTo(600);
  await world.hear({ ...gone, day: 600 });
  assert.deepEqual(await world.holds(), [{ stream: null, reason: 'invalid-recipient', holds: 3, days: 365 }]);
  assert.deepEqual(
    await world.told(),
    Array.from({ length: 3 }, () => 'hold.created invalid-recipient'),
  );
});
