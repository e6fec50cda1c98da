// This file tests how Elastic Email's webhooks are verified and read: GET, form and JSON, every category, and odd input.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { accountAt } from '../../../test/fakes/api-world.ts';
import { fc } from '../../../test/support/property.ts';
import type { WebhookRequest } from '../../delivery/provider.ts';
import { compileOwnRules } from '../../feedback/own-rules.ts';
import { Secret } from '../../log.ts';
import { elasticEmailAdapter } from './adapter.ts';
import { elasticEmailWebhook, elasticTime } from './events.ts';
import { ELASTIC_RCPT, elasticFields, elasticForm, elasticGet, elasticJson } from './fixtures.ts';

const read = (request: WebhookRequest) => elasticEmailWebhook.events(request);
const one = (status: string, change: Record<string, string> = {}) => read(elasticGet(elasticFields(status, change)))[0];

describe('Elastic Email events', () => {
  it('reads the same event out of a query, a form and JSON', () => {
    const fields = elasticFields('Error', { category: 'NoMailbox' });
    const [byQuery] = read(elasticGet(fields));
    assert.deepEqual(read(elasticForm(fields))[0], byQuery);
    assert.deepEqual(read(elasticJson(fields))[0], byQuery);
    assert.deepEqual(read(elasticJson([fields]))[0], byQuery);
    assert.deepEqual(read(elasticJson({ ...fields, MessageID: 'mE1', messageid: undefined }))[0], byQuery, 'names differ in case only');
    assert.deepEqual(
      { ...byQuery, providerEventId: '' },
      {
        type: 'bounced',
        recipient: 'a@example.com',
        atMs: Date.UTC(2026, 10, 21, 16, 0, 3),
        providerEventId: '',
        providerMessageId: 'tR1',
        recipientId: ELASTIC_RCPT,
        class: 'invalid-recipient',
        fault: 'recipient',
        hard: true,
        suppress: true,
        diagnostic: null,
        providerLabel: 'Error, NoMailbox',
        rule: null,
        detail: { message_id: 'mE1', channel: 'transactional' },
      },
    );
  });

  const statuses: [string, string, string | null, boolean][] = [
    ['Sent', 'delivered', 'delivered', false],
    ['Opened', 'opened', null, false],
    ['Clicked', 'clicked', null, false],
    ['AbuseReport', 'complained', 'complaint', true],
    ['Unsubscribed', 'unsubscribed', null, true],
    ['ABUSEREPORT', 'complained', 'complaint', true],
    ['MoonPhase', 'unknown', null, false],
  ];
  for (const [status, type, feedbackClass, suppress] of statuses)
    it(`reads ${status}`, () => {
      const event = one(status);
      assert.deepEqual([event?.type, event?.class, event?.suppress], [type, feedbackClass, suppress]);
    });

  it('lets the receiver’s words decide where a category says too little, or says the opposite', () => {
    const rows: [category: string, message: string, cls: string, suppress: boolean, because: string][] = [
      ['Unknown', '550 5.1.1 User unknown', 'invalid-recipient', true, 'nothing is said by the label'],
      ['AccountProblem', '552 5.2.2 Mailbox full', 'mailbox-full', false, 'full, disabled or suspended'],
      ['AccountProblem', '550 5.2.1 The account has been disabled', 'inactive-mailbox', true, 'now it is proven'],
      ['AccountProblem', 'moon phase', 'inactive-mailbox', false, 'words that say nothing leave the label'],
      ['DNSProblem', '550 5.1.2 Host unknown: domain does not exist', 'bad-domain', false, 'no such domain'],
      ['CodeError', '421 4.7.28 too many messages from your address, try again later', 'rate-limited', false, 'any code'],
      [
        'NoMailbox',
        '554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org',
        'ip-reputation',
        false,
        'our IP is no missing mailbox',
      ],
      ['NoMailbox', '550 5.1.1 User unknown', 'invalid-recipient', true, 'they agree'],
      ['Throttled', '550 5.1.1 User unknown', 'rate-limited', false, 'a label that is clear stays'],
      ['BlackListed', '550 5.1.1 User unknown', 'ip-reputation', false, 'and holds nobody'],
    ];
    for (const [category, message, cls, suppress, because] of rows) {
      const event = one('Error', { category, message });
      assert.deepEqual([event?.class, event?.suppress, event?.diagnostic], [cls, suppress, message], `${category}: ${because}`);
      assert.equal(event?.providerLabel, `Error, ${category}`, 'the label stays beside ours');
    }
    assert.equal(one('Sent', { message: '250 OK' })?.diagnostic, null);
    const onList = one('Error', { category: 'NotDelivered', message: '550 5.1.1 User unknown' });
    assert.deepEqual([onList?.type, onList?.class], ['rejected', null]);
  });

  it('asks the platform’s own rules first', () => {
    const own = compileOwnRules([
      {
        id: 'moon',
        class: 'system',
        patterns: ['moon phase'],
        codes: [],
        domains: [],
        stages: [],
        suppress: true,
        sample: '550 moon phase',
        note: '',
      },
    ]);
    const request = elasticGet(elasticFields('Error', { category: 'NoMailbox', message: '550 5.1.1 moon phase' }));
    const [event] = elasticEmailWebhook.events(request, own);
    assert.deepEqual([event?.class, event?.rule, event?.suppress], ['system', 'own/moon', false]);
  });

  const categories: [string, string, string | null, string | null][] = [
    ['Unknown', 'bounced', 'unclassified', null],
    ['Ignore', 'unknown', null, null],
    ['Spam', 'bounced', 'spam-content', 'content'],
    ['ContentFilter', 'bounced', 'spam-content', 'content'],
    ['BlackListed', 'bounced', 'ip-reputation', 'sender-reputation'],
    ['NoMailbox', 'bounced', 'invalid-recipient', 'recipient'],
    ['GreyListed', 'bounced', 'greylist', 'receiver'],
    ['Throttled', 'bounced', 'rate-limited', 'capacity'],
    ['Timeout', 'bounced', 'expired', 'receiver'],
    ['ConnectionProblem', 'bounced', 'network', 'receiver'],
    ['ConnectionTerminated', 'bounced', 'network', 'receiver'],
    ['SPFProblem', 'bounced', 'auth-failure', 'authentication'],
    ['SpfProblem', 'bounced', 'auth-failure', 'authentication'],
    ['AccountProblem', 'bounced', 'inactive-mailbox', 'recipient'],
    ['DNSProblem', 'bounced', 'network', 'receiver'],
    ['WhitelistingProblem', 'bounced', 'policy', 'policy'],
    ['CodeError', 'bounced', 'protocol', 'receiver'],
    ['ManualCancel', 'rejected', 'operator', 'operator'],
    ['NotDeliveredCancelled', 'rejected', 'operator', 'operator'],
    ['NotDelivered', 'rejected', null, null],
    ['SomethingNew', 'bounced', 'unclassified', null],
  ];
  for (const [category, type, feedbackClass, fault] of categories)
    it(`reads an Error of category ${category}`, () => {
      const event = one('Error', { category });
      assert.deepEqual([event?.type, event?.class, event?.fault], [type, feedbackClass, fault]);
      assert.equal(event?.suppress, category === 'NoMailbox');
    });

  const times: [string | null, number | null][] = [
    ['11/21/2026 4:00:03 PM', Date.UTC(2026, 10, 21, 16, 0, 3)],
    ['1/2/2026 12:00:00 AM', Date.UTC(2026, 0, 2)],
    ['1/2/2026 12:30 PM', Date.UTC(2026, 0, 2, 12, 30)],
    ['11/21/2026 16:00:03', Date.UTC(2026, 10, 21, 16, 0, 3)],
    ['2026-11-21T16:00:03', Date.UTC(2026, 10, 21, 16, 0, 3)],
    ['2026-11-21 16:00:03', Date.UTC(2026, 10, 21, 16, 0, 3)],
    ['2026-11-21T16:00:03Z', Date.UTC(2026, 10, 21, 16, 0, 3)],
    ['2026-11-21T17:00:03+01:00', Date.UTC(2026, 10, 21, 16, 0, 3)],
    ['yesterday', null],
    [null, null],
  ];
  for (const [text, ms] of times) it(`reads the time ${text} as UTC`, () => assert.equal(elasticTime(text), ms));

  it('makes one id per event: the same again is the same, another link or second is another', () => {
    const click = (target: string) => one('Clicked', { target })?.providerEventId;
    assert.equal(click('https://a.example/'), click('https://a.example/'));
    assert.notEqual(click('https://a.example/'), click('https://b.example/'));
    assert.notEqual(one('Opened')?.providerEventId, one('Opened', { date: '11/21/2026 4:00:04 PM' })?.providerEventId);
  });

  it('sees nothing in the bare request that checks a new webhook, and an unknown event in other odd bodies', () => {
    assert.deepEqual(read(elasticGet(null)), []);
    for (const odd of ['{', 'null', '[null]', '{"a":1}', '[[]]', '"x"'])
      assert.deepEqual(
        read(elasticJson(odd)).map((event) => event.type),
        ['unknown'],
        odd,
      );
    assert.equal(read(elasticForm({ a: 'b' }))[0]?.type, 'unknown');
    assert.equal(one('Error', { postback: 'not ours', date: '' })?.recipientId, null);
  });

  it('never throws, whatever comes', () => {
    const names = fc.constantFrom('status', 'to', 'date', 'category', 'postback', 'transaction', '__proto__', 'constructor');
    fc.assert(fc.property(fc.dictionary(names, fc.jsonValue()), (fields) => void assert.equal(read(elasticJson(fields)).length, 1)));
    fc.assert(fc.property(fc.string(), (text) => void read({ ...elasticGet(null), url: `/x?${text}` })));
    fc.assert(fc.property(fc.string(), (text) => void read(elasticJson(text))));
  });
});

describe('Elastic Email webhook verification', () => {
  const auth = { username: 'user', password: new Secret('pass') };
  const plain = accountAt(elasticEmailAdapter, 'https://api.example/');
  const secret = `whsec_${Buffer.from('a secret of some length').toString('base64')}`;
  const signing = accountAt(elasticEmailAdapter, 'https://api.example/', {
    settings: { webhook_signing: true },
    secret: { webhook_key: secret },
  });
  const verify = (request: WebhookRequest, account = plain, given: typeof auth | null = null) =>
    elasticEmailWebhook.verify(request, { account, publicUrl: 'https://desk.example/hooks/x', auth: given });

  it('leaves the classic form to the secret path', () => assert.equal(verify(elasticGet(elasticFields('Sent'))).ok, true));
  it('takes a request without credentials, which the provider cannot send, and refuses wrong ones', () => {
    assert.equal(verify(elasticGet(elasticFields('Sent')), plain, auth).ok, true);
    const wrong = { authorization: `Basic ${Buffer.from('user:other').toString('base64')}` };
    assert.equal(verify(elasticGet(elasticFields('Sent'), wrong), plain, auth).ok, false);
  });

  const body = JSON.stringify(elasticFields('Sent'));
  const headers = (signature: string) => ({
    'x-elasticemail-timestamp': '1795276800',
    'x-elasticemail-webhook-id': 'wh1',
    'x-elasticemail-signature': signature,
  });
  const layouts: [string, string | Buffer, string, 'hex' | 'base64'][] = [
    ['whole key, ts.body, hex', secret, `1795276800.${body}`, 'hex'],
    ['whole key, id.ts.body, base64', secret, `wh1.1795276800.${body}`, 'base64'],
    ['decoded key, body, hex', Buffer.from('a secret of some length'), body, 'hex'],
    ['decoded key, id.ts.body, base64', Buffer.from('a secret of some length'), `wh1.1795276800.${body}`, 'base64'],
  ];
  for (const [layout, key, data, encoding] of layouts)
    it(`takes a signature laid out as ${layout}, and names it`, () => {
      const signature = `v1=${createHmac('sha256', key).update(data).digest(encoding)}`;
      assert.deepEqual(verify(elasticJson(body, headers(signature)), signing), { ok: true, reason: `signed: ${layout}` });
      assert.equal(verify(elasticJson(`${body} `, headers(signature)), signing).ok, false, 'a changed body');
    });
  it('refuses an unsigned event where signing is on, and answers the bare check', () => {
    assert.equal(verify(elasticJson(body), signing).ok, false);
    assert.equal(verify(elasticJson(body, headers('v1=AAAA')), signing).ok, false);
    assert.equal(verify(elasticGet(elasticFields('Sent')), signing).ok, false);
    assert.equal(verify(elasticGet(null), signing).ok, true);
  });
});
