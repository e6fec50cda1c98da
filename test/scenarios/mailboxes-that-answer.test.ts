// This file lets simulated mailboxes write back over plain SMTP: a person's answer goes on to who wrote, an out-of-office answer and a challenge are recorded and
// answered by nobody, and the mail that went on is delivered and counted like any other.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('tells people from machines', { timeout: 600_000 }, async () => {
  const desk = await openDesk({ after });
  const { body: accounts } = await desk.api('GET', '/v1/provider-accounts');
  const smarthost = accounts.data.find((account: { provider: string }) => account.provider === 'smtp');
  assert.ok(smarthost, 'the simulator plays a smarthost');
  await desk.route([smarthost.id]);
  const club = await desk.tenant('Rowing Club', { name: 'club.mailbox.test' });
  const to = ['answer-1@mailbox.test', 'autoreply-1@mailbox.test', 'challenge-1@mailbox.test'];
  const { id } = await desk.hand({ from: 'office@club.mailbox.test', to, subject: 'Regatta', text: 'We start at nine.' }, club.key);
  const mails = await until(
    async () => {
      const { body } = await desk.api('GET', `/v1/inbound-mails?message_id=${id}`, undefined, club.key);
      return body.data.length === 3 ? body.data : null;
    },
    { what: 'three mails to come back and be read' },
  );
  // biome-ignore lint/suspicious/noExplicitAny: each field is named here.
  const fate = mails.map((mail: any) => [mail.subject.split(' ')[0], mail.kind, mail.outcome, mail.matched_by]).sort();
  assert.deepEqual(fate, [
    ['Auto:', 'auto-reply', 'recorded', 'return-path'],
    ['Please', 'auto-reply', 'recorded', 'return-path'],
    ['Re:', 'other', 'forwarded', 'return-path'],
  ]);
  const forwarded = mails.find((mail: { forwarded_message_id: string | null }) => mail.forwarded_message_id !== null)?.forwarded_message_id;
  const [recipient] = (await desk.settled(forwarded, ['handed_over'])).recipients;
  assert.equal(recipient?.address, 'office@club.mailbox.test');
  const heard = async () => (await desk.api('GET', '/v1/events?type=autoresponded', undefined, club.key)).body.data.length;
  await until(async () => (await heard()) === 2, { what: 'both events, which older transactions on the server hold back' });
  assert.deepEqual((await desk.api('GET', '/v1/suppressions', undefined, club.key)).body.data, []);
  await desk.quiet();
});
