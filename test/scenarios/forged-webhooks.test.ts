// This file lets strangers and one provider speak about mail that is not theirs: a wrong password, an account that never had the message, a guess
// without the provider's id. Nobody's state moves and no address goes on hold.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { openDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

it('move nothing', { timeout: 600_000 }, async () => {
  const desk = await openDesk({ after });
  const { body: accounts } = await desk.api('GET', '/v1/provider-accounts');
  const hookOf = async (provider: string) => {
    const { id } = accounts.data.find((each: { provider: string }) => each.provider === provider);
    const { body } = await desk.api('GET', `/v1/provider-accounts/${id}`);
    const { username, password } = body.webhook_auth;
    return { id, url: body.webhook_url, auth: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  };
  const [sparkpost, elastic] = [await hookOf('sparkpost'), await hookOf('elastic-email')];
  await desk.route([elastic.id]);
  const { from } = desk.bootstrap.demo_tenant;
  const { id } = await desk.hand({ from, to: 'member@mailbox.test', subject: 'x', text: 'x' });
  const [recipient] = (await desk.settled(id, ['delivered'])).recipients;
  assert.ok(recipient);

  const bounce = {
    type: 'bounce',
    bounce_class: '10',
    raw_reason: '550 5.1.1 no such user',
    event_id: 'forged-1',
    rcpt_to: 'member@mailbox.test',
    rcpt_meta: { pm_rcpt: recipient.id },
    transmission_id: '11659595900',
    timestamp: String(Math.floor(Date.now() / 1_000) - 3_600),
  };
  const post = (url: string, auth: string, events: unknown) =>
    fetch(url, { method: 'POST', headers: { authorization: auth, 'content-type': 'application/json' }, body: JSON.stringify(events) });
  const events = [{ msys: { bounce_event: bounce } }];
  assert.equal((await post(sparkpost.url, 'Basic d3Jvbmc6d3Jvbmc=', events)).status, 401);
  assert.equal((await post(`${sparkpost.url.slice(0, -4)}AAAA`, sparkpost.auth, events)).status, 404);
  // The right door of the wrong account.
  assert.equal((await post(sparkpost.url, sparkpost.auth, events)).status, 200);
  // The right account, somebody who guessed the recipient but not the provider's id.
  const form = new URLSearchParams({
    to: 'member@mailbox.test',
    status: 'Error',
    category: 'NoMailbox',
    date: '11/21/2026 8:00:00 PM',
    transaction: '00000000-0000-0000-0000-000000000000',
    messageid: 'forged',
    target: '',
  });
  await fetch(`${elastic.url}?${form}`, { headers: { authorization: elastic.auth } });

  // Real news of the same account that comes later has been read, so the forged ones were, too.
  const later = await desk.hand({ from, to: 'bounce@mailbox.test', subject: 'x', text: 'x' });
  await desk.settled(later.id, ['bounced']);
  await until(async () => (await desk.api('GET', '/v1/suppressions')).body.data.length > 0, {
    what: 'the real bounce to hold its address',
  });
  const [untouched] = (await desk.message(id)).recipients;
  assert.equal(untouched?.state, 'delivered');
  assert.ok(!untouched?.events.some((event) => event.type === 'bounced'));
  const { body: holds } = await desk.api('GET', '/v1/suppressions');
  assert.deepEqual(
    holds.data.map((hold: { address: string }) => hold.address),
    ['bounce@mailbox.test'],
  );
  await desk.quiet();
});
