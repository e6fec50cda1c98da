// This file plays the first host's split with only one of its two accounts in the order: mail of a domain that is not authenticated is held and
// says why and what would let it go; released too early it is held again, and once an operator marks the domain authenticated it leaves by itself, by the account that
// insisted on it.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('says why it is held, and goes once the reason is gone', { timeout: 600_000 }, async () => {
  // On a slow machine, too, nothing grows too old meanwhile.
  const desk = await openDesk({ after }, { env: { PACKETBOAT_RETRY_TRANSACTIONAL: '1s 2s; max 60m' } });
  const { body: accounts } = await desk.api('GET', '/v1/provider-accounts');
  const sparkpost = accounts.data.find((account: { provider: string }) => account.provider === 'sparkpost');
  await desk.route([sparkpost.id]);
  const { id: tenantId, key } = await desk.tenant('Choir');
  const { body: domain } = await desk.api('POST', `/v1/tenants/${tenantId}/domains`, { name: 'choir.test' });
  assert.equal(domain.authenticated, false);

  const from = 'office@choir.test';
  const held = await desk.hand({ from, to: ['member@mailbox.test', 'other@mailbox.test'], subject: 'Concert', text: 'At eight.' }, key);
  assert.deepEqual(
    held.recipients.map((recipient) => recipient.state),
    ['held', 'held'],
  );
  const message = await desk.message(held.id);
  const [first] = message.recipients;
  assert.equal(first?.reason, 'no-route');
  assert.match(first?.decision?.heldBecause ?? '', /choir\.test is not authenticated.*Publish its records/);
  assert.match(first?.decision?.better ?? '', /Authenticate choir\.test.*Simulated SparkPost/);
  const [judgement] = first?.decision?.judgements ?? [];
  assert.deepEqual([judgement?.account, judgement?.chosen, judgement?.stoppedAt], ['Simulated SparkPost', false, 'may']);

  const release = (id: string | undefined) => desk.api('POST', `/v1/recipients/${id}/release`, undefined, key);
  // Released too early, it is held again for the same reason rather than lost or handed to somebody who must not have it.
  assert.equal((await release(first?.id)).status, 200);
  await desk.settled(held.id, ['held']);

  await until(async () => (await desk.api('GET', `/v1/domains/${domain.id}`, undefined, key)).body.held_messages === 1, {
    what: 'the domain to count what waits for it',
  });
  assert.match(await desk.command('domains', 'show', domain.id), /1 held message waits for this/);

  assert.equal((await desk.api('PATCH', `/v1/domains/${domain.id}`, { authenticated: true })).status, 200);
  const delivered = await desk.settled(held.id, ['delivered']);
  for (const recipient of delivered.recipients) {
    assert.equal(recipient.account_id, sparkpost.id);
    assert.equal(recipient.decision?.heldBecause, null, 'the decision shown is the one that counted');
    assert.equal(recipient.decision?.judgements[0]?.chosen, true);
  }
  const again = await release(first?.id);
  assert.deepEqual([again.status, again.body.code], [409, 'STATE_FORBIDS']);
  assert.equal((await desk.simulator.mailbox('member@mailbox.test')).length, 1);
  await desk.quiet();
});
