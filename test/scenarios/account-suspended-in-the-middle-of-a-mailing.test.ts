// This file suspends a provider account while a mailing is on its way: what is left takes the other account, or waits where there is none. Nobody is
// held, nothing fails, whoever sent it reads that the fault is ours, and operators have one incident.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const desk = await openDesk({ after });
const account = new Map<string, string>();
const { body } = await desk.api('GET', '/v1/provider-accounts');
for (const { id, provider } of body.data) account.set(provider, id);
const idOf = (provider: string) => account.get(provider) ?? '';
const MEMBERS = 60;

async function mailing(name: string): Promise<string[]> {
  const messages = Array.from({ length: MEMBERS }, (_, n) => ({
    from: desk.bootstrap.demo_tenant.from,
    to: `member+${name}${n}@mailbox.test`,
    subject: 'Regatta',
    text: 'x',
    stream: 'bulk',
  }));
  const { body: answer } = await desk.api('POST', '/v1/messages/batch', { messages }, desk.bootstrap.demo_tenant.api_key);
  return answer.data.map((each: { id: string }) => each.id);
}

async function resume(provider: string): Promise<void> {
  for (const state of ['paused', 'active']) {
    assert.equal((await desk.api('PATCH', `/v1/provider-accounts/${idOf(provider)}`, { state })).status, 200);
  }
}

const incidents = async () => (await desk.api('GET', '/v1/incidents?kind=account')).body.data;

it('takes the other account for what is left', { timeout: 600_000 }, async () => {
  await desk.route([idOf('sparkpost'), idOf('elastic-email')]);
  const first = await mailing('a');
  await desk.simulator.outage('sparkpost', { forMs: 600_000, kind: 'suspended' });
  const second = await mailing('b');
  for (const id of [...first, ...second]) await desk.settled(id, ['delivered']);
  const incident = await until(async () => (await incidents())[0], { what: 'an incident about the account' });
  assert.equal(incident.state, 'open');
  assert.equal(incident.fault, 'operator');
  assert.equal(incident.subject.account.id, idOf('sparkpost'));
  assert.match(incident.evidence[0].reply, /suspended/i);
  assert.match(incident.title, /does not take our mail/);
  const mine = await desk.api('GET', '/v1/incidents', undefined, desk.bootstrap.demo_tenant.api_key);
  assert.deepEqual(mine.body.data, [], 'it is no business of whoever sends');
  await desk.simulator.endOutage('sparkpost');
  await resume('sparkpost');
});

it('waits where there is no other account, and blames nobody', { timeout: 600_000 }, async () => {
  await desk.route([idOf('sparkpost')]);
  await desk.simulator.outage('sparkpost', { forMs: 600_000, kind: 'suspended' });
  const ids = await mailing('c');
  const waiting = await until(
    async () => {
      const shown = await Promise.all(ids.map(async (id) => (await desk.message(id)).recipients[0]));
      // One that is just tried again is not waiting.
      return shown.find((recipient) => recipient?.reason === 'operator' && ['queued', 'deferred'].includes(recipient.state));
    },
    { what: 'a recipient that waits for us' },
  );
  const requeued = waiting.events.find((event) => event.type === 'requeued');
  assert.equal(requeued?.data?.['fault'], 'operator');
  await desk.simulator.endOutage('sparkpost');
  await resume('sparkpost');
  for (const id of ids) await desk.settled(id, ['delivered']);
  const { states } = await desk.quiet();
  assert.equal(states.failed + states.bounced + states.held + states.expired, 0);
  assert.equal((await incidents()).length, 1, 'the same account, the same incident');
});

it('is looked after, and closed', { timeout: 600_000 }, async () => {
  const [{ id }] = await incidents();
  const kinds = async () => (await desk.api('GET', '/v1/overview')).body.needs_person.map((need: { kind: string }) => need.kind);
  await until(async () => (await kinds()).includes('incident'), { what: 'the incident to stand on the first page' });
  const acknowledged = await desk.command(
    'incidents',
    'acknowledge',
    id,
    '--url',
    desk.bootstrap.http_url,
    '--key',
    desk.bootstrap.operator_key,
  );
  assert.match(acknowledged, /looked after/);
  const listed = await desk.command('incidents', '--url', desk.bootstrap.http_url, '--key', desk.bootstrap.operator_key);
  assert.match(listed, /does not take our mail/);
  const { status, body: closed } = await desk.api('POST', `/v1/incidents/${id}/close`, { why: 'paid the invoice' });
  assert.equal(status, 200);
  assert.equal(closed.state, 'closed');
  assert.equal(closed.closed_why, 'paid the invoice');
  assert.equal((await desk.api('POST', `/v1/incidents/${id}/close`, {})).status, 409);
});
