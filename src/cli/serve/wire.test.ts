import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeliveryJob } from '../../flows/deliver.ts';
import { makeClaim } from './wire.ts';

test('jobs that were claimed in a life that is over go back, and others go on', async () => {
  const lease = { epoch: 7 };
  // The cast: what a job holds is nothing to this file.
  const job = { laneId: 1, recipients: [] } as unknown as DeliveryJob;
  let duringClaim = () => {};
  const returned: DeliveryJob[] = [];
  const claim = makeClaim({
    lease,
    claim: async () => {
      duringClaim();
      return { jobs: [job], found: 1 };
    },
    giveBack: async (jobs) => void returned.push(...jobs),
  });
  assert.deepEqual(await claim(1, 1, 1), { jobs: [job], found: 1 });
  duringClaim = () => {
    lease.epoch = 8;
  };
  assert.deepEqual(await claim(1, 1, 1), { jobs: [], found: 0 });
  assert.deepEqual(returned, [job]);
});
