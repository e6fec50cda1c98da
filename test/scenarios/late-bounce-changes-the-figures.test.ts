// This file hands mail with several fates to a running desk and reads the statistics by API and command: one that bounces after it was delivered
// moves from delivered to bounced and is counted once, a complaint stands at its mailing, and the rates say of what.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const FATES = ['member', 'member-2', 'bounce', 'late-bounce-1', 'complaint-1'];

it('and counts everybody once', { timeout: 600_000 }, async () => {
  const desk = await openDesk({ after });
  const club = await desk.tenant('Rowing Club', { name: 'club.test' });
  const { body: accounts } = await desk.api('GET', '/v1/provider-accounts');
  const { id: account } = accounts.data.find((each: { provider: string }) => each.provider === 'sparkpost');
  await desk.route([account], { tenant_id: club.id });
  for (const fate of FATES) {
    await desk.hand(
      { from: 'office@club.test', to: `${fate}@mailbox.test`, subject: fate, text: 'x', stream: 'bulk', tags: ['regatta'] },
      club.key,
    );
  }
  const total = async () => (await desk.api('GET', '/v1/statistics?stream=bulk', undefined, club.key)).body.total;
  await until(
    async () => {
      const { delivered, bounced, complained } = await total();
      return delivered === 3 && bounced === 2 && complained === 1;
    },
    { what: 'the figures to say what happened' },
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(await total())}`, { cause: error });
  });
  const figures = await total();
  assert.deepEqual([figures.accepted, figures.under_way, figures.by_fault.recipient], [5, 0, 2]);
  assert.deepEqual([figures.delivered_rate.value, figures.delivered_rate.n], [0.6, 5]);

  const { body: bounces } = await desk.api('GET', '/v1/bounces?class=invalid-recipient', undefined, club.key);
  assert.deepEqual(bounces.data.map((row: { address: string }) => row.address).toSorted(), [
    'bounce@mailbox.test',
    'late-bounce-1@mailbox.test',
  ]);
  assert.ok(bounces.data.every((row: { held: boolean; account: string | null }) => row.held && row.account === null));
  const { body: complaints } = await desk.api('GET', '/v1/complaints', undefined, club.key);
  assert.deepEqual(
    complaints.data.map((row: { address: string; tags: string[] }) => [row.address, row.tags]),
    [['complaint-1@mailbox.test', ['regatta']]],
  );
  const { body: rates } = await desk.api('GET', '/v1/complaints/rates', undefined, club.key);
  assert.equal(rates.data[0].verdict, 'too-little', 'five messages are no rate');
  const { body: overview } = await desk.api('GET', '/v1/overview', undefined, club.key);
  assert.equal(overview.last_24h.delivered_rate.definition, (await desk.api('GET', '/v1/statistics')).body.definitions.delivered_rate);
});
