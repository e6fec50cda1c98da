import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMetrics } from './metrics.ts';

test('Bounce mailboxes are counted by status, and left out while the database is away', async () => {
  let answers = true;
  const metrics = makeMetrics({
    stats: () => ({ busy: 0, waiting: 0, lanes: 0, hungry: 0, bodiesBytes: 0, intakeWaiting: 0, outcomesWaiting: 0 }),
    connections: () => 0,
    ledgerDifference: () => 0,
    incidents: async () => [],
    mailboxes: async () => [
      { status: 'active', n: 2 },
      { status: 'failing', n: 1 },
    ],
    domains: async () => [],
    answers: async () => [],
    databaseAnswers: async () => answers,
  });
  assert.match(await metrics.text(), /^packetboat_mailboxes\{status="failing"\} 1$/m);
  answers = false;
  assert.doesNotMatch(await metrics.text(), /^packetboat_mailboxes\{/m);
});
