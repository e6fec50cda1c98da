import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type JsonRecord, list, record, text } from '../json.ts';
import type { Simulator } from '../simulator.ts';
import { type Desk, post, type SeenRequest, sampleMime, startWorld } from '../test-kit.ts';

let simulator: Simulator;
let desk: Desk;
let stop: () => Promise<void>;
let base = '';
let keys = 0;
let key = '';

before(async () => {
  ({ simulator, desk, close: stop } = await startWorld());
  base = String(simulator.accounts.mandrill.settings['base_url']);
});
after(() => stop());
// Every test has an account of its own.
beforeEach(() => {
  keys += 1;
  key = `sim-md-${keys}`;
  simulator.configure({ provider: 'mandrill', key, verifiedDomains: ['club.test'] });
  desk.requests.length = 0;
  desk.statuses.length = 0;
});

async function call(path: string, body: JsonRecord = {}): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${base}/${path}.json`, { method: 'POST', body: JSON.stringify({ key, ...body }) });
  return { status: answer.status, body: await answer.json() };
}
const raw = (to: string[], extra = '', more: JsonRecord = {}) =>
  call('messages/send-raw', { raw_message: sampleMime('a@mailbox.test', extra).toString(), to, ...more });
const rows = (answer: { body: unknown }) => list(answer.body).map(record);
const hook = (change: { key?: string } = {}) => simulator.registerWebhook({ provider: 'mandrill', key }, { url: desk.url, ...change });

/** Every event of every post. */
function told(requests: readonly SeenRequest[] = desk.requests): JsonRecord[] {
  return requests.flatMap((request) => list(JSON.parse(new URLSearchParams(request.body).get('mandrill_events') ?? '[]')).map(record));
}

describe('Mandrill answers a send', () => {
  it('with one result per recipient, and raw mail arrives without the X-MC headers', async () => {
    const answer = await raw(
      ['md-a@mailbox.test', 'md-b@mailbox.test'],
      'X-MC-Metadata: {"pm_message":"m1"}\r\nX-MC-Tags: welcome\r\nBcc: x@club.test\r\n',
    );
    assert.deepEqual(
      rows(answer).map((row) => [row['email'], row['status'], row['reject_reason'], row['queued_reason']]),
      [
        ['md-a@mailbox.test', 'sent', null, null],
        ['md-b@mailbox.test', 'sent', null, null],
      ],
    );
    assert.equal(new Set(rows(answer).map((row) => row['_id'])).size, 2);
    await simulator.idle();
    const [mail] = await simulator.mailbox('md-b@mailbox.test');
    assert.ok(mail?.raw.toString().endsWith(sampleMime('a@mailbox.test').toString()));
  });

  it('with structured mail, merged for each recipient', async () => {
    const message = {
      from_email: 'office@club.test',
      from_name: 'Club',
      subject: 'Hi *|FIRST|*',
      text: 'Hello *|FIRST|* of *|BRAND|*',
      to: [{ email: 'md-s1@mailbox.test', name: 'Anna', type: 'to' }, { email: 'md-s2@mailbox.test' }],
      merge: true,
      global_merge_vars: [{ name: 'BRAND', content: 'Club' }],
      merge_vars: [{ rcpt: 'md-s1@mailbox.test', vars: [{ name: 'first', content: 'Anna' }] }],
    };
    assert.equal((await call('messages/send', { message })).status, 200);
    await simulator.idle();
    const [first] = await simulator.mailbox('md-s1@mailbox.test');
    const [second] = await simulator.mailbox('md-s2@mailbox.test');
    assert.match(first?.raw.toString() ?? '', /To: "Anna" <md-s1@mailbox\.test>\r\nSubject: Hi Anna/);
    assert.match(second?.raw.toString() ?? '', /To: md-s2@mailbox\.test\r\nSubject: Hi \r\n/);
  });

  it('with rejected and invalid recipients beside sent ones', async () => {
    simulator.configure({ provider: 'mandrill', key, suppressed: ['listed@mailbox.test'] });
    const answer = await raw([
      'md-ok@mailbox.test',
      'listed@mailbox.test',
      'suppressed@mailbox.test',
      'refuse-at-rcpt@mailbox.test',
      'nobody',
    ]);
    assert.deepEqual(
      rows(answer).map((row) => [row['status'], row['reject_reason'], '_id' in row]),
      [
        ['sent', null, true],
        ['rejected', 'custom', true],
        ['rejected', 'hard-bounce', true],
        ['invalid', null, false],
        ['invalid', null, false],
      ],
    );
  });

  it('with "unsigned" for a domain without SPF and DKIM', async () => {
    const answer = await call('messages/send', { message: { from_email: 'a@other.test', text: 'x', to: [{ email: 'a@mailbox.test' }] } });
    assert.deepEqual([rows(answer)[0]?.['status'], rows(answer)[0]?.['reject_reason']], ['rejected', 'unsigned']);
    assert.equal(rows(await raw(['refuse-at-data@mailbox.test']))[0]?.['reject_reason'], 'rule');
  });

  it('with "queued" for more than ten, and rejections then come by event', async () => {
    hook();
    const eleven = ['suppressed@mailbox.test', ...Array.from({ length: 10 }, (_, n) => `md-q${n}@mailbox.test`)];
    const answer = await raw(eleven);
    assert.ok(rows(answer).every((row) => row['status'] === 'queued' && row['queued_reason'] === 'multiple-recipients'));
    await simulator.idle();
    const rejected = told().filter((event) => event['event'] === 'reject');
    assert.deepEqual(
      rejected.map((event) => [record(event['msg'])['email'], record(record(event['msg'])['reject'])['reason'], event['_id']]),
      [['suppressed@mailbox.test', 'hard-bounce', rows(answer)[0]?.['_id']]],
    );
  });

  it('with "queued" when the hourly quota is used up: accepted all the same', async () => {
    // A world of its own, because what is held back until the next hour never comes to rest.
    const world = await startWorld({ accounts: [{ provider: 'mandrill', key: 'k', verifiedDomains: ['*'], quota: { hourly: 1 } }] });
    const url = `${String(world.simulator.accounts.mandrill.settings['base_url'])}/messages/send-raw.json`;
    const send = async (to: string) =>
      list((await post(url, { key: 'k', raw_message: sampleMime(to).toString(), to: [to] })).rows).map(record)[0];
    assert.equal((await send('md-h1@mailbox.test'))?.['status'], 'sent');
    const held = await send('md-h2@mailbox.test');
    assert.deepEqual([held?.['status'], held?.['queued_reason']], ['queued', 'hourly-quota-exhausted']);
    assert.deepEqual(await world.simulator.mailbox('md-h2@mailbox.test'), []);
    await world.close();
  });

  for (const [what, make, name, status] of [
    ['a wrong key', () => call('users/ping', { key: 'wrong' }), 'Invalid_Key', 401],
    ['no recipient', () => call('messages/send', { message: { from_email: 'a@club.test' } }), 'ValidationError', 400],
    ['no raw message', () => call('messages/send-raw', {}), 'ValidationError', 400],
    ['an unknown subaccount', () => raw(['a@mailbox.test'], 'X-MC-Subaccount: none\r\n'), 'Unknown_Subaccount', 400],
    ['a tag with an underscore', () => raw(['a@mailbox.test'], 'X-MC-Tags: _own\r\n'), 'ValidationError', 400],
    ['an unknown message', () => call('messages/info', { id: 'none' }), 'Unknown_Message', 400],
    ['the first try of defer-at-data', () => raw(['defer-at-data+md@mailbox.test']), 'ServiceUnavailable', 503],
  ] as const) {
    it(`with ${name} for ${what}`, async () => {
      const answer = await make();
      const body = record(answer.body);
      assert.deepEqual([answer.status, body['status'], body['name'], typeof body['code']], [status, 'error', name, 'number']);
    });
  }

  it('with HTTP 500 for every API error where the account is an old one', async () => {
    simulator.configure({ provider: 'mandrill', key, legacyErrors: true });
    const answer = await call('messages/send', { message: {} });
    assert.deepEqual([answer.status, record(answer.body)['name']], [500, 'ValidationError']);
  });

  it('with GET and broken JSON refused in its own form', async () => {
    for (const init of [{ method: 'GET' }, { method: 'POST', body: 'nonsense' }]) {
      const answer = await fetch(`${base}/users/ping.json`, init);
      assert.equal(record(await answer.json())['status'], 'error');
    }
  });
});

describe('Mandrill tells of each fate', () => {
  const fates: [string, string[]][] = [
    ['member', ['send', 'delivered']],
    ['bounce', ['send', 'hard_bounce 10 bad_mailbox']],
    ['full', ['send', 'deferral', 'deferral', 'soft_bounce 22 mailbox_full']],
    ['bad-domain', ['send', 'hard_bounce 21 invalid_domain']],
    ['greylist', ['send', 'deferral', 'delivered']],
    ['blocked', ['send', 'soft_bounce 51 general']],
    ['complaint', ['send', 'delivered', 'spam']],
    ['late-bounce', ['send', 'delivered', 'hard_bounce 10 bad_mailbox']],
    ['autoreply', ['send', 'delivered']],
    ['unsubscribe', ['send', 'delivered', 'unsub']],
    ['silent', []],
    ['duplicate', ['send', 'delivered', 'send', 'delivered']],
  ];

  it('in signed form posts, with the message and its metadata', async () => {
    hook({ key: 'the-key' });
    const answers = await Promise.all(fates.map(([name]) => raw([`${name}+md@mailbox.test`], 'X-MC-Metadata: {"pm_rcpt":"r1"}\r\n')));
    await simulator.idle();
    for (const [index, [name, expected]] of fates.entries()) {
      const id = rows(answers[index] ?? { body: [] })[0]?.['_id'];
      const mine = told().filter((event) => event['_id'] === id);
      const shown = mine.map((event) => {
        const { bgtools_code: code, bounce_description: description } = record(event['msg']);
        return [event['event'], code, description].filter((one) => one !== null && one !== undefined).join(' ');
      });
      assert.deepEqual(shown, expected, name);
      for (const event of mine) assert.deepEqual(record(event['msg'])['metadata'], { pm_rcpt: 'r1' });
    }
    for (const request of desk.requests) {
      assert.equal(request.headers['content-type'], 'application/x-www-form-urlencoded');
      const value = new URLSearchParams(request.body).get('mandrill_events');
      const signature = createHmac('sha1', 'the-key').update(`${desk.url}mandrill_events${value}`, 'utf8').digest('base64');
      assert.equal(request.headers['x-mandrill-signature'], signature);
    }
  });

  it('with [] for empty metadata, and links that were clicked', async () => {
    hook();
    await raw(['click+md@mailbox.test']);
    await simulator.idle();
    const events = told();
    assert.deepEqual(
      events.map((event) => event['event']),
      ['send', 'delivered', 'open', 'click'],
    );
    assert.equal(events[3]?.['url'], 'https://club.test/agenda');
    assert.ok(events.every((event) => Array.isArray(record(event['msg'])['metadata'])));
  });

  it('again as a whole when the desk did not say yes', async () => {
    hook();
    desk.statuses.push(500, 500);
    await raw(['md-retry@mailbox.test']);
    await simulator.idle();
    const [first, second] = desk.requests;
    assert.ok(first !== undefined && desk.requests.length >= 3);
    assert.ok(second?.body === first.body || desk.requests[2]?.body === first.body);
    assert.equal(new Set(told().map((event) => event['event'])).size, 2);
  });

  it('to an address that carries its own login, signed as configured', async () => {
    const url = desk.url.replace('http://', 'http://desk:p%40ss@');
    simulator.registerWebhook({ provider: 'mandrill', key }, { url, key: 'k' });
    await raw(['md-login@mailbox.test']);
    await simulator.idle();
    const [request] = desk.requests;
    const value = new URLSearchParams(request?.body).get('mandrill_events');
    assert.equal(request?.headers['authorization'], `Basic ${Buffer.from('desk:p@ss').toString('base64')}`);
    assert.equal(
      request?.headers['x-mandrill-signature'],
      createHmac('sha1', 'k').update(`${url}mandrill_events${value}`).digest('base64'),
    );
  });
});

describe('Mandrill can be asked', () => {
  it('for one message and for all that fit', async () => {
    const [sent] = rows(await raw(['bounce+find@mailbox.test'], 'X-MC-Metadata: {"pm_rcpt":"r-find"}\r\n'));
    await simulator.idle();
    const info = record((await call('messages/info', { id: sent?.['_id'] })).body);
    assert.deepEqual([info['state'], info['email'], info['bounce_description']], ['bounced', 'bounce+find@mailbox.test', 'bad_mailbox']);
    for (const query of ['email:bounce+find@mailbox.test', 'u_pm_rcpt:r-find', 'subject:hello sender:office@club.test']) {
      assert.deepEqual(
        rows(await call('messages/search', { query })).map((row) => row['_id']),
        [sent?.['_id']],
        query,
      );
    }
    assert.deepEqual(rows(await call('messages/search', { query: 'u_pm_rcpt:other' })), []);
  });

  it('about its denylist, domains, subaccounts and webhooks', async () => {
    assert.equal((await call('users/ping')).body, 'PONG!');
    await call('rejects/add', { email: 'x@mailbox.test' });
    assert.equal(rows(await call('rejects/list'))[0]?.['reason'], 'custom');
    assert.equal(record((await call('rejects/delete', { email: 'x@mailbox.test' })).body)['deleted'], true);
    await call('senders/add-domain', { domain: 'new.test' });
    assert.equal(record((await call('senders/check-domain', { domain: 'new.test' })).body)['valid_signing'], true);
    await call('subaccounts/add', { id: 't1' });
    assert.equal((await raw(['a@mailbox.test'], 'X-MC-Subaccount: t1\r\n')).status, 200);
    const added = record((await call('webhooks/add', { url: desk.url, events: ['delivered'] })).body);
    assert.equal(desk.requests[0]?.method, 'HEAD');
    assert.ok(text(added['auth_key']) !== '');
    await raw(['md-own@mailbox.test']);
    await simulator.idle();
    assert.deepEqual([...new Set(told(desk.requests.slice(1)).map((event) => event['event']))], ['delivered']);
    await call('webhooks/delete', { id: added['id'] });
    desk.statuses.push(404);
    assert.equal(record((await call('webhooks/add', { url: desk.url })).body)['name'], 'ValidationError');
    assert.deepEqual(rows(await call('webhooks/list')), []);
    assert.equal((await call('nothing/here')).status, 404);
  });
});
