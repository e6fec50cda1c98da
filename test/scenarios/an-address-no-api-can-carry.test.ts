// This file mails an address whose local part is quoted and holds a blank: an API that lists recipients as words is passed over for it, the smarthost behind it
// takes it, and where there is no other account it fails without a word against the address.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { httpProvider } from '../fakes/http-provider.ts';
import { startSmtpHost } from '../fakes/smtp-host.ts';
import { openDesk } from '../support/desk.ts';

const QUOTED = '"anna b"@club.test';

it('goes by the account that can', { timeout: 600_000 }, async () => {
  const told: string[] = [];
  const fake = await httpProvider((request) => {
    if (request.method === 'GET') return { status: 200, body: { results: [], links: [], total_count: 0 } };
    // The body is what our own adapter wrote.
    const { recipients } = request.json as { recipients: { address: { email: string } }[] };
    told.push(...recipients.map(({ address }) => address.email));
    return {
      status: 200,
      body: { results: { total_rejected_recipients: 0, total_accepted_recipients: recipients.length, id: `${told.length}` } },
    };
  });
  after(() => fake.close());
  const host = await startSmtpHost();
  after(() => host.close());
  const desk = await openDesk({ after });
  const api = { name: 'By API', provider: 'sparkpost', settings: { base_url: fake.url }, secret: { api_key: 'k-0123456789' } };
  const { body: first } = await desk.api('POST', '/v1/provider-accounts', api);
  const second = await desk.smarthost(host.port);
  await desk.route([first.id, second]);

  const { from } = desk.bootstrap.demo_tenant;
  const mail = { from, to: [QUOTED, 'bob@club.test'], subject: 'Regatta', text: 'We start at nine.' };
  const both = await desk.hand(mail);
  const { recipients } = await desk.settled(both.id, ['handed_over']);
  const anna = recipients.find(({ address }) => address === QUOTED);
  assert.deepEqual([anna?.account_id, anna?.attempts.map(({ outcome }) => outcome)], [second, ['refused', 'handed_over']]);
  assert.match(anna?.attempts[0]?.reply ?? '', /blank/);
  const passedOver = anna?.decision?.judgements.find(({ account }) => account === 'By API');
  assert.deepEqual([passedOver?.stoppedAt, passedOver?.code], ['may', 'refused-already']);
  assert.equal(recipients.find(({ address }) => address === 'bob@club.test')?.account_id, first.id);
  assert.deepEqual(told, ['bob@club.test']);
  assert.deepEqual(
    host.accepted.flatMap(({ rcptTo }) => rcptTo),
    [QUOTED],
  );

  await desk.route([first.id]);
  const alone = await desk.hand({ ...mail, to: QUOTED });
  const { recipients: failed } = await desk.settled(alone.id, ['failed', 'bounced']);
  assert.deepEqual([failed[0]?.state, failed[0]?.reason], ['failed', 'operator']);
  const { body: holds } = await desk.api('GET', '/v1/suppressions');
  assert.deepEqual(holds.data, []);
  await desk.quiet();
});
