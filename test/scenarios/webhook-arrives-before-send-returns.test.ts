// This file lets a provider tell what became of a message before it answers the hand-over: nothing of it is lost, and nothing contradicts itself,
// whether the event names our recipient or only the provider's id, which nobody here has heard of yet.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { httpProvider, type Reply, type SeenRequest } from '../fakes/http-provider.ts';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

let answer: (request: SeenRequest) => Reply;
let count = 0;

const fake = await httpProvider((request) => answer(request));
after(() => fake.close());
const desk = await openDesk({ after });
const made = await desk.api('POST', '/v1/provider-accounts', {
  name: 'Hasty',
  provider: 'sparkpost',
  settings: { base_url: fake.url },
  secret: { api_key: 'k-0123456789' },
});
assert.equal(made.status, 201, JSON.stringify(made.body));
const { username, password } = made.body.webhook_auth;
const hook = { url: made.body.webhook_url, auth: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };

/** Posts events as SparkPost does, and resolves once they are stored. */
async function tell(...events: Record<string, unknown>[]): Promise<void> {
  const told = await fetch(hook.url, {
    method: 'POST',
    headers: { authorization: hook.auth, 'content-type': 'application/json' },
    body: JSON.stringify(events.map((event) => ({ msys: { message_event: event } }))),
  });
  assert.equal(told.status, 200);
}

/** A transmission that is told of before it is answered. */
function hasty(
  event: (our: { id: string; address: string; transmission: string }) => Record<string, unknown>,
): (request: SeenRequest) => Reply {
  return (request) => {
    // The desk also looks at the suppression list; nobody is on it.
    if (request.method === 'GET') return { status: 200, body: { results: [], links: [], total_count: 0 } };
    // The body is what our own adapter wrote.
    const { recipients } = request.json as { recipients: { address: { email: string }; metadata: { pm_rcpt: string } }[] };
    count += 1;
    const transmission = `1165959590028${count}`;
    const told = recipients.map(({ address, metadata }) => event({ id: metadata.pm_rcpt, address: address.email, transmission }));
    const reply: Reply = {
      status: 200,
      body: { results: { total_rejected_recipients: 0, total_accepted_recipients: recipients.length, id: transmission } },
    };
    return { after: tell(...told).then(() => new Promise((resolve) => setTimeout(resolve, 200))), reply };
  };
}

const base = { timestamp: String(Math.floor(Date.now() / 1_000) - 3_600), rcpt_to: '' };

it('knows the recipient by our own id', { timeout: 600_000 }, async () => {
  answer = hasty(({ id, address, transmission }) => ({
    ...base,
    type: 'delivery',
    event_id: `d-${id}`,
    rcpt_to: address,
    rcpt_meta: { pm_rcpt: id },
    transmission_id: transmission,
  }));
  const { from } = desk.bootstrap.demo_tenant;
  const { id } = await desk.hand({ from, to: ['a@club.test', 'b@club.test'], subject: 'Hasty', text: 'x' });
  await desk.settled(id, ['delivered']);
  // The state is known before the answer to the hand-over is; that one is recorded when it comes.
  const message = await until(
    async () => {
      const shown = await desk.message(id);
      return shown.recipients.every((recipient) => recipient.attempts.length > 0) && shown;
    },
    { what: 'the hand-over in the record' },
  );
  for (const recipient of message.recipients) {
    const types = recipient.events.map((event) => event.type);
    assert.equal(types.filter((type) => type === 'delivered').length, 1, types.join(' '));
    assert.equal(recipient.attempts.length, 1, 'the hand-over stands in the record too');
    assert.equal(recipient.attempts[0]?.outcome, 'handed_over');
    assert.equal(recipient.attempt_count, 1, 'and is counted');
  }
  await desk.quiet();
});

it('waits for the hand-over when the event names the provider’s id only', { timeout: 600_000 }, async () => {
  answer = hasty(({ id, address, transmission }) => ({
    ...base,
    type: 'bounce',
    bounce_class: '10',
    raw_reason: '550 5.1.1 The email account that you tried to reach does not exist.',
    event_id: `b-${id}`,
    rcpt_to: address,
    transmission_id: transmission,
  }));
  const { from } = desk.bootstrap.demo_tenant;
  const { id } = await desk.hand({ from, to: 'gone@club.test', subject: 'Hasty', text: 'x' });
  const message = await desk.settled(id, ['bounced']);
  assert.equal(message.recipients[0]?.attempts[0]?.outcome, 'handed_over');
  const { body } = await desk.api('GET', '/v1/suppressions?address=gone@club.test');
  assert.equal(body.data.length, 1);
  await desk.quiet();
});
