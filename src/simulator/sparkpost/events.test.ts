import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type JsonRecord, list, record, text } from '../json.ts';
import type { Simulator } from '../simulator.ts';
import { type Desk, post, sampleMime, startWorld } from '../test-kit.ts';

let simulator: Simulator;
let desk: Desk;
let stop: () => Promise<void>;
let base = '';
let keys = 0;
let key = '';

before(async () => {
  ({ simulator, desk, close: stop } = await startWorld());
  base = String(simulator.accounts.sparkpost.settings['base_url']);
});
after(() => stop());
// Every test has an account of its own.
beforeEach(() => {
  keys += 1;
  key = `sim-sp-${keys}`;
  simulator.configure({ provider: 'sparkpost', key, verifiedDomains: ['club.test'] });
  desk.requests.length = 0;
  desk.statuses.length = 0;
});

const to = (...addresses: string[]) => addresses.map((email) => ({ address: { email }, metadata: { pm_rcpt: `r-${email}` } }));
const raw = (extra = '') => ({ email_rfc822: sampleMime('a@mailbox.test', extra).toString() });
const transmit = (body: unknown, headers: Record<string, string> = {}) =>
  post(`${base}/transmissions`, body, { authorization: key, ...headers });
const send = (...addresses: string[]) =>
  transmit({ options: { perform_substitutions: false }, recipients: to(...addresses), content: raw() });
const get = async (path: string) => record(await (await fetch(`${base}${path}`, { headers: { authorization: key } })).json());
const rows = (answer: JsonRecord) => list(answer['results']).map(record);

/** Every event that came in, class and fields together. */
function told(): JsonRecord[] {
  return desk.requests
    .filter((request) => request.method === 'POST' && request.body !== '[{"msys":{}}]')
    .flatMap((request) => list(JSON.parse(request.body)).map(record))
    .flatMap(({ msys }) => Object.entries(record(msys)).map(([family, event]): JsonRecord => ({ family, ...record(event) })));
}

describe('SparkPost tells of each fate', () => {
  const fates: [string, string[]][] = [
    ['member', ['injection', 'delivery']],
    ['bounce', ['injection', 'bounce 10 550']],
    ['inactive', ['injection', 'bounce 10 550']],
    ['full', ['injection', 'delay 22 452', 'delay 22 452', 'bounce 22 552']],
    ['bad-domain', ['injection', 'bounce 21 550']],
    ['greylist', ['injection', 'delay 20 451', 'delivery']],
    ['expired', ['injection', 'delay 24 451', 'delay 24 451', 'bounce 24 554']],
    ['blocked', ['injection', 'bounce 51 554']],
    ['content', ['injection', 'bounce 52 554']],
    ['spam', ['injection', 'delivery']],
    ['complaint', ['injection', 'delivery', 'spam_complaint']],
    ['late-bounce', ['injection', 'delivery', 'out_of_band 10 550']],
    ['autoreply', ['injection', 'delivery', 'bounce 60 250']],
    ['unsubscribe', ['injection', 'delivery', 'list_unsubscribe']],
    ['open', ['injection', 'delivery', 'initial_open', 'open']],
    ['click', ['injection', 'delivery', 'initial_open', 'open', 'click']],
    ['silent', []],
    ['suppressed', ['injection', 'bounce 25 554']],
    ['duplicate', ['injection', 'delivery', 'injection', 'delivery']],
    ['disorder', ['initial_open', 'open', 'delivery', 'delay 70 451', 'injection']],
  ];

  it('in the documented shape and order', async () => {
    simulator.registerWebhook({ provider: 'sparkpost', key }, { url: desk.url });
    const answer = await send(...fates.map(([name]) => `${name}+sp@mailbox.test`));
    const transmission = String(record(answer.body['results'])['id']);
    await simulator.idle();
    const events = told();
    for (const [name, expected] of fates) {
      const mine = events.filter((event) => event['raw_rcpt_to'] === `${name}+sp@mailbox.test`);
      const shown = mine.map((event) => [event['type'], event['bounce_class'], event['error_code']].filter(Boolean).join(' '));
      assert.deepEqual(shown, expected, name);
      for (const event of mine) {
        assert.equal(event['transmission_id'], transmission);
        assert.deepEqual(event['rcpt_meta'], { pm_rcpt: `r-${name}+sp@mailbox.test` });
        assert.match(text(event['timestamp']), /^\d{10}$/);
      }
    }
    const ids = events.filter((event) => !text(event['raw_rcpt_to']).startsWith('duplicate')).map((event) => event['event_id']);
    assert.equal(new Set(ids).size, ids.length);
    const doubled = events.filter((event) => text(event['raw_rcpt_to']).startsWith('duplicate')).map((event) => event['event_id']);
    assert.equal(new Set(doubled).size, doubled.length / 2);
  });

  it('except what tracking was switched off for', async () => {
    simulator.registerWebhook({ provider: 'sparkpost', key }, { url: desk.url });
    await transmit({ options: { open_tracking: false, click_tracking: false }, recipients: to('click+off@mailbox.test'), content: raw() });
    await simulator.idle();
    assert.deepEqual(
      told().map((event) => event['type']),
      ['injection', 'delivery'],
    );
  });

  it('with a bounce of class 25 for its own suppression list', async () => {
    await fetch(`${base}/suppression-list`, {
      method: 'PUT',
      headers: { authorization: key, 'content-type': 'application/json' },
      body: JSON.stringify({ recipients: [{ recipient: 'Listed@mailbox.test', type: 'non_transactional' }] }),
    });
    assert.equal(rows(await get('/suppression-list/listed@mailbox.test')).length, 1);
    simulator.registerWebhook({ provider: 'sparkpost', key }, { url: desk.url });
    assert.equal((await send('listed@mailbox.test')).status, 200);
    await simulator.idle();
    assert.deepEqual(
      told().map((event) => [event['type'], event['bounce_class']]),
      [
        ['injection', undefined],
        ['bounce', '25'],
      ],
    );
  });
});

describe('SparkPost delivers webhooks', () => {
  it('with basic auth, custom headers and a batch id that stays the same when it has to come again', async () => {
    const auth = { username: 'desk', password: 'geheim' };
    simulator.registerWebhook({ provider: 'sparkpost', key }, { url: desk.url, auth, customHeaders: { 'x-own': 'yes' } });
    desk.statuses.push(500, 503, 200);
    await send('sp-retry@mailbox.test');
    await simulator.idle();
    const [first, second, third] = desk.requests;
    assert.equal(first?.headers['authorization'], `Basic ${Buffer.from('desk:geheim').toString('base64')}`);
    assert.equal(first?.headers['x-own'], 'yes');
    const repeated = desk.requests.filter(
      (one) => one.headers['x-messagesystems-batch-id'] === first?.headers['x-messagesystems-batch-id'],
    );
    assert.ok(repeated.length >= 2 && second !== undefined && third !== undefined);
    for (const one of repeated) assert.equal(one.body, first?.body);
    assert.equal(new Set(told().map((event) => event['event_id'])).size, 2);
  });

  it('to the address "via" names when the configured one is public', async () => {
    simulator.registerWebhook(
      { provider: 'sparkpost', key },
      { url: 'https://desk.example.org/hooks/x?y=1', via: new URL(desk.url).origin },
    );
    await send('sp-via@mailbox.test');
    await simulator.idle();
    assert.equal(desk.requests[0]?.url, '/hooks/x?y=1');
  });

  it('to the newest address of a name', async () => {
    const account = { provider: 'sparkpost', key } as const;
    const first = simulator.registerWebhook(account, { url: `${desk.url}/old`, name: 'desk' });
    assert.equal(simulator.registerWebhook(account, { url: `${desk.url}/new`, name: 'desk' }), first);
    await send('sp-moved@mailbox.test');
    await simulator.idle();
    assert.deepEqual([...new Set(desk.requests.map((request) => request.url))], ['/hooks/new']);
  });

  it('only to this machine', () => {
    const account = { provider: 'sparkpost', key } as const;
    assert.throws(() => simulator.registerWebhook(account, { url: 'http://192.0.2.1/x' }), { code: 'REQUEST_INVALID' });
    assert.throws(() => simulator.registerWebhook(account, { url: 'https://desk.example.org/x' }), { code: 'REQUEST_INVALID' });
  });

  it('to targets that were created over the API and answered the test post', async () => {
    const wanted = {
      name: 'desk',
      target: desk.url,
      events: ['delivery'],
      auth_type: 'basic',
      auth_credentials: { username: 'u', password: 'p' },
    };
    const created = await post(`${base}/webhooks`, wanted, { authorization: key });
    assert.equal(created.status, 200);
    assert.equal(desk.requests[0]?.body, '[{"msys":{}}]');
    await send('sp-hook@mailbox.test');
    await simulator.idle();
    assert.deepEqual(
      told().map((event) => event['type']),
      ['delivery'],
    );
    const [listed] = rows(await get('/webhooks'));
    assert.deepEqual([listed?.['target'], listed?.['auth_type']], [desk.url, 'basic']);
    const gone = await fetch(`${base}/webhooks/${listed?.['id']}`, { method: 'DELETE', headers: { authorization: key } });
    assert.equal(gone.status, 204);
    desk.statuses.push(404);
    assert.equal((await post(`${base}/webhooks`, { ...wanted, target: `${desk.url}/other` }, { authorization: key })).status, 400);
    assert.equal(rows(await get('/webhooks')).length, 0);
  });
});

describe('SparkPost can be asked', () => {
  it('for events of a transmission, a page at a time, with ISO times', async () => {
    const answer = await send('click+pull@mailbox.test', 'bounce+pull@mailbox.test');
    const id = String(record(answer.body['results'])['id']);
    await simulator.idle();
    const page = await get(`/events/message?transmissions=${id}&events=delivery,bounce&per_page=1&cursor=initial`);
    assert.equal(page['total_count'], 2);
    assert.match(String(rows(page)[0]?.['timestamp']), /^\d{4}-\d\d-\d\dT/);
    const next = text(record(page['links'])['next']).replace('/api/v1', '');
    const last = await get(next);
    assert.equal(rows(last).length, 1);
    assert.notEqual(rows(last)[0]?.['type'], rows(page)[0]?.['type']);
    assert.equal(rows(await get(`/events/message?recipients=CLICK%2Bpull@mailbox.test&events=click`)).length, 1);
  });

  it('to verify a domain under .test, and no other', async () => {
    const headers = { authorization: key };
    for (const domain of ['new.test', 'new.example']) {
      assert.equal((await post(`${base}/sending-domains`, { domain }, headers)).status, 200);
      assert.equal((await post(`${base}/sending-domains`, { domain }, headers)).status, 409);
    }
    const verified = async (domain: string) => {
      const answer = await post(`${base}/sending-domains/${domain}/verify`, { dkim_verify: true }, headers);
      return record(answer.body['results'])['ownership_verified'];
    };
    assert.deepEqual([await verified('new.test'), await verified('new.example')], [true, false]);
    assert.equal((await post(`${base}/sending-domains/none.test/verify`, {}, headers)).status, 404);
  });
});
