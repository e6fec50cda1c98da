// This file lets mail of an organisation have every fate, over several accounts and around one that is out, and reads with the organisation's own key
// everything there is to read: nothing names an account of the platform, while decisions still say in words and codes why.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { httpProvider } from '../fakes/http-provider.ts';
import { inReverse, openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

/** What stands in the name of every account here. */
const NAME = 'Backstairs';

it('whatever they ask', { timeout: 600_000 }, async () => {
  const end = inReverse({ after });
  const hook = await httpProvider(() => ({ status: 204 }));
  end.after(() => hook.close());
  const desk = await openDesk(end, { env: { PACKETBOAT_ALLOW_PRIVATE_WEBHOOKS: 'yes' } });
  const { body: accounts } = await desk.api('GET', '/v1/provider-accounts');
  for (const { id, name } of accounts.data) {
    assert.equal((await desk.api('PATCH', `/v1/provider-accounts/${id}`, { name: `${NAME} ${name}` })).status, 200);
  }
  const club = await desk.tenant('Rowing Club', { name: 'club.test', authenticated: true });
  await desk.api('POST', `/v1/tenants/${club.id}/domains`, { name: 'unproven.test', authenticated: false });
  await desk.api('POST', '/v1/webhook-endpoints', { url: `${hook.url}/hook` }, club.key);
  const hand = (from: string, to: string) => desk.hand({ from, to, subject: to, text: 'x' }, club.key);
  const handed = [await hand('a@unproven.test', 'member@mailbox.test')];
  for (const fate of ['member', 'bounce', 'blocked', 'complaint-1', 'late-block'])
    handed.push(await hand('a@club.test', `${fate}@mailbox.test`));
  for (const { id } of handed) await desk.settled(id, ['delivered', 'bounced', 'failed', 'deferred', 'handed_over', 'held']);
  await desk.command('simulate', 'outage', 'sparkpost', '--for', '60s');
  handed.push(await hand('a@club.test', 'late@mailbox.test'));
  await desk.settled(handed.at(-1)?.id ?? '', ['delivered', 'deferred', 'handed_over']);
  await until(() => hook.seen.length > handed.length, { what: 'webhooks to come' });

  const secrets = [NAME, ...accounts.data.map(({ id }: { id: string }) => id)];
  const clean = (text: string, where: string) => {
    for (const secret of secrets) assert.ok(!text.includes(secret), `${where} names ${secret}: …${around(text, secret)}…`);
  };
  for (const { body } of hook.seen) clean(body.toString(), 'a webhook');
  const { body: description } = await desk.api('GET', '/openapi.json');
  const paths = description.paths;
  const ids = handed.flatMap(({ id, recipients }) => [id, ...recipients.map((each) => each.id)]);
  let read = 0;
  for (const path of Object.keys(paths)
    .filter((each) => each.startsWith('/v1/') && paths[each].get)
    .sort((a, b) => a.length - b.length)) {
    const addresses = path.includes('{id}') ? ids.slice(0, 60).map((id) => path.replace('{id}', id)) : [path];
    for (const address of addresses) {
      const answer = await desk.api('GET', address, undefined, club.key);
      if (answer.status !== 200) continue;
      read += 1;
      clean(JSON.stringify(answer.body), address);
      for (const row of Array.isArray(answer.body?.data) ? answer.body.data : []) if (typeof row.id === 'string') ids.push(row.id);
    }
  }
  assert.ok(read > 20, `only ${read} answers were read`);

  // What they need to know they are told.
  const { body: unproven } = await desk.api('GET', `/v1/messages/${handed[0]?.id}`, undefined, club.key);
  const { decision } = unproven.recipients[0];
  assert.equal(decision.betterCode, 'authenticate-domain');
  assert.match(decision.better, /^Authenticate unproven\.test \(SPF and DKIM\)/);
  const stopped = decision.judgements.find(({ code }: { code: string }) => code === 'domain-not-authenticated');
  assert.deepEqual([stopped.stoppedAt, stopped.facts], ['may', { domain: 'unproven.test' }]);
  assert.ok(decision.judgements.some(({ chosen }: { chosen: boolean }) => chosen));
  // And operators see it whole.
  const { body: whole } = await desk.api('GET', `/v1/messages/${handed[0]?.id}`);
  assert.ok(JSON.stringify(whole.recipients[0].decision).includes(NAME));
});

function around(text: string, secret: string): string {
  const at = text.indexOf(secret);
  return text.slice(Math.max(0, at - 80), at + 80);
}
