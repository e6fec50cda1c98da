// This file tests how SparkPost's webhooks are verified and read: our own fixtures, every bounce class, and anything that is no JSON at all.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accountAt } from '../../../test/fakes/api-world.ts';
import { fc } from '../../../test/support/property.ts';
import type { FeedbackEvent } from '../../feedback/vocabulary.ts';
import { Secret } from '../../log.ts';
import { sparkpostAdapter } from './adapter.ts';
import { sparkpostWebhook } from './events.ts';
import { SPARKPOST_BATCH, SPARKPOST_RCPT, sparkpostPost } from './fixtures.ts';

const read = (batch: unknown) => sparkpostWebhook.events(sparkpostPost(batch));
const bounce = (bounceClass: string, reason?: string) =>
  read([{ msys: { message_event: { type: 'bounce', event_id: '1', bounce_class: bounceClass, raw_reason: reason } } }])[0];

describe('SparkPost events', () => {
  const events = read(SPARKPOST_BATCH);

  it('reads one of each kind', () => {
    assert.deepEqual(
      events.map((event) => [event.type, event.class, event.fault, event.hard, event.suppress]),
      [
        ['queued', null, null, false, false],
        ['delivered', 'delivered', null, false, false],
        ['deferred', 'mailbox-full', 'recipient', false, false],
        ['bounced', 'invalid-recipient', 'recipient', true, true],
        ['bounced', 'ip-reputation', 'sender-reputation', false, false],
        ['rejected', null, null, false, false],
        ['bounced', 'invalid-recipient', 'recipient', true, true],
        ['complained', 'complaint', null, false, true],
        ['rejected', 'operator', 'operator', false, false],
        ['opened', null, null, false, false],
        ['clicked', null, null, false, false],
        ['unsubscribed', null, null, false, true],
        ['failed', 'content', 'content', false, false],
        ['inbound', null, null, false, false],
      ],
    );
  });

  it('keeps the address as written, the time, both ids, our recipient and the words', () => {
    const [injection, , , bounced] = events;
    assert.equal(injection?.recipient, 'A@example.com');
    assert.equal(injection?.atMs, 1_795_276_800_000);
    assert.equal(injection?.providerEventId, '1');
    assert.equal(injection?.providerMessageId, '65832150921904138');
    assert.equal(injection?.recipientId, SPARKPOST_RCPT);
    assert.equal(bounced?.diagnostic, '550 5.1.1 <x@example.com> user unknown');
    assert.equal(bounced?.providerLabel, 'bounce, bounce_class 10');
    assert.deepEqual(events[10]?.detail, { url: 'https://club.example/x' });
  });

  const classes: [string, string | undefined, Partial<FeedbackEvent>][] = [
    ['1', undefined, { type: 'bounced', class: 'unclassified', suppress: false }],
    ['1', '550 5.1.1 user unknown', { class: 'invalid-recipient', hard: true, suppress: true }],
    ['20', '552 5.2.2 mailbox over quota', { class: 'mailbox-full', suppress: false, rule: 'mailbox-said-full' }],
    ['21', undefined, { class: 'network' }],
    ['21', '550 5.1.2 host unknown, domain not found', { class: 'bad-domain', suppress: false }],
    ['22', undefined, { class: 'mailbox-full', rule: null }],
    ['23', undefined, { class: 'message-too-large' }],
    ['24', undefined, { class: 'expired' }],
    ['25', '554 5.7.1 [internal] Campaign cancelled', { type: 'rejected', class: 'operator', suppress: false }],
    [
      '25',
      '554 5.7.1 recipient address was suppressed due to customer policy',
      { type: 'rejected', class: null, fault: null, suppress: false },
    ],
    ['30', undefined, { class: 'invalid-recipient', hard: true, suppress: true }],
    ['40', undefined, { class: 'unclassified' }],
    ['50', undefined, { class: 'policy' }],
    ['50', '550 5.7.26 unauthenticated: DMARC policy', { class: 'auth-failure', suppress: false }],
    ['52', undefined, { class: 'spam-content' }],
    ['53', undefined, { class: 'content' }],
    ['54', undefined, { class: 'relay-denied' }],
    ['60', 'out of office', { type: 'autoresponded', class: 'auto-reply' }],
    ['70', undefined, { type: 'bounced', class: 'unclassified' }],
    ['80', undefined, { type: 'subscribed', class: null }],
    ['90', undefined, { type: 'unsubscribed', class: null, suppress: true }],
    ['100', undefined, { type: 'autoresponded', class: 'auto-reply' }],
    ['4711', undefined, { type: 'bounced', class: 'unclassified', suppress: false }],
    [
      '10',
      '554 5.7.1 blocked, your IP 198.51.100.7 is listed at zen.spamhaus.org',
      { class: 'ip-reputation', hard: false, suppress: false },
    ],
  ];
  for (const [code, reason, expected] of classes)
    it(`reads bounce class ${code}${reason === undefined ? '' : ` "${reason}"`}`, () => {
      const event = bounce(code, reason);
      for (const [name, value] of Object.entries(expected)) assert.equal(Reflect.get(event ?? {}, name), value, JSON.stringify(event));
    });

  it('tells a mail dropped for the list of the account from a bounce', () => {
    const dropped = bounce('25', '554 5.7.1 recipient address was suppressed due to customer policy');
    assert.equal(dropped?.detail['provider_list'], 'bounce, bounce_class 25');
    assert.equal(bounce('25', '554 5.7.1 [internal] Campaign cancelled')?.detail['provider_list'], undefined);
    assert.equal(bounce('10', '550 5.1.1 user unknown')?.detail['provider_list'], undefined);
  });

  it('takes no complaint from authentication reports and "not spam", and an unsubscription from opt-out', () => {
    const type = (fbtype: string) => read([{ msys: { message_event: { type: 'spam_complaint', event_id: '1', fbtype } } }])[0];
    assert.deepEqual([type('auth-failure')?.type, type('auth-failure')?.suppress], ['unknown', false]);
    assert.equal(type('not-spam')?.type, 'unknown');
    assert.equal(type('opt-out')?.type, 'unsubscribed');
    assert.equal(type('fraud')?.type, 'complained');
  });

  it('sees nothing in a ping and an unknown event in what it does not know', () => {
    assert.deepEqual(read([{ msys: {} }]), []);
    assert.deepEqual(read([]), []);
    assert.deepEqual(read(''), []);
    for (const odd of [
      '{',
      'null',
      '7',
      '[null]',
      '[[]]',
      '{"a":1}',
      '[{"msys":{"new_event":{"type":"moon_phase"}}}]',
      '[{"msys":{"message_event":null}}]',
    ])
      assert.deepEqual(
        read(odd).map((event) => event.type),
        ['unknown'],
        odd,
      );
  });

  it('gives an event without id the same id every time, and different events different ids', () => {
    const open = (agent: string) => ({ msys: { track_event: { type: 'open', raw_rcpt_to: 'a@example.com', user_agent: agent } } });
    const [first, second] = read([open('x'), open('y')]);
    assert.equal(read([open('x')])[0]?.providerEventId, first?.providerEventId);
    assert.notEqual(first?.providerEventId, second?.providerEventId);
  });

  it('counts what lies beyond the limit in one event', () => {
    const many = read(Array.from({ length: 10_002 }, (_, at) => ({ msys: { message_event: { type: 'delivery', event_id: String(at) } } })));
    assert.equal(many.length, 10_001);
    assert.match(many.at(-1)?.providerLabel ?? '', /2 events beyond/);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 6 })), (text) => {
        for (const event of read(text)) assert.ok(event.providerEventId.length > 0);
      }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('type', 'bounce_class', 'raw_reason', 'timestamp', 'event_id', 'rcpt_meta', 'raw_rcpt_to'),
          fc.jsonValue(),
        ),
        (fields) => {
          assert.equal(read([{ msys: { message_event: { type: 'bounce', ...fields } } }]).length, 1);
        },
      ),
    );
    assert.equal(read(`${'['.repeat(200_000)}${']'.repeat(200_000)}`).length, 1);
  });
});

describe('SparkPost webhook verification', () => {
  const auth = { username: 'user', password: new Secret('pass:word') };
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  const account = accountAt(sparkpostAdapter, 'https://api.example/', { secret: { webhook_key: 'token-1' } });
  const verify = (headers: Record<string, string>, given: typeof auth | null = auth) =>
    sparkpostWebhook.verify(sparkpostPost([], headers), { account, publicUrl: 'https://desk.example/hooks/x', auth: given }).ok;

  const rows: [string, Record<string, string>, boolean][] = [
    ['the right pair', basic('user:pass:word'), true],
    ['the right pair and token', { ...basic('user:pass:word'), 'x-messagesystems-webhook-token': 'token-1' }, true],
    ['the right pair and a wrong token', { ...basic('user:pass:word'), 'x-messagesystems-webhook-token': 'token-2' }, false],
    ['a wrong password', basic('user:other'), false],
    ['nothing', {}, false],
    ['another scheme', { authorization: 'Bearer user:pass:word' }, false],
    ['garbage', { authorization: 'Basic §§§' }, false],
  ];
  for (const [title, headers, ok] of rows) it(`${ok ? 'takes' : 'refuses'} ${title}`, () => assert.equal(verify(headers), ok));
  it('leaves it to the secret path where no pair was given out', () => assert.equal(verify({}, null), true));
});
