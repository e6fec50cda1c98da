// This file plays the first host's routing, [SparkPost, Elastic Email]: mail of authenticated domains goes by SparkPost, mail of other domains and of
// verified single addresses by Elastic Email, and every stored decision says who was eligible and why the others were not.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { openDesk } from '../support/desk.ts';
import type { ShownMessage } from '../support/desk-api.ts';

const account = new Map<string, string>();

const desk = await openDesk({ after });
const { body } = await desk.api('GET', '/v1/provider-accounts');
for (const { id, provider } of body.data) account.set(provider, id);
await desk.route([account.get('sparkpost') ?? '', account.get('elastic-email') ?? '']);

function decisionOf(message: ShownMessage) {
  const [recipient] = message.recipients;
  assert.ok(recipient?.decision, 'the decision is stored');
  const { judgements, better, heldBecause } = recipient.decision;
  const said = new Map(judgements.map((judgement) => [judgement.account, judgement]));
  return {
    account: recipient.account_id,
    sparkpost: said.get('Simulated SparkPost'),
    elastic: said.get('Simulated Elastic Email'),
    better,
    heldBecause,
  };
}

it('sends an authenticated domain by SparkPost', async () => {
  const { key } = await desk.tenant('Proven', { name: 'proven.test', authenticated: true });
  const { id } = await desk.hand({ from: 'office@proven.test', to: 'member+a@mailbox.test', subject: 'x', text: 'x' }, key);
  const { account: chosen, sparkpost, elastic, better } = decisionOf(await desk.settled(id, ['delivered']));
  assert.equal(chosen, account.get('sparkpost'));
  assert.equal(sparkpost?.chosen, true);
  assert.deepEqual([elastic?.chosen, elastic?.stoppedAt], [false, 'preferred']);
  assert.match(elastic?.because ?? '', /Simulated SparkPost comes first/);
  assert.equal(better, null);
});

it('sends a domain that is not authenticated by Elastic Email', async () => {
  const { key } = await desk.tenant('Unproven', { name: 'unproven.test', authenticated: false });
  const { id } = await desk.hand({ from: 'office@unproven.test', to: 'member+b@mailbox.test', subject: 'x', text: 'x' }, key);
  const { account: chosen, sparkpost, elastic, better } = decisionOf(await desk.settled(id, ['delivered']));
  assert.equal(chosen, account.get('elastic-email'));
  assert.deepEqual([sparkpost?.chosen, sparkpost?.stoppedAt, elastic?.chosen], [false, 'may', true]);
  assert.match(sparkpost?.because ?? '', /unproven\.test is not authenticated/);
  assert.match(better ?? '', /Authenticate unproven\.test .*Simulated SparkPost/);
});

it('sends a verified address at gmail.com by Elastic Email, and holds it where nobody may', async () => {
  const { id: tenantId, key } = await desk.tenant('Treasurer');
  const from = 'treasurer.of.the.club@gmail.com';
  const unknown = await desk.api('POST', '/v1/messages', { from, to: 'member@mailbox.test', subject: 'x', text: 'x' }, key);
  assert.deepEqual([unknown.status, unknown.body.code], [403, 'SENDER_NOT_ALLOWED']);
  assert.equal((await desk.api('POST', `/v1/tenants/${tenantId}/senders`, { address: from })).status, 201);
  const { id } = await desk.hand({ from, to: 'member+c@mailbox.test', subject: 'x', text: 'x' }, key);
  const { account: chosen, sparkpost } = decisionOf(await desk.settled(id, ['delivered']));
  assert.equal(chosen, account.get('elastic-email'));
  assert.equal(sparkpost?.stoppedAt, 'may');

  await desk.route([account.get('sparkpost') ?? ''], { tenant_id: tenantId });
  const held = await desk.hand({ from, to: 'member+d@mailbox.test', subject: 'x', text: 'x' }, key);
  assert.equal(held.recipients[0]?.state, 'held');
  const message = await desk.message(held.id);
  assert.equal(message.recipients[0]?.reason, 'free-mailbox');
  assert.match(decisionOf(message).heldBecause ?? '', /gmail\.com.*Use an address of a domain of your own/);
  await desk.quiet();
});
