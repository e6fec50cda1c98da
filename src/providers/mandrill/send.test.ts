// This file tests hand-overs to Mandrill against a scripted server: what goes over the wire, and what every answer means.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { accountAt, apiWorld, member } from '../../../test/fakes/api-world.ts';
import { type HttpProvider, httpProvider, type Reply, type SeenRequest } from '../../../test/fakes/http-provider.ts';
import { systemClock } from '../../clock.ts';
import type { HandOver, SendResult } from '../../delivery/provider.ts';
import { AppError } from '../../errors.ts';
import { silentLog } from '../../log.ts';
import { contractHandOver, describeProvider } from '../contract.ts';
import { mandrillAdapter } from './adapter.ts';
import { MANDRILL_BATCH, mandrillPost } from './fixtures.ts';

const deps = { clock: systemClock, log: silentLog, random: () => 0.5 };

interface RawMessage {
  key: string;
  raw_message: string;
  to: string[];
  async: boolean;
  ip_pool?: string;
  return_path_domain?: string;
  query?: string;
}

// The cast: the body is what the adapter under test wrote; a wrong shape fails the assertions on it.
const rawOf = (request: SeenRequest | undefined) => request?.json as RawMessage;
const row = (email: string, change: object = {}) => ({
  email,
  status: 'sent',
  _id: `id-${email}`,
  reject_reason: null,
  queued_reason: null,
  ...change,
});
const answer =
  (change: object = {}) =>
  (request: SeenRequest): Reply => ({ status: 200, body: rawOf(request).to.map((email) => row(email, change)) });
const error = (name: string, status = 500, message = 'words'): Reply => ({ status, body: { status: 'error', code: -1, name, message } });

describe('Mandrill hand-over', () => {
  let fake: HttpProvider;
  before(async () => {
    fake = await httpProvider(answer());
  });
  beforeEach(() => {
    fake.answer = answer();
  });
  after(() => fake.close());

  async function send(handOver: HandOver, settings: Record<string, unknown> = {}): Promise<SendResult> {
    const client = mandrillAdapter.connect(accountAt(mandrillAdapter, fake.url, { settings }), deps);
    try {
      return await client.send(handOver);
    } finally {
      await client.close();
    }
  }

  it('sends the raw message to one recipient with all our ids in its metadata', async () => {
    const handOver = contractHandOver([member(1)]);
    const result = await send(handOver, { subaccount: 't1', ip_pool: 'Main Pool', return_path_domain: 'bounce.club.example' });
    const request = fake.seen.at(-1);
    const body = rawOf(request);
    const [recipient] = handOver.recipients;
    assert.equal(request?.url, '/api/1.0/messages/send-raw.json');
    assert.equal(JSON.stringify(request?.headers).includes('k-0123456789'), false);
    assert.deepEqual(
      { ...body, raw_message: '' },
      {
        key: 'k-0123456789',
        raw_message: '',
        to: [member(1)],
        async: false,
        ip_pool: 'Main Pool',
        return_path_domain: 'bounce.club.example',
      },
    );
    const metadata = JSON.stringify({ pm_message: handOver.messageId, pm_tenant: handOver.tenantId, pm_rcpt: recipient?.id });
    assert.equal(body.raw_message, `X-MC-Metadata: ${metadata}\r\nX-MC-Subaccount: t1\r\n${handOver.mime.toString()}`);
    assert.deepEqual(result, { outcomes: [{ kind: 'handed_over', providerMessageId: `id-${member(1)}`, reply: 'sent' }] });
  });

  it('knows several recipients by the ids in the answer, in whatever order they come', async () => {
    fake.answer = (request) => ({
      status: 200,
      body: rawOf(request)
        .to.toReversed()
        .map((email) => row(email.toUpperCase(), { _id: email })),
    });
    const handOver = contractHandOver([member(1), member(2), member(3)]);
    const result = await send(handOver);
    assert.deepEqual(
      result.outcomes.map((outcome) => outcome.kind === 'handed_over' && outcome.providerMessageId),
      [member(1), member(2), member(3)],
    );
    assert.equal(rawOf(fake.seen.at(-1)).raw_message.includes('pm_rcpt'), false, 'metadata is one for all');
  });

  it('takes out headers by which a tenant could command the account', async () => {
    const mime = Buffer.from(
      'X-MC-BccAddress: spy@example.com\r\nx-mc-sendat: 2030-01-01\r\nSubject: Hi\r\nX-MC-Metadata:\r\n {"a":1}\r\n\r\nX-MC-Tags: stays\r\n',
    );
    await send(contractHandOver([member(1)], { mime }));
    assert.match(rawOf(fake.seen.at(-1)).raw_message, /^X-MC-Metadata: \{"pm_message":"[^\r]+\r\nSubject: Hi\r\n\r\nX-MC-Tags: stays\r\n$/);
  });

  it('refuses before the wire what JSON cannot hold', async () => {
    const seen = fake.seen.length;
    const mime = Buffer.from([0x61, 0x3a, 0xff, 0x0d, 0x0a]);
    assert.match(mandrillAdapter.carries(mime) ?? '', /not UTF-8/);
    assert.equal((await send(contractHandOver([member(1)], { mime }))).outcomes[0]?.kind, 'refused');
    assert.equal(fake.seen.length, seen);
  });

  const perRecipient: [object, string, string | null, boolean, string | null][] = [
    // answer, outcome, class, suppress, account signal
    [{ status: 'queued' }, 'handed_over', null, false, null],
    [{ status: 'scheduled' }, 'handed_over', null, false, null],
    [{ status: 'queued', queued_reason: 'attachments' }, 'handed_over', null, false, null],
    [{ status: 'queued', queued_reason: 'multiple-recipients' }, 'handed_over', null, false, null],
    [{ status: 'queued', queued_reason: 'hourly-quota-exhausted' }, 'handed_over', null, false, 'degraded'],
    [{ status: 'queued', queued_reason: 'monthly-limit-reached' }, 'handed_over', null, false, 'degraded'],
    [{ status: 'queued', queued_reason: 'free-trial-sends-exhausted' }, 'handed_over', null, false, 'degraded'],
    [{ status: 'queued', queued_reason: 'sending-paused' }, 'handed_over', null, false, 'degraded'],
    [{ status: 'queued', queued_reason: 'sending-suspended' }, 'handed_over', null, false, 'degraded'],
    [{ status: 'queued', queued_reason: 'account-suspended' }, 'handed_over', null, false, 'degraded'],
    [{ status: 'queued', queued_reason: 'sending-backlogged' }, 'handed_over', null, false, 'degraded'],
    [{ status: 'invalid' }, 'refused', 'invalid-recipient', true, null],
    [{ status: 'rejected', reject_reason: 'hard-bounce' }, 'refused', 'unclassified', false, null],
    [{ status: 'rejected', reject_reason: 'soft-bounce' }, 'refused', 'operator', false, null],
    [{ status: 'rejected', reject_reason: 'spam' }, 'refused', 'unclassified', false, null],
    [{ status: 'rejected', reject_reason: 'unsub' }, 'refused', 'unclassified', false, null],
    [{ status: 'rejected', reject_reason: 'custom' }, 'refused', 'unclassified', false, null],
    [{ status: 'rejected', reject_reason: 'invalid-sender' }, 'refused', 'sender-rejected', false, null],
    [{ status: 'rejected', reject_reason: 'invalid' }, 'refused', 'invalid-recipient', true, null],
    [{ status: 'rejected', reject_reason: 'test-mode-limit' }, 'not_sent', null, false, 'quota'],
    [{ status: 'rejected', reject_reason: 'unsigned' }, 'refused', 'auth-failure', false, null],
    [{ status: 'rejected', reject_reason: 'rule' }, 'refused', 'policy', false, null],
    [{ status: 'rejected', reject_reason: 'moon' }, 'refused', 'unclassified', false, null],
    [{ status: 'rejected' }, 'refused', 'unclassified', false, null],
    [{ status: 'dancing' }, 'unknown', null, false, null],
    [{ email: 'other@example.com' }, 'unknown', null, false, null],
  ];
  for (const [change, kind, feedbackClass, suppress, signal] of perRecipient)
    it(`reads a recipient: ${JSON.stringify(change)}`, async () => {
      fake.answer = answer(change);
      const result = await send(contractHandOver([member(1)]));
      const [outcome] = result.outcomes;
      assert.equal(outcome?.kind, kind, JSON.stringify(result));
      if (outcome?.kind === 'refused') assert.deepEqual([outcome.class, outcome.suppress], [feedbackClass, suppress]);
      assert.equal(result.account?.kind ?? null, signal);
    });

  const table: [string, Reply, string, string | null, string | null][] = [
    ['Invalid_Key', error('Invalid_Key'), 'not_sent', null, 'misconfigured'],
    ['Invalid_Key with 401', error('Invalid_Key', 401), 'not_sent', null, 'misconfigured'],
    ['an error that says 200', error('Invalid_Key', 200), 'not_sent', null, 'misconfigured'],
    ['PaymentRequired', error('PaymentRequired'), 'not_sent', null, 'quota'],
    ['ServiceUnavailable', error('ServiceUnavailable'), 'deferred', 'operator', 'degraded'],
    ['GeneralError', error('GeneralError'), 'unknown', null, 'degraded'],
    ['Unknown_Subaccount', error('Unknown_Subaccount'), 'refused', 'operator', 'misconfigured'],
    ['Unknown_Pool', error('Unknown_Pool'), 'refused', 'operator', null],
    ['Unknown_Template', error('Unknown_Template'), 'refused', 'operator', null],
    ['ValidationError', error('ValidationError'), 'refused', 'content', null],
    ['another error in its own format', error('Metadata_FieldLimit'), 'refused', 'operator', null],
    ['429', { status: 429, body: 'slow down' }, 'deferred', 'rate-limited', 'throttled'],
    ['500 without JSON', { status: 500, body: '<html>' }, 'unknown', null, 'degraded'],
    ['503 without JSON', { status: 503, body: '<html>' }, 'unknown', null, 'degraded'],
    ['401 without JSON', { status: 401, body: 'who?' }, 'not_sent', null, 'misconfigured'],
    ['404 without JSON', { status: 404, body: 'where?' }, 'refused', 'operator', 'misconfigured'],
    ['413', { status: 413, body: 'too large' }, 'refused', 'message-too-large', null],
    ['200 without JSON', { status: 200, body: '<html>' }, 'unknown', null, 'degraded'],
    ['200 with an object', { status: 200, body: { ok: true } }, 'unknown', null, 'degraded'],
    ['200 with an empty list', { status: 200, body: [] }, 'unknown', null, null],
    ['200 with odd rows', { status: 200, body: '[null, 7, [], "x"]' }, 'unknown', null, null],
    ['200 cut short', { cutAfterHead: 200, body: '[{"email":' }, 'unknown', null, 'degraded'],
    ['cut after the last byte', 'cut', 'unknown', null, 'unreachable'],
    ['silence', 'silence', 'unknown', null, 'unreachable'],
  ];
  for (const [title, reply, kind, feedbackClass, signal] of table)
    it(`reads: ${title}`, async () => {
      fake.answer = () => reply;
      const result = await send(contractHandOver([member(1)]), { answer_timeout_s: 1 });
      const [outcome] = result.outcomes;
      assert.equal(outcome?.kind, kind, JSON.stringify(result));
      if (outcome?.kind === 'refused' || outcome?.kind === 'deferred') assert.equal(outcome.class, feedbackClass);
      assert.equal(result.account?.kind ?? null, signal);
      assert.equal(JSON.stringify(result).includes('k-0123456789'), false, 'the key stays out of replies');
    });

  it('finds an uncertain message by its metadata, and believes its own "rejected"', async () => {
    const client = mandrillAdapter.connect(accountAt(mandrillAdapter, fake.url), deps);
    const query = { messageId: 'm-1', recipientId: 'r-1', address: member(1), sinceMs: 1_795_276_800_000 };
    const rows: [Reply, string][] = [
      [{ status: 200, body: [{ email: member(1), state: 'sent', metadata: { pm_message: 'm-1', pm_rcpt: 'r-1' } }] }, 'accepted'],
      [{ status: 200, body: [{ email: member(1), state: 'sent', metadata: { pm_message: 'm-1' } }] }, 'accepted'],
      [{ status: 200, body: [{ email: member(1), ts: 1_795_276_790, state: 'rejected', metadata: { pm_message: 'm-1' } }] }, 'absent'],
      // Refused ten minutes before: that was an earlier hand-over, and the one in doubt may not be in the index yet.
      [{ status: 200, body: [{ email: member(1), ts: 1_795_276_200, state: 'rejected', metadata: { pm_message: 'm-1' } }] }, 'unknown'],
      [{ status: 200, body: [{ email: member(2), state: 'sent', metadata: { pm_message: 'm-1' } }] }, 'unknown'],
      [{ status: 200, body: [{ email: member(1), state: 'sent', metadata: { pm_message: 'm-1', pm_rcpt: 'r-2' } }] }, 'unknown'],
      [{ status: 200, body: [{ email: member(1), state: 'sent', metadata: [] }] }, 'unknown'],
      [{ status: 200, body: [] }, 'unknown'],
      [error('Invalid_Key'), 'unknown'],
      ['cut', 'unknown'],
    ];
    for (const [reply, expected] of rows) {
      fake.answer = () => reply;
      assert.equal(await client.find?.(query), expected, JSON.stringify(reply));
    }
    assert.equal(fake.seen.at(-1)?.url, '/api/1.0/messages/search.json');
    assert.equal(rawOf(fake.seen.at(-1)).query, `full_email:${member(1)}`);
    await client.close();
  });

  const wrong: [string, Record<string, unknown>, string][] = [
    ['an unknown setting', { region: 'eu' }, 'settings.region'],
    ['a subaccount that would break the header', { subaccount: 'a\r\nb' }, 'settings.subaccount'],
    ['no connection', { connections: 0 }, 'settings.connections'],
    ['an impossible wait', { answer_timeout_s: 601 }, 'settings.answer_timeout_s'],
  ];
  for (const [title, settings, field] of wrong)
    it(`names the field of ${title}`, () => {
      const act = () => mandrillAdapter.parseAccount({ settings, secret: { api_key: 'k' } });
      assert.throws(act, (thrown) => thrown instanceof AppError && thrown.code === 'PROVIDER_SETTINGS_INVALID' && thrown.field === field);
    });
});

describeProvider({
  name: 'Mandrill',
  make: () =>
    apiWorld({
      adapter: mandrillAdapter,
      secret: { webhook_key: 'key-1' },
      fates: { deliver: member, refuse: 'refuse@mailbox.example', defer: 'defer@mailbox.example' },
      respond(request) {
        const { to, raw_message } = rawOf(request);
        if (to.includes('defer@mailbox.example')) return { reply: error('ServiceUnavailable'), accepted: [] };
        const good = to.filter((address) => address !== 'refuse@mailbox.example');
        const body = to.map((email) => (good.includes(email) ? row(email) : row(email, { status: 'invalid' })));
        return { reply: { status: 200, body }, accepted: good.map((address) => ({ address, mime: Buffer.from(raw_message) })) };
      },
      troubles: {
        quota: error('PaymentRequired'),
        suspended: error('Invalid_Key'),
        misconfigured: error('Invalid_Key'),
        throttled: { status: 429, body: 'Too many requests' },
      },
      webhooks: () => [mandrillPost(MANDRILL_BATCH)],
    }),
  cannot: [
    {
      case: 'suspension is a signal of the account',
      reason: 'Mandrill accepts mail of a suspended account and keeps it; the account is reported as degraded instead.',
    },
    {
      case: 'closed before acceptance is not_sent',
      reason: 'A small HTTP request leaves in one write; once the kernel has it, nobody can prove that it was not read.',
    },
  ],
});
