// This file tests how Mandrill's webhooks are verified and read: our own fixtures, its reasons and numbers, and anything that is no JSON at all.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { accountAt } from '../../../test/fakes/api-world.ts';
import { fc } from '../../../test/support/property.ts';
import type { WebhookRequest } from '../../delivery/provider.ts';
import type { FeedbackEvent } from '../../feedback/vocabulary.ts';
import { Secret } from '../../log.ts';
import { mandrillAdapter } from './adapter.ts';
import { REJECT_REASONS } from './errors.ts';
import { mandrillWebhook } from './events.ts';
import { MANDRILL_BATCH, MANDRILL_RCPT, mandrillPost } from './fixtures.ts';

const read = (events: unknown) => mandrillWebhook.events(mandrillPost(events));
const one = (event: string, msg: object) => read([{ event, _id: '1', ts: 1, msg }])[0];

describe('Mandrill events', () => {
  const events = read(MANDRILL_BATCH);

  it('reads one of each kind', () => {
    assert.deepEqual(
      events.map((event) => [event.type, event.class, event.fault, event.hard, event.suppress]),
      [
        ['sent', null, null, false, false],
        ['delivered', 'delivered', null, false, false],
        ['deferred', 'greylist', 'receiver', false, false],
        ['bounced', 'mailbox-full', 'recipient', false, false],
        ['bounced', 'invalid-recipient', 'recipient', true, true],
        ['complained', 'complaint', null, false, true],
        ['rejected', null, null, false, false],
        ['opened', null, null, false, false],
        ['clicked', null, null, false, false],
        ['unsubscribed', null, null, false, true],
        ['unknown', null, null, false, false],
        ['inbound', null, null, false, false],
      ],
    );
  });

  it('keeps the address, the time of the event, the id, our recipient and the words', () => {
    const [sent, , deferred, , bounced] = events;
    assert.deepEqual(
      [sent?.recipient, sent?.atMs, sent?.providerMessageId, sent?.recipientId],
      ['A@example.com', 1_795_276_801_000, '1', MANDRILL_RCPT],
    );
    assert.equal(deferred?.diagnostic, '451 4.7.1 greylisted, try again later');
    assert.equal(bounced?.diagnostic, 'smtp;550 5.1.1 user unknown');
    assert.equal(bounced?.providerLabel, 'hard_bounce, 10, bad_mailbox');
    assert.deepEqual(events[8]?.detail, { url: 'https://club.example/x', ip: '203.0.113.9' });
    assert.deepEqual([events[10]?.recipient, events[10]?.diagnostic], ['x@example.com', '550 no']);
  });

  const bounces: [string, object, Partial<FeedbackEvent>][] = [
    ['hard_bounce', { bgtools_code: 30 }, { class: 'invalid-recipient', hard: true, suppress: true }],
    ['hard_bounce', { bgtools_code: '10' }, { class: 'invalid-recipient', suppress: true }],
    ['hard_bounce', { bounce_description: 'invalid_domain' }, { class: 'bad-domain', hard: true, suppress: false }],
    ['hard_bounce', { bounce_description: 'general', diag: 'smtp;550 5.1.1 no such user' }, { class: 'invalid-recipient', suppress: true }],
    ['hard_bounce', {}, { class: 'invalid-recipient', hard: true, suppress: false }],
    [
      'hard_bounce',
      { bgtools_code: 10, diag: 'smtp;554 5.7.1 your IP is listed at zen.spamhaus.org' },
      { class: 'ip-reputation', suppress: false },
    ],
    ['hard_bounce', { bgtools_code: 21, bounce_description: 'invalid_domain' }, { class: 'bad-domain', hard: true, suppress: false }],
    ['hard_bounce', { bgtools_code: 10, diag: 'smtp;552 5.2.2 mailbox over quota' }, { class: 'mailbox-full', suppress: false }],
    ['soft_bounce', {}, { type: 'bounced', class: 'unclassified', hard: false, suppress: false }],
    ['soft_bounce', { bgtools_code: 40, bounce_description: 'mailbox_full' }, { class: 'mailbox-full' }],
    ['soft_bounce', { bgtools_code: 51 }, { class: 'ip-reputation', fault: 'sender-reputation' }],
    ['soft_bounce', { bgtools_code: 60 }, { type: 'autoresponded', class: 'auto-reply' }],
    ['soft_bounce', { bgtools_code: 90 }, { type: 'unsubscribed', class: null }],
  ];
  for (const [name, msg, expected] of bounces)
    it(`reads ${name} ${JSON.stringify(msg)}`, () => {
      const event = one(name, msg);
      for (const [key, value] of Object.entries(expected)) assert.equal(Reflect.get(event ?? {}, key), value, JSON.stringify(event));
    });

  for (const [reason, row] of Object.entries(REJECT_REASONS))
    it(`reads a reject for ${reason}`, () => {
      const event = one('reject', { reject: { reason } });
      // Mail dropped for the account's denylist is no new bounce: it has no class, and says where the address stands.
      const expected = row.listed === true && row.class === 'unclassified' ? null : row.class;
      assert.deepEqual([event?.type, event?.class, event?.suppress, event?.diagnostic], ['rejected', expected, row.suppress, reason]);
      assert.equal(event?.detail['provider_list'], row.listed === true ? reason : undefined);
      assert.deepEqual(one('reject', { reject: reason })?.class, expected);
    });

  it('gives the same event the same id in every batch, and each open its own', () => {
    const open = (ts: number) => ({ event: 'open', _id: '1', ts, ip: '203.0.113.9', msg: {} });
    const [first, second] = read([open(1), open(2)]);
    assert.notEqual(first?.providerEventId, second?.providerEventId);
    assert.equal(read([open(2)])[0]?.providerEventId, second?.providerEventId);
    const bounce = (ts: number) => read([{ event: 'hard_bounce', _id: '1', ts, msg: {} }])[0]?.providerEventId;
    assert.equal(bounce(1), bounce(2), 'a message bounces once');
  });

  it('sees nothing in an empty batch and an unknown event in what it does not know', () => {
    assert.deepEqual(read([]), []);
    assert.deepEqual(mandrillWebhook.events({ method: 'HEAD', url: '/', headers: {}, body: Buffer.alloc(0) }), []);
    for (const odd of ['{', 'null', '[null]', '[{"event":"moon_phase","msg":[]}]', '[{"event":"open","msg":null}]'])
      assert.equal(read(odd).length, 1, odd);
    const foreign: WebhookRequest = { method: 'POST', url: '/', headers: {}, body: Buffer.from('a=b&c=%ZZ') };
    assert.deepEqual(
      mandrillWebhook.events(foreign).map((event) => event.type),
      ['unknown'],
    );
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 6 })), (text) => {
        for (const event of read(text)) assert.ok(event.providerEventId.length > 0);
      }),
    );
    const fields = fc.dictionary(
      fc.constantFrom('diag', 'bgtools_code', 'bounce_description', 'reject', 'metadata', 'smtp_events', 'email'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom('hard_bounce', 'reject', 'deferral', 'click'), fields, (name, msg) => void assert.ok(one(name, msg))),
    );
  });
});

describe('Mandrill webhook verification', () => {
  const address = 'https://desk.example/hooks/x';
  const auth = { username: 'user', password: new Secret('pass') };
  const account = accountAt(mandrillAdapter, 'https://api.example/', { secret: { webhook_key: 'key-1' } });
  const keyless = accountAt(mandrillAdapter, 'https://api.example/');
  const basic = { authorization: `Basic ${Buffer.from('user:pass').toString('base64')}` };
  const verify = (request: WebhookRequest, options: { auth?: typeof auth; account?: typeof account } = {}) =>
    mandrillWebhook.verify(request, { account: options.account ?? account, publicUrl: address, auth: options.auth ?? null }).ok;
  const signed = (key: string, at = address, headers = {}) => mandrillPost(MANDRILL_BATCH, { key, address: at }, headers);

  it('takes a right signature over the address and the decoded fields', () => assert.equal(verify(signed('key-1')), true));
  it('takes the address with the user and password in it, as it may stand at Mandrill', () => {
    const at = 'https://user:pass@desk.example/hooks/x';
    assert.equal(verify(signed('key-1', at, basic), { auth }), true);
    assert.equal(verify(signed('key-1', at)), false, 'not when no pair was given out');
  });
  it('signs further fields sorted by name', () => {
    const body = Buffer.from('z=last&a=first&mandrill_events=%5B%5D');
    const signature = createHmac('sha1', 'key-1').update(`${address}afirstmandrill_events[]zlast`).digest('base64');
    assert.equal(verify({ method: 'POST', url: '/', headers: { 'x-mandrill-signature': signature }, body }), true);
  });
  it('answers the unsigned HEAD of a new webhook', () => {
    assert.equal(verify({ method: 'HEAD', url: '/', headers: {}, body: Buffer.alloc(0) }, { account: keyless }), true);
  });
  it('takes the test post of a new webhook, which holds no event', () => {
    assert.equal(verify(mandrillPost([], { key: 'test-webhook', address }), { account: keyless }), true);
    assert.equal(verify(mandrillPost(MANDRILL_BATCH, { key: 'test-webhook', address })), false);
  });

  const refused: [string, WebhookRequest, { auth?: typeof auth; account?: typeof account }][] = [
    ['no signature', mandrillPost(MANDRILL_BATCH), {}],
    ['a wrong key', signed('key-2'), {}],
    ['another address', signed('key-1', `${address}/`), {}],
    ['a changed body', { ...signed('key-1'), body: Buffer.from('mandrill_events=%5B%5D') }, {}],
    ['an account without key', signed('key-1'), { account: keyless }],
    ['a wrong password beside a right signature', signed('key-1', address, { authorization: 'Basic eDp5' }), { auth }],
    [
      'a signature in hex',
      mandrillPost([], undefined, {
        'x-mandrill-signature': createHmac('sha1', 'key-1').update(`${address}mandrill_events[]`).digest('hex'),
      }),
      {},
    ],
  ];
  for (const [title, request, options] of refused) it(`refuses ${title}`, () => assert.equal(verify(request, options), false));
});
