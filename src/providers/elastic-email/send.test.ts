// This file tests hand-overs to Elastic Email against a scripted server: what goes over the wire, and what every answer means.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { accountAt, apiWorld, member } from '../../../test/fakes/api-world.ts';
import { type HttpProvider, httpProvider, type Reply, type SeenRequest } from '../../../test/fakes/http-provider.ts';
import { systemClock } from '../../clock.ts';
import type { HandOver, SendResult } from '../../delivery/provider.ts';
import { AppError } from '../../errors.ts';
import { silentLog } from '../../log.ts';
import { contractHandOver, describeProvider } from '../contract.ts';
import { elasticEmailAdapter } from './adapter.ts';
import { elasticFields, elasticForm, elasticGet, elasticJson } from './fixtures.ts';

const deps = { clock: systemClock, log: silentLog, random: () => 0.5 };

interface Transactional {
  Recipients: { To: string[] };
  Content: { Postback: string; EnvelopeFrom?: string; Body: { Content: string }[] };
  Options: Record<string, unknown>;
}

// The cast: the body is what the adapter under test wrote; a wrong shape fails the assertions on it.
const callOf = (request: SeenRequest | undefined) => request?.json as Transactional;
const accepted: Reply = { status: 200, body: { TransactionID: 'tR1', MessageID: 'mE1' } };
const error = (status: number, text: string): Reply => ({ status, body: { Error: text } });

describe('Elastic Email hand-over', () => {
  let fake: HttpProvider;
  before(async () => {
    fake = await httpProvider(() => accepted);
  });
  beforeEach(() => {
    fake.answer = () => accepted;
  });
  after(() => fake.close());

  async function send(handOver: HandOver, settings: Record<string, unknown> = {}): Promise<SendResult> {
    const client = elasticEmailAdapter.connect(accountAt(elasticEmailAdapter, fake.url, { settings }), deps);
    try {
      return await client.send(handOver);
    } finally {
      await client.close();
    }
  }

  it('sends one recipient per call, with a postback that names it and the same key on every repetition', async () => {
    const mime = Buffer.from(`From: Club <office@club.example>\r\nTo: "Member, A" <${member(1)}>\r\nSubject: Hi\r\n\r\nHello\r\n`);
    const handOver = contractHandOver([member(1)], { mime, stream: 'bulk' });
    const [recipient] = handOver.recipients;
    const result = await send(handOver, { ip_pool: 'main', return_path_domain: 'bounce.club.example' });
    await send(handOver);
    const [first, second] = fake.seen.slice(-2);
    const call = callOf(first);
    assert.equal(first?.url, '/v4/emails/transactional');
    assert.equal(first?.headers['x-elasticemail-apikey'], 'k-0123456789');
    assert.ok((first?.headers['idempotency-key'] ?? '').length > 20);
    assert.equal(second?.headers['idempotency-key'], first?.headers['idempotency-key']);
    assert.deepEqual(call.Recipients, { To: [`"Member, A" <${member(1)}>`] });
    assert.equal(call.Content.Postback, `${handOver.messageId}.${recipient?.id}`);
    assert.equal(call.Content.EnvelopeFrom, `${recipient?.returnPath.split('@')[0]}@bounce.club.example`);
    assert.deepEqual(call.Options, {
      PoolName: 'main',
      ChannelName: 'bulk',
      Encoding: 'QuotedPrintable',
      TrackOpens: false,
      TrackClicks: false,
    });
    assert.deepEqual(result, { outcomes: [{ kind: 'handed_over', providerMessageId: 'tR1', reply: '200 tR1' }] });
  });

  it('gives every recipient an own call and an own key', async () => {
    const from = fake.seen.length;
    const result = await send(contractHandOver([member(1), member(2)]));
    const seen = fake.seen.slice(from);
    assert.deepEqual(seen.map((request) => callOf(request).Recipients.To).sort(), [[member(1)], [member(2)]]);
    assert.equal(new Set(seen.map((request) => request.headers['idempotency-key'])).size, 2);
    assert.equal(result.outcomes.length, 2);
  });

  it('refuses before the wire what would not arrive as it is', async () => {
    const seen = fake.seen.length;
    const rows: [string, RegExp][] = [
      ['From: a@b.example\r\nTo: other@mailbox.example\r\nSubject: x\r\n\r\nx', /shows another address/],
      ['From: a@b.example\r\nSubject: x\r\n\r\nDear {name}', /merge field/],
      ['Subject: x\r\n\r\nx', /From/],
    ];
    for (const [text, words] of rows) {
      const result = await send(contractHandOver([member(1)], { mime: Buffer.from(text) }));
      const [outcome] = result.outcomes;
      assert.equal(outcome?.kind === 'refused' && outcome.class, 'operator');
      assert.match(outcome?.reply ?? '', words);
    }
    assert.equal(fake.seen.length, seen);
  });

  const table: [string, Reply, string, string | null, string | null, number?][] = [
    ['domain not verified', error(400, 'From domain is not verified'), 'refused', 'operator', null],
    ['address not validated', error(400, 'Email address not validated'), 'refused', 'operator', null],
    ['no credits', error(400, 'Not enough credits to send'), 'not_sent', null, 'quota'],
    ['daily limit', error(402, 'Daily limit reached'), 'not_sent', null, 'quota'],
    ['payment without words', { status: 402, body: '<html>' }, 'not_sent', null, 'quota'],
    ['account disabled', error(403, 'Account disabled'), 'not_sent', null, 'suspended'],
    ['account under review', error(400, 'Your account is under review'), 'not_sent', null, 'suspended'],
    ['bad key', error(401, 'Incorrect apikey'), 'not_sent', null, 'misconfigured'],
    ['access level missing', error(403, 'Access denied'), 'not_sent', null, 'misconfigured'],
    ['too fast', error(429, 'Rate limit exceeded'), 'deferred', 'rate-limited', 'throttled', 10_000],
    ['server error', error(500, 'Something went wrong'), 'unknown', null, 'degraded'],
    ['unavailable', { status: 503, body: 'later' }, 'deferred', 'operator', 'degraded'],
    ['gateway', { status: 502, body: '<html>account disabled by ad-blocker' }, 'unknown', null, 'degraded'],
    ['validation', error(400, 'Subject is required'), 'refused', 'content', null],
    ['bad recipient', error(400, 'Recipient address is not a valid email'), 'refused', 'invalid-recipient', null],
    ['unprocessable', error(422, 'Bad field'), 'refused', 'content', null],
    ['too large', error(413, 'Too big'), 'refused', 'message-too-large', null],
    ['wrong base address', { status: 404, body: '<html>' }, 'refused', 'operator', 'misconfigured'],
    ['the old API says no', { status: 200, body: { success: false, error: 'Incorrect apikey' } }, 'not_sent', null, 'misconfigured'],
    ['the old API says no otherwise', { status: 200, body: { success: false, error: 'Bad field' } }, 'refused', 'content', null],
    ['200 without id', { status: 200, body: {} }, 'unknown', null, 'degraded'],
    ['200 without JSON', { status: 200, body: '<html>' }, 'unknown', null, 'degraded'],
    ['200 cut short', { cutAfterHead: 200, body: '{"Tra' }, 'unknown', null, 'degraded'],
    ['a redirect', { status: 301, headers: { location: 'https://x.example' } }, 'refused', 'operator', 'misconfigured'],
    ['cut after the last byte', 'cut', 'unknown', null, 'unreachable'],
    ['silence', 'silence', 'unknown', null, 'unreachable'],
  ];
  for (const [title, reply, kind, feedbackClass, signal, retryAfterMs] of table)
    it(`reads: ${title}`, async () => {
      fake.answer = () => reply;
      const result = await send(contractHandOver([member(1)]), { answer_timeout_s: 1 });
      const [outcome] = result.outcomes;
      assert.equal(outcome?.kind, kind, JSON.stringify(result));
      if (outcome?.kind === 'refused' || outcome?.kind === 'deferred') assert.equal(outcome.class, feedbackClass);
      if (outcome?.kind === 'refused') assert.equal(outcome.suppress, false);
      assert.equal(result.account?.kind ?? null, signal);
      assert.equal(result.account?.retryAfterMs, retryAfterMs);
      assert.equal(JSON.stringify(result).includes('k-0123456789'), false);
    });

  it('names the field of a signing account without key', () => {
    const act = () => elasticEmailAdapter.parseAccount({ settings: { webhook_signing: true }, secret: { api_key: 'k' } });
    assert.throws(act, (thrown) => thrown instanceof AppError && thrown.field === 'secret.webhook_key');
  });
});

describeProvider({
  name: 'Elastic Email',
  make: () =>
    apiWorld({
      adapter: elasticEmailAdapter,
      fates: { deliver: member, refuse: 'refuse@mailbox.example', defer: 'defer@mailbox.example' },
      respond(request) {
        const [address = ''] = callOf(request).Recipients.To;
        if (address === 'defer@mailbox.example') return { reply: { status: 503, body: { Error: 'Try later' } }, accepted: [] };
        if (address === 'refuse@mailbox.example') return { reply: error(400, 'Invalid recipient'), accepted: [] };
        return { reply: accepted, accepted: [{ address, mime: null }] };
      },
      troubles: {
        quota: error(400, 'Not enough credits'),
        suspended: error(403, 'Account disabled'),
        misconfigured: error(401, 'Incorrect apikey'),
        throttled: error(429, 'Too many requests'),
      },
      webhooks: () => [
        elasticGet(elasticFields('Sent')),
        elasticForm(elasticFields('Error', { category: 'NoMailbox' })),
        elasticJson(elasticFields('AbuseReport')),
        elasticGet(null),
      ],
    }),
  cannot: [
    {
      case: 'closed before acceptance is not_sent',
      reason: 'A small HTTP request leaves in one write; once the kernel has it, nobody can prove that it was not read.',
    },
  ],
});
