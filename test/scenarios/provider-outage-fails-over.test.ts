// This file takes providers out with `packetboat simulate outage`: what was provably not accepted takes the next account at once; what may have
// been accepted is never handed to another before the doubt is settled; and when the outage is over the first account gets its mail again.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import type { OutageKind } from '../../src/simulator/outages.ts';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const account = new Map<string, string>();
let count = 0;

// Long enough that the answer that was garbage is asked about after the garbage has ended, on a slow machine too.
const desk = await openDesk({ after }, { env: { PACKETBOAT_UNCERTAIN_WAIT: '5s 5s' } });
const { body } = await desk.api('GET', '/v1/provider-accounts');
for (const { id, provider } of body.data) account.set(provider, id);
await desk.route([account.get('sparkpost') ?? '', account.get('elastic-email') ?? '']);

const outage = (kind: OutageKind) => desk.simulator.outage('sparkpost', { forMs: 600_000, kind });
const outageEnds = () => desk.simulator.endOutage('sparkpost');
const hand = async () => {
  count += 1;
  const to = `member+${count}@mailbox.test`;
  return { to, ...(await desk.hand({ from: desk.bootstrap.demo_tenant.from, to, subject: `${count}`, text: 'x' })) };
};
const copies = async (address: string) => (await desk.simulator.mailbox(address)).length;

/** A person resumes the account: its rest is over at once. */
async function resume(): Promise<void> {
  const id = account.get('sparkpost');
  for (const state of ['paused', 'active']) assert.equal((await desk.api('PATCH', `/v1/provider-accounts/${id}`, { state })).status, 200);
}

for (const kind of ['down', 'quota', 'suspended'] as const)
  it(`takes the next account when the first is out (${kind})`, { timeout: 600_000 }, async () => {
    // The operator's way; the others say the same to the simulator directly.
    if (kind === 'down') await desk.command('simulate', 'outage', 'sparkpost', '--for', '60s');
    else await outage(kind);
    const { id, to } = await hand();
    const message = await desk.settled(id, ['delivered']);
    const [recipient] = message.recipients;
    assert.equal(recipient?.account_id, account.get('elastic-email'), JSON.stringify(recipient?.attempts));
    assert.equal(recipient?.attempts[0]?.outcome, 'not_sent', 'the first try reached nobody');
    assert.ok(!recipient?.marks.includes('resent'));
    assert.equal(await copies(to), 1);
    const { body: shown } = await desk.api('GET', `/v1/provider-accounts/${account.get('sparkpost')}`);
    assert.equal(shown.health, kind === 'down' ? 'unreachable' : kind);
    await outageEnds();
    await resume();
    const again = await hand();
    const [first] = (await desk.settled(again.id, ['delivered'])).recipients;
    assert.equal(first?.account_id, account.get('sparkpost'), `it is used again; ${JSON.stringify(first?.decision)}`);
  });

it('asks before it hands over again when the answer was garbage (lying)', { timeout: 600_000 }, async () => {
  await outage('lying');
  const { id, to } = await hand();
  await until(async () => (await desk.message(id)).recipients[0]?.attempts[0], { what: 'a first try' });
  assert.equal((await desk.message(id)).recipients[0]?.attempts[0]?.outcome, 'unknown');
  await outageEnds();
  const [recipient] = (await desk.settled(id, ['delivered'])).recipients;
  assert.equal(recipient?.account_id, account.get('sparkpost'));
  assert.ok(!recipient?.marks.includes('resent'));
  assert.equal(await copies(to), 1);
  await resume();
});

it('settles a server error by policy, once, and says so (5xx)', { timeout: 600_000 }, async () => {
  await outage('5xx');
  const { id, to } = await hand();
  const [recipient] = (await desk.settled(id, ['delivered'])).recipients;
  assert.equal(recipient?.attempts[0]?.outcome, 'unknown');
  assert.ok(recipient?.marks.includes('resent'));
  assert.equal(recipient?.account_id, account.get('elastic-email'));
  assert.equal(await copies(to), 1);
  await outageEnds();
  await desk.quiet();
});
