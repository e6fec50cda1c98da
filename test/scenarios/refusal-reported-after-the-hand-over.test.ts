// This file lets a receiver refuse one provider's IP after the provider took the mail: the recipient takes the next account at once and the
// tenant hears "rerouted", never "bounced". What may have arrived is not handed over again, whatever a provider claims later.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const desk = await openDesk({ after });
const account = new Map<string, string>();
const { body } = await desk.api('GET', '/v1/provider-accounts');
for (const { id, provider } of body.data) account.set(provider, id);
const idOf = (provider: string) => account.get(provider) ?? '';
let count = 0;

async function hand(fate: string) {
  count += 1;
  const to = `${fate}+${count}@mailbox.test`;
  return { to, ...(await desk.hand({ from: desk.bootstrap.demo_tenant.from, to, subject: `${count}`, text: 'x' })) };
}

const typesOf = (recipient: { events: readonly { type: string }[] } | undefined) => (recipient?.events ?? []).map((event) => event.type);

for (const [first, second] of [
  ['sparkpost', 'elastic-email'],
  ['mandrill', 'sparkpost'],
  ['smtp', 'mandrill'],
] as const) {
  it(`${first} gives back what a list stopped, and ${second} delivers it`, { timeout: 600_000 }, async () => {
    await desk.route([idOf(first), idOf(second)]);
    await desk.simulator.outage(first, { forMs: 600_000, kind: 'blocklisted' });
    const { id, to } = await hand('member');
    const [recipient] = (await desk.settled(id, ['delivered'])).recipients;
    assert.equal(recipient?.account_id, idOf(second));
    assert.deepEqual(
      recipient?.attempts.map((attempt) => [attempt.account_id, attempt.outcome]),
      [
        [idOf(first), 'handed_over'],
        [idOf(second), 'handed_over'],
      ],
    );
    assert.ok(!typesOf(recipient).includes('bounced'), typesOf(recipient).join(' '));
    const rerouted = recipient?.events.find((event) => event.type === 'rerouted');
    assert.equal(rerouted?.data?.['fault'], 'sender-reputation');
    assert.equal(rerouted?.data?.['number'], 1);
    assert.equal(rerouted?.data?.['was'], 'handed_over');
    assert.match(String(rerouted?.data?.['diagnostic'] ?? rerouted?.data?.['provider_label']), /blocked|blacklist/i);
    assert.equal((await desk.simulator.mailbox(to)).length, 1);
    const holds = await desk.api('GET', `/v1/suppressions?address=${encodeURIComponent(to)}`);
    assert.deepEqual(holds.body.data, [], 'nobody is held for our IP');
    await desk.simulator.endOutage(first);
  });
}

it('an address that every receiver blocks is tried once at each account and then bounces', { timeout: 600_000 }, async () => {
  await desk.route([idOf('sparkpost'), idOf('mandrill')]);
  const { id } = await hand('blocked');
  const [recipient] = (await desk.settled(id, ['bounced'])).recipients;
  assert.deepEqual(
    recipient?.attempts.map((attempt) => attempt.account_id),
    [idOf('sparkpost'), idOf('mandrill')],
  );
  assert.deepEqual(
    typesOf(recipient).filter((type) => type === 'rerouted' || type === 'bounced'),
    ['rerouted', 'bounced'],
  );
  assert.equal(recipient?.reason, 'ip-reputation');
});

it('a block that is claimed after the delivery hands nothing over again', { timeout: 600_000 }, async () => {
  // Late enough that the delivery has been read before, on a slow machine too.
  const { id, to } = await hand('late-block-4');
  const [recipient] = (await desk.settled(id, ['bounced'])).recipients;
  assert.equal(recipient?.attempts.length, 1);
  assert.equal((await desk.simulator.mailbox(to)).length, 1);
});

it('a block that is claimed before the delivery is told ends as delivered all the same', { timeout: 600_000 }, async () => {
  const { id, to } = await hand('false-block');
  await until(async () => typesOf((await desk.message(id)).recipients[0]).includes('delivered'), { what: 'the delivery to be told' });
  const [recipient] = (await desk.settled(id, ['delivered', 'bounced'])).recipients;
  const copies = (await desk.simulator.mailbox(to)).length;
  assert.ok(copies >= 1 && copies <= 2, `${copies} copies`);
  assert.ok((recipient?.attempts.length ?? 0) <= 2);
});

it('the ledger balances after all of it', { timeout: 600_000 }, async () => {
  await desk.quiet();
});
