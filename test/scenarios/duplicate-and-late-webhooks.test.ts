// This file tells the desk everything twice, in any order, at the same moment, after a restart, and by replaying what was stored: each event counts
// once, and what comes late changes only what it may.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { httpProvider } from '../fakes/http-provider.ts';
import { startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

interface Transmission {
  readonly recipients: { readonly address: { readonly email: string }; readonly metadata: { readonly pm_rcpt: string } }[];
}

it('count once, whatever the order', { timeout: 600_000 }, async () => {
  const ids = new Map<string, string>();
  const provider = await httpProvider((request) => {
    // The desk also looks at the suppression list; nobody is on it.
    if (request.method === 'GET') return { status: 200, body: { results: [], links: [], total_count: 0 } };
    // The body is what our own adapter wrote.
    const { recipients } = request.json as Transmission;
    for (const { address, metadata } of recipients) ids.set(address.email, metadata.pm_rcpt);
    return { status: 200, body: { results: { total_rejected_recipients: 0, total_accepted_recipients: recipients.length, id: 't-1' } } };
  });
  after(() => provider.close());
  const desk = await startDesk({ after });
  const { body: account } = await desk.api('POST', '/v1/provider-accounts', {
    name: 'Chatty',
    provider: 'sparkpost',
    settings: { base_url: provider.url },
    secret: { api_key: 'k-0123456789' },
  });
  const { username, password } = account.webhook_auth;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const path = new URL(account.webhook_url).pathname;
  // An hour ago: what happened long ago has holds that have ended.
  const startS = Math.floor(Date.now() / 1_000) - 3_600;
  let count = 0;
  const event = (type: string, address: string, more: Record<string, string> = {}) => {
    count += 1;
    const common = { type, event_id: `e-${count}`, rcpt_to: address, rcpt_meta: { pm_rcpt: ids.get(address) }, transmission_id: 't-1' };
    return { msys: { some_event: { ...common, timestamp: String(startS + count), ...more } } };
  };
  const tell = async (...events: unknown[]) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${desk.bootstrap.http_url}${path}`, { method: 'POST', headers, body: JSON.stringify(events) });
    assert.equal(answer.status, 200);
  };

  const { from, api_key: key } = desk.bootstrap.demo_tenant;
  const { id } = await desk.hand({ from, to: ['happy@club.test', 'gone@club.test', 'angry@club.test'], subject: 'x', text: 'x' });
  await desk.settled(id, ['handed_over']);
  const story = [
    event('injection', 'happy@club.test'),
    event('delivery', 'happy@club.test'),
    event('open', 'happy@club.test'),
    event('delivery', 'gone@club.test'),
    // Out of band: the receiver took it and bounced it afterwards.
    event('out_of_band', 'gone@club.test', { bounce_class: '10', raw_reason: '550 5.1.1 no such user' }),
    event('delivery', 'angry@club.test'),
    event('spam_complaint', 'angry@club.test', { fbtype: 'abuse' }),
  ];
  const shown = async () => {
    const { recipients } = await desk.message(id);
    return Object.fromEntries(
      recipients.map((each) => [
        each.address.split('@')[0],
        [
          each.state,
          each.marks.join(),
          each.events
            .map(({ type }) => type)
            .sort()
            .join(' '),
        ],
      ]),
    );
  };
  const expected = {
    happy: ['delivered', 'opened', 'delivered handed_over opened queued'],
    gone: ['bounced', '', 'bounced delivered handed_over'],
    angry: ['delivered', 'complained', 'complained delivered handed_over'],
  };
  const isTold = async () => JSON.stringify(await shown()) === JSON.stringify(expected);
  const told = async (when: string) => {
    await until(isTold, { what: `the story to be told ${when}` }).catch(async (error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(await shown())}`, { cause: error });
    });
  };
  await Promise.all([tell(...story.toReversed()), tell(...story), ...story.map((each) => tell(each))]);
  await told('once');

  // Later news: an old delivery does not heal a bounce, an open of something bounced is only a mark.
  await tell(event('delivery', 'gone@club.test'), event('delay', 'happy@club.test', { bounce_class: '20', raw_reason: '452 later' }));
  await until(async () => (await desk.message(id)).recipients.some((each) => each.events.some(({ type }) => type === 'deferred')), {
    what: 'the late news',
  });
  assert.equal((await shown())['gone']?.[0], 'bounced');
  assert.equal((await shown())['happy']?.[0], 'delivered');

  const before = await shown();
  await desk.stop();
  await desk.start();
  await tell(...story);
  const replayed = await desk.command('replay', 'webhooks', '--account', account.id, '--json');
  const fence = event('click', 'happy@club.test');
  await tell(fence);
  await until(async () => (await shown())['happy']?.[1] === 'opened,clicked', { what: 'everything before it to be read' });
  const events = (name: string) => before[name]?.[2];
  assert.equal((await shown())['gone']?.[2], events('gone'), `nothing is told again (${replayed})`);
  assert.equal((await shown())['angry']?.[2], events('angry'));
  const { body: holds } = await desk.api('GET', '/v1/suppressions', undefined, key);
  const held = holds.data.map((hold: { address: string; stream: string | null }) => `${hold.address} ${hold.stream ?? ''}`.trim()).sort();
  assert.deepEqual(held, ['angry@club.test bulk', 'gone@club.test']);
  await desk.quiet();
});
