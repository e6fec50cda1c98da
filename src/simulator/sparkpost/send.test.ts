import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type JsonRecord, list, record } from '../json.ts';
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
/** Every event that came in, class and fields together. */
function told(): JsonRecord[] {
  return desk.requests
    .filter((request) => request.method === 'POST' && request.body !== '[{"msys":{}}]')
    .flatMap((request) => list(JSON.parse(request.body)).map(record))
    .flatMap(({ msys }) => Object.entries(record(msys)).map(([family, event]): JsonRecord => ({ family, ...record(event) })));
}

describe('SparkPost answers a transmission', () => {
  it('with the id and the counts, and the mail is in the mailbox as it was handed over', async () => {
    const answer = await send('sp-anna@mailbox.test');
    assert.equal(answer.status, 200);
    const results = record(answer.body['results']);
    assert.match(String(results['id']), /^\d{10,}$/);
    assert.deepEqual([results['total_accepted_recipients'], results['total_rejected_recipients']], [1, 0]);
    await simulator.idle();
    const [mail] = await simulator.mailbox('sp-anna@mailbox.test');
    assert.ok(mail?.raw.toString().endsWith(sampleMime('a@mailbox.test').toString()));
    assert.equal(mail?.folder, 'inbox');
    assert.match(mail?.mailFrom ?? '', /@sparkpostmail\.com$/);
  });

  it('with basic auth as well, the key as user', async () => {
    const basic = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
    assert.equal((await transmit({ recipients: to('a@mailbox.test'), content: raw() }, { authorization: basic })).status, 200);
  });

  const good = { recipients: to('a@mailbox.test'), content: raw() };
  for (const [what, body, status, code] of [
    ['no recipients', { content: raw() }, 422, '1400'],
    ['no content', { recipients: to('a@mailbox.test') }, 422, '1400'],
    ['raw mail without From', { ...good, content: { email_rfc822: 'Subject: x\n\ny' } }, 422, '1400'],
    ['inline content without text', { ...good, content: { from: 'a@club.test', subject: 'x' } }, 422, '1400'],
    ['an unverified domain', { ...good, content: { from: 'a@other.test', subject: 'x', text: 'y' } }, 400, '7001'],
    ['an unknown pool', { ...good, options: { ip_pool: 'nowhere' } }, 422, '1300'],
    ['a campaign of 65 bytes', { ...good, campaign_id: 'x'.repeat(65) }, 422, '1300'],
    ['metadata above 10 KB', { ...good, metadata: { a: 'x'.repeat(11_000) } }, 422, '1300'],
    ['a start in a week', { ...good, options: { start_time: new Date(Date.now() + 7 * 86_400_000).toISOString() } }, 422, '1300'],
    ['nobody who can be written to', { ...good, recipients: to('no address') }, 400, '5002'],
    ['an address that refuses the message', { ...good, recipients: to('refuse-at-data@mailbox.test') }, 400, '1902'],
    ['no JSON', 'nonsense', 422, '1300'],
  ] as const) {
    it(`with ${status}/${code} for ${what}`, async () => {
      const answer = await transmit(body);
      const error = record(list(answer.body['errors'])[0]);
      assert.deepEqual([answer.status, error['code']], [status, code]);
      assert.equal(typeof error['message'], 'string');
    });
  }

  it('with 401 for a wrong key, 415 for another content type, 413 for too much content', async () => {
    assert.equal((await transmit(good, { authorization: 'wrong' })).status, 401);
    assert.equal((await transmit(good, { 'content-type': 'text/plain' })).status, 415);
    simulator.configure({ provider: 'sparkpost', key, sizeMaxBytes: 100 });
    assert.equal((await transmit(good)).status, 413);
  });

  it('with 420 when the quota is used up, and sends nothing of it', async () => {
    simulator.configure({ provider: 'sparkpost', key, quota: { hourly: 2 } });
    assert.equal((await send('q1@mailbox.test')).status, 200);
    const over = await send('q2@mailbox.test', 'q3@mailbox.test');
    assert.deepEqual([over.status, record(list(over.body['errors'])[0])['code']], [420, '2101']);
    simulator.configure({ provider: 'sparkpost', key, quota: { daily: 1 } });
    const daily = await send('q2@mailbox.test');
    assert.deepEqual([daily.status, record(list(daily.body['errors'])[0])['code']], [420, '2102']);
    await simulator.idle();
    assert.deepEqual(await simulator.mailbox('q2@mailbox.test'), []);
  });

  it('with 200 and code 2000 when only some recipients are taken', async () => {
    const answer = await send('sp-some@mailbox.test', 'refuse-at-rcpt@mailbox.test');
    const results = record(answer.body['results']);
    assert.equal(answer.status, 200);
    assert.deepEqual([results['total_accepted_recipients'], results['total_rejected_recipients']], [1, 1]);
    assert.equal(record(list(answer.body['errors'])[0])['code'], '2000');
    assert.equal(record(list(results['rcpt_to_errors'])[0])['code'], '1400');
  });

  it('with 503 at the first try of defer-at-data, and takes the second', async () => {
    assert.equal((await send('defer-at-data+sp@mailbox.test')).status, 503);
    assert.equal((await send('defer-at-data+sp@mailbox.test')).status, 200);
  });

  it('never when the line breaks after the last byte: drop-accepted was taken, drop-refused was not', async () => {
    await assert.rejects(send('drop-accepted+sp@mailbox.test'));
    await assert.rejects(send('drop-refused+sp@mailbox.test'));
    await simulator.idle();
    assert.equal((await simulator.mailbox('drop-accepted+sp@mailbox.test')).length, 1);
    assert.equal((await simulator.mailbox('drop-refused+sp@mailbox.test')).length, 0);
    assert.equal((await send('drop-refused+sp@mailbox.test')).status, 200);
  });
});

describe('SparkPost fills in placeholders', () => {
  it('in headers always, in the body only when asked', async () => {
    const content = { email_rfc822: 'From: a@club.test\r\nSubject: Hi {{first}}\r\n\r\nbody {{first}}' };
    const recipients = [{ address: 'sp-sub@mailbox.test', substitution_data: { first: 'Anna' } }];
    await transmit({ options: { perform_substitutions: false }, recipients, content });
    await transmit({ recipients, content });
    await simulator.idle();
    const mails = (await simulator.mailbox('sp-sub@mailbox.test')).map((mail) => mail.raw.toString());
    assert.match(mails[0] ?? '', /Subject: Hi Anna\r\n\r\nbody \{\{first\}\}$/);
    assert.match(mails[1] ?? '', /Subject: Hi Anna\r\n\r\nbody Anna$/);
  });

  it('and tells of a message it cannot build only by an event', async () => {
    simulator.registerWebhook({ provider: 'sparkpost', key }, { url: desk.url });
    const content = { from: { email: 'a@club.test' }, subject: 'x', text: '{{ open' };
    assert.equal((await transmit({ recipients: to('sp-gen@mailbox.test'), content })).status, 200);
    await simulator.idle();
    assert.deepEqual(
      told().map((event) => [event['family'], event['type']]),
      [['gen_event', 'generation_failure']],
    );
  });

  it('builds inline content with the visible recipient of each', async () => {
    const content = {
      from: { email: 'a@club.test', name: 'Club' },
      subject: 'Grüße',
      html: '<p>hi</p>',
      text: 'hi',
      headers: { CC: 'c@club.test' },
    };
    await transmit({ recipients: [{ address: { email: 'sp-inline@mailbox.test', header_to: 'list@club.test' } }], content });
    await simulator.idle();
    const [mail] = await simulator.mailbox('sp-inline@mailbox.test');
    assert.match(mail?.raw.toString() ?? '', /To: list@club\.test\r\n[\s\S]*CC: c@club\.test\r\n[\s\S]*multipart\/alternative/);
  });
});
