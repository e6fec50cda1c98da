// This file lets a receiver refuse with words that our rules take for an unknown mailbox. The operator knows better and says so in a rule: from the next answer on, without a restart,
// it counts as what it is, holds nobody, and the event names the rule.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { openDesk } from '../support/desk.ts';

const REPLY = '550 5.1.1 user unknown while the house is being painted';

it('judges the next answer by the new rule', { timeout: 600_000 }, async () => {
  const host = await startSmtpHost();
  after(() => host.close());
  host.answer = (stage) => (stage === 'rcpt' ? REPLY : undefined);
  const desk = await openDesk({ after });
  await desk.smarthost(host.port);
  const { from } = desk.bootstrap.demo_tenant;
  const refused = async (to: string) => {
    const { id } = await desk.hand({ from, to, subject: 'Regatta', text: 'We start at nine.' });
    await desk.settled(id, ['bounced', 'failed']);
    const { body } = await desk.api('GET', `/v1/messages/${id}`);
    const [recipient] = body.recipients;
    const event = recipient.events.find((each: { data?: { class?: string } }) => each.data?.class !== undefined);
    const held = (await desk.api('GET', `/v1/suppressions?address=${to}`)).body.data.length;
    return { class: event?.data.class, rule: event?.data.rule, held };
  };
  assert.deepEqual(await refused('before@club.test'), { class: 'invalid-recipient', rule: 'user-unknown', held: 1 });

  const rules = [{ id: 'painted', class: 'policy', patterns: ['house * painted'], sample: REPLY, note: 'They told us by telephone.' }];
  const put = await desk.api('PUT', '/v1/feedback/rules', { rules });
  assert.equal(put.status, 200, JSON.stringify(put.body));
  assert.deepEqual(await refused('after@club.test'), { class: 'policy', rule: 'own/painted', held: 0 });
  await desk.quiet();
});
