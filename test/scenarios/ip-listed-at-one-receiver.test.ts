// This file puts the IP of the first provider on a list that one receiver uses, in the middle of a mailing: its members get their mail by the other
// provider, other receivers notice nothing, nobody is held, and operators have one incident, which closes and lets the first provider back.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const desk = await openDesk({ after });
const account = new Map<string, string>();
const { body } = await desk.api('GET', '/v1/provider-accounts');
for (const { id, provider } of body.data) account.set(provider, id);
const idOf = (provider: string) => account.get(provider) ?? '';
await desk.route([idOf('sparkpost'), idOf('elastic-email')]);
const MEMBERS = 20;

async function mailing(name: string, domain: string): Promise<string[]> {
  const messages = Array.from({ length: MEMBERS }, (_, n) => ({
    from: desk.bootstrap.demo_tenant.from,
    to: `member+${name}${n}@${domain}`,
    subject: 'Regatta',
    text: 'x',
    stream: 'bulk',
  }));
  const { body: answer } = await desk.api('POST', '/v1/messages/batch', { messages }, desk.bootstrap.demo_tenant.api_key);
  return answer.data.map((each: { id: string }) => each.id);
}

async function accountsOf(ids: readonly string[]): Promise<(string | null)[]> {
  const recipients = [];
  for (const id of ids) recipients.push((await desk.settled(id, ['delivered'])).recipients[0]);
  return recipients.map((recipient) => recipient?.account_id ?? null);
}

const explain = async (to: string) =>
  (
    await desk.api('POST', '/v1/route/explain', {
      tenant_id: desk.bootstrap.demo_tenant.id,
      from: desk.bootstrap.demo_tenant.from,
      to,
      stream: 'bulk',
    })
  ).body;
interface Counted {
  readonly rerouted: number;
  readonly messages: number;
}

const incidents = async () => (await desk.api('GET', '/v1/incidents?kind=ip-blocked')).body.data;

it('delivers by the other provider, and opens one incident', { timeout: 600_000 }, async () => {
  await desk.simulator.outage('sparkpost', { forMs: 600_000, kind: 'blocklisted', at: 'gmail.mailbox.test' });
  const listed = await mailing('a', 'gmail.mailbox.test');
  const others = await mailing('b', 'outlook.mailbox.test');
  assert.deepEqual([...new Set(await accountsOf(listed))], [idOf('elastic-email')]);
  assert.deepEqual([...new Set(await accountsOf(others))], [idOf('sparkpost')]);
  const incident = await until(async () => (await incidents())[0], { what: 'an incident' });
  assert.equal(incident.subject.mailbox_provider, 'google');
  assert.equal(incident.subject.account.id, idOf('sparkpost'));
  assert.match(incident.title, /^Gmail refuses the IP of /);
  assert.match(incident.evidence[0].reply, /blocked using dnsbl\.example/);
  assert.equal((await incidents()).length, 1);
});

it('takes the other provider first from then on, and says why', { timeout: 600_000 }, async () => {
  const explained = await until(
    async () => {
      const answer = await explain('member@gmail.mailbox.test');
      return answer.judgements[0].code === 'ip-blocked' ? answer : null;
    },
    { what: 'the router to know of it' },
  );
  assert.match(explained.judgements[0].because, /^Gmail: the IP of this account is refused since /);
  assert.equal((await explain('member@outlook.mailbox.test')).judgements[0].code, 'chosen');
  const [id = ''] = await mailing('c', 'gmail.mailbox.test');
  const [recipient] = (await desk.settled(id, ['delivered'])).recipients;
  assert.deepEqual(
    recipient?.attempts.map((attempt) => attempt.account_id),
    [idOf('elastic-email')],
    'no detour any more',
  );
});

it('is not stranded when the listed account is the only one', { timeout: 600_000 }, async () => {
  const { id: tenant, key } = await desk.tenant('Only', { name: 'only.test' });
  await desk.route([idOf('sparkpost')], { tenant_id: tenant });
  const { id } = await desk.hand({ from: 'office@only.test', to: 'member+only@gmail.mailbox.test', text: 'x' }, key);
  const [recipient] = (await desk.settled(id, ['bounced'])).recipients;
  assert.equal(recipient?.reason, 'ip-reputation');
  const { body: holds } = await desk.api('GET', `/v1/suppressions?tenant_id=${tenant}`);
  assert.deepEqual(holds.data, [], 'nobody is held for our IP');
});

it('comes back when the incident is closed', { timeout: 600_000 }, async () => {
  await desk.quiet();
  await desk.simulator.endOutage('sparkpost');
  // What is counted comes from the event log, which older transactions on the server hold back.
  const { id } = await until(async () => (await incidents()).find((each: Counted) => each.rerouted >= 1 && each.messages >= 3), {
    what: 'the incident to count what was refused',
  });
  assert.equal((await desk.api('POST', `/v1/incidents/${id}/close`, { why: 'delisted' })).status, 200);
  const back = await mailing('d', 'gmail.mailbox.test');
  assert.deepEqual([...new Set(await accountsOf(back))], [idOf('sparkpost')]);
  const { states } = await desk.quiet();
  assert.equal(states.held, 0);
  assert.equal((await incidents()).length, 1);
});
