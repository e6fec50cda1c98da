import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import PostalMime from 'postal-mime';
import { type JsonRecord, list, record, text } from '../json.ts';
import type { Simulator } from '../simulator.ts';
import { type Desk, post, startWorld } from '../test-kit.ts';

let simulator: Simulator;
let desk: Desk;
let stop: () => Promise<void>;
let base = '';
let keys = 0;
let key = '';

before(async () => {
  ({ simulator, desk, close: stop } = await startWorld());
  base = String(simulator.accounts['elastic-email'].settings['base_url']);
});
after(() => stop());
// Every test has an account of its own.
beforeEach(() => {
  keys += 1;
  key = `sim-ee-${keys}`;
  simulator.configure({ provider: 'elastic-email', key, verifiedDomains: ['club.test'] });
  desk.requests.length = 0;
  desk.statuses.length = 0;
});

const headers = () => ({ 'x-elasticemail-apikey': key });
const content = (change: JsonRecord = {}) => ({
  From: 'Club <office@club.test>',
  Subject: 'Hello',
  Body: [
    { ContentType: 'HTML', Charset: 'utf-8', Content: '<p>See https://club.test/agenda</p>' },
    { ContentType: 'PlainText', Charset: 'utf-8', Content: 'See https://club.test/agenda' },
  ],
  ...change,
});
const transactional = (to: string[], change: JsonRecord = {}, options: JsonRecord = {}, more: Record<string, string> = {}) =>
  post(`${base}/emails/transactional`, { Recipients: { To: to }, Content: content(change), Options: options }, { ...headers(), ...more });
const bulk = (recipients: JsonRecord[], change: JsonRecord = {}) =>
  post(`${base}/emails`, { Recipients: recipients, Content: content(change) }, headers());
const get = async (path: string): Promise<unknown> => (await fetch(`${base}${path}`, { headers: headers() })).json();
const hook = () => simulator.registerWebhook({ provider: 'elastic-email', key }, { url: desk.url });

/** Query strings of every notification. */
function told(): Record<string, string>[] {
  return desk.requests.map((request) => Object.fromEntries(new URL(request.url, 'http://desk').searchParams));
}

describe('Elastic Email answers a send', () => {
  it('with two ids, and the mail that arrives is what was structured', async () => {
    const answer = await transactional(['Anna <ee-anna@mailbox.test>', 'ee-bob@mailbox.test'], {
      Headers: { 'X-Pm-Id': 'm1' },
      Attachments: [{ Name: 'a.txt', ContentType: 'text/plain', BinaryContent: Buffer.from('hi').toString('base64') }],
    });
    assert.equal(answer.status, 200);
    assert.ok(text(answer.body['TransactionID']) !== '' && text(answer.body['MessageID']) !== '');
    await simulator.idle();
    const [mail] = await simulator.mailbox('ee-bob@mailbox.test');
    const parsed = await PostalMime.parse(mail?.raw ?? '');
    assert.deepEqual(
      parsed.to?.map((one) => one.address),
      ['ee-anna@mailbox.test', 'ee-bob@mailbox.test'],
    );
    assert.equal(parsed.headers.find((one) => one.key === 'x-pm-id')?.value, 'm1');
    assert.equal(parsed.attachments[0]?.filename, 'a.txt');
  });

  it('once only for one Idempotency-Key, with the first answer again', async () => {
    const first = await transactional(['ee-once@mailbox.test'], {}, {}, { 'idempotency-key': 'k1' });
    const again = await transactional(['ee-once@mailbox.test'], {}, {}, { 'idempotency-key': 'k1' });
    assert.deepEqual(again.body, first.body);
    await simulator.idle();
    assert.equal((await simulator.mailbox('ee-once@mailbox.test')).length, 1);
  });

  it('and remembers the key of a message whose answer was lost', async () => {
    await assert.rejects(transactional(['drop-accepted+ee@mailbox.test'], {}, {}, { 'idempotency-key': 'k2' }));
    assert.equal((await transactional(['drop-accepted+ee@mailbox.test'], {}, {}, { 'idempotency-key': 'k2' })).status, 200);
    await simulator.idle();
    assert.equal((await simulator.mailbox('drop-accepted+ee@mailbox.test')).length, 1);
  });

  it('to many, each with an own mail and own fields; braces around a word are eaten', async () => {
    const recipients = [{ Email: 'ee-f1@mailbox.test', Fields: { first: 'Anna' } }, { Email: 'ee-f2@mailbox.test' }];
    const Body = [{ ContentType: 'PlainText', Content: 'Hi {first}, {unknown} p{color:red}' }];
    assert.equal((await bulk(recipients, { Body })).status, 200);
    await simulator.idle();
    const bodies = await Promise.all(
      ['ee-f1@mailbox.test', 'ee-f2@mailbox.test'].map(async (one) => PostalMime.parse((await simulator.mailbox(one))[0]?.raw ?? '')),
    );
    assert.deepEqual(
      bodies.map((mail) => [mail.to?.[0]?.address, mail.text?.trim()]),
      [
        ['ee-f1@mailbox.test', 'Hi Anna,  p{color:red}'],
        ['ee-f2@mailbox.test', 'Hi ,  p{color:red}'],
      ],
    );
  });

  const fifty = Array.from({ length: 51 }, (_, n) => `m${n}@mailbox.test`);
  for (const [what, send, status, words] of [
    ['51 recipients', () => transactional(fifty), 400, /too many/i],
    ['no recipients', () => transactional([]), 400, /recipients are required/i],
    ['a bad address', () => transactional(['nobody']), 400, /not a valid email/i],
    ['no body', () => transactional(['a@mailbox.test'], { Body: [] }), 400, /no body/i],
    ['an unverified sender', () => transactional(['a@mailbox.test'], { From: 'a@other.test' }), 400, /not verified/],
    ['an unknown pool', () => transactional(['a@mailbox.test'], {}, { PoolName: 'nowhere' }), 400, /pool/],
    ['a refused address', () => transactional(['refuse-at-rcpt@mailbox.test']), 400, /not a valid email/i],
    ['a refused message', () => transactional(['refuse-at-data@mailbox.test']), 400, /rejected/i],
    ['a wrong key', () => post(`${base}/emails`, {}, { 'x-elasticemail-apikey': 'wrong' }), 401, /ApiKey/],
    ['no JSON', () => post(`${base}/emails`, 'nonsense', headers()), 400, /JSON/],
  ] as const) {
    it(`with ${status} and a sentence for ${what}`, async () => {
      const answer = await send();
      assert.equal(answer.status, status);
      assert.match(text(answer.body['Error']), words);
    });
  }

  it('with a verified address as sender though its domain is not', async () => {
    simulator.configure({ provider: 'elastic-email', key, verifiedAddresses: ['anna@other.test'] });
    assert.equal((await transactional(['a@mailbox.test'], { From: 'Anna <Anna@other.test>' })).status, 200);
    assert.equal((await transactional(['a@mailbox.test'], { From: 'bob@other.test' })).status, 400);
  });

  it('with 400 about the daily limit when the quota is used up, and about size without the word limit', async () => {
    simulator.configure({ provider: 'elastic-email', key, quota: { daily: 1 }, sizeMaxBytes: 500 });
    assert.equal((await transactional(['a@mailbox.test'])).status, 200);
    assert.match(text((await transactional(['a@mailbox.test'])).body['Error']), /daily limit/i);
    const large = await transactional(['a@mailbox.test'], { Body: [{ ContentType: 'PlainText', Content: 'x'.repeat(600) }] });
    assert.match(text(large.body['Error']), /too large/);
    assert.doesNotMatch(text(large.body['Error']), /limit|quota|credit/);
  });
});

describe('Elastic Email tells of each fate', () => {
  const fates: [string, string[]][] = [
    ['member', ['Sent']],
    ['bounce', ['Error NoMailbox']],
    ['inactive', ['Error AccountProblem']],
    ['full', ['Error AccountProblem']],
    ['bad-domain', ['Error DNSProblem']],
    ['greylist', ['Sent']],
    ['expired', ['Error Timeout']],
    ['blocked', ['Error BlackListed']],
    ['content', ['Error Spam']],
    ['unauthenticated', ['Error SPFProblem']],
    ['complaint', ['Sent', 'AbuseReport']],
    ['late-bounce', ['Sent', 'Error NoMailbox']],
    ['autoreply', ['Sent']],
    ['unsubscribe', ['Sent', 'Unsubscribed']],
    ['click', ['Sent', 'Opened', 'Clicked']],
    ['silent', []],
    ['suppressed', ['Error NotDelivered']],
    ['duplicate', ['Sent', 'Sent']],
  ];

  it('by one GET per event with the documented parameters', async () => {
    hook();
    const answer = await bulk(
      fates.map(([name]) => ({ Email: `${name}+ee@mailbox.test` })),
      { Postback: 'm1.r1' },
    );
    await simulator.idle();
    for (const [name, expected] of fates) {
      const mine = told().filter((one) => one['to'] === `${name}+ee@mailbox.test`);
      const shown = mine.map((one) => (one['status'] === 'Error' ? `Error ${one['category']}` : one['status']));
      assert.deepEqual(shown, expected, name);
      for (const one of mine) {
        assert.equal(one['transaction'], answer.body['TransactionID']);
        assert.equal(one['postback'], 'm1.r1');
        assert.match(one['date'] ?? '', /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d [AP]M$/);
      }
    }
    assert.ok(desk.requests.every((request) => request.method === 'GET' && request.body === ''));
    assert.equal(told().find((one) => one['status'] === 'Clicked')?.['target'], 'https://club.test/agenda');
  });

  it('once: a notification that was not taken does not come again', async () => {
    hook();
    desk.statuses.push(500);
    await transactional(['ee-lost@mailbox.test']);
    await simulator.idle();
    assert.equal(told().length, 1);
  });

  it('as one flat JSON post where the webhook asks for it', async () => {
    const wanted = { Name: 'desk', URL: desk.url, DeliveryMethod: 'PostJson', NotificationForSent: true, NotificationForError: false };
    assert.equal((await post(`${base}/webhook`, wanted, headers())).status, 201);
    assert.deepEqual([desk.requests[0]?.method, desk.requests[0]?.url], ['GET', '/hooks']);
    await bulk([{ Email: 'ee-post@mailbox.test' }, { Email: 'bounce+post@mailbox.test' }]);
    await simulator.idle();
    const posts = desk.requests.filter((request) => request.method === 'POST').map((request) => record(JSON.parse(request.body)));
    assert.deepEqual(
      posts.map((one) => [one['to'], one['status']]),
      [['ee-post@mailbox.test', 'Sent']],
    );
    const [listed] = list(await get('/webhook')).map(record);
    const gone = await fetch(`${base}/webhook/${text(listed?.['PublicWebhookID'])}`, { method: 'DELETE', headers: headers() });
    assert.equal(gone.status, 200);
    desk.statuses.push(500);
    assert.equal((await post(`${base}/webhook`, wanted, headers())).status, 400);
  });
});

describe('Elastic Email can be asked', () => {
  it('what became of a hand-over, with the words that notifications leave out', async () => {
    const answer = await bulk([{ Email: 'greylist+ask@mailbox.test' }, { Email: 'bounce+ask@mailbox.test' }]);
    const id = text(answer.body['TransactionID']);
    await simulator.idle();
    const status = record(await get(`/emails/${id}/status?showFailed=true&showDelivered=true&showMessageIDs=true`));
    assert.deepEqual(
      [status['RecipientsCount'], status['Delivered'], status['FailedCount'], list(status['MessageIDs']).length],
      [2, ['greylist+ask@mailbox.test'], 1, 2],
    );
    const events = list(await get(`/events/${id}?orderBy=DateAscending`)).map(record);
    const mine = events.filter((one) => one['To'] === 'greylist+ask@mailbox.test').map((one) => one['EventType']);
    assert.deepEqual(mine, ['Submission', 'FailedAttempt', 'Sent']);
    assert.match(text(events.find((one) => one['EventType'] === 'Bounce')?.['Message']), /^550 5\.1\.1 /);
    assert.equal(list(await get('/events?eventTypes=Bounce&limit=1')).length, 1);
    assert.equal((await fetch(`${base}/emails/none/status`, { headers: headers() })).status, 404);
  });

  it('about domains and suppressions', async () => {
    assert.equal((await post(`${base}/domains`, { Domain: 'new.test' }, headers())).status, 201);
    const verified = await fetch(`${base}/domains/new.test/verification`, { method: 'PUT', headers: headers(), body: '"None"' });
    assert.equal(record(await verified.json())['Verify'], true);
    await fetch(`${base}/suppressions/bounces`, { method: 'POST', headers: headers(), body: '["Listed@mailbox.test"]' });
    assert.equal(list(await get('/suppressions/bounces')).length, 1);
    assert.equal(list(await get('/suppressions/complaints')).length, 0);
    hook();
    await transactional(['listed@mailbox.test']);
    await simulator.idle();
    assert.deepEqual(
      told().map((one) => one['category']),
      ['NotDelivered'],
    );
  });
});
