// This file tests hand-overs to SparkPost against a scripted server: what goes over the wire, and what every answer means.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { accountAt, apiWorld, member } from '../../../test/fakes/api-world.ts';
import { type HttpProvider, httpProvider, type Reply, type SeenRequest } from '../../../test/fakes/http-provider.ts';
import { systemClock } from '../../clock.ts';
import type { HandOver, SendResult } from '../../delivery/provider.ts';
import { silentLog } from '../../log.ts';
import { contractHandOver, contractMime, describeProvider } from '../contract.ts';
import { sparkpostAdapter } from './adapter.ts';
import { SPARKPOST_BATCH, sparkpostPost } from './fixtures.ts';

const deps = { clock: systemClock, log: silentLog, random: () => 0.5 };

interface Transmission {
  options: Record<string, unknown>;
  metadata: Record<string, string>;
  recipients: { address: { email: string }; metadata: { pm_rcpt: string }; return_path?: string }[];
  content: { email_rfc822: string };
}

// The cast: the body is what the adapter under test wrote; a wrong shape fails the assertions on it.
const transmissionOf = (request: SeenRequest | undefined) => request?.json as Transmission;

function accepted(count: number, id = '11668787484950529'): Reply {
  return { status: 200, body: { results: { id, total_accepted_recipients: count, total_rejected_recipients: 0 } } };
}

const error = (status: number, code: string | null, message: string): Reply => ({
  status,
  body: { errors: [{ message, ...(code === null ? {} : { code }) }] },
});

describe('SparkPost hand-over', () => {
  let fake: HttpProvider;
  before(async () => {
    fake = await httpProvider(() => accepted(1));
  });
  beforeEach(() => {
    fake.answer = (request) => accepted(transmissionOf(request).recipients.length);
  });
  after(() => fake.close());

  async function send(handOver: HandOver, settings: Record<string, unknown> = {}): Promise<SendResult> {
    const client = sparkpostAdapter.connect(accountAt(sparkpostAdapter, fake.url, { settings }), deps);
    try {
      return await client.send(handOver);
    } finally {
      await client.close();
    }
  }

  it('sends the raw message with ids per recipient and everything that would change it switched off', async () => {
    const handOver = contractHandOver([member(1), member(2)]);
    const result = await send(handOver, { subaccount: 7, ip_pool: 'main', return_path_domain: 'bounce.club.example' });
    const request = fake.seen.at(-1);
    const body = transmissionOf(request);
    assert.equal(request?.url, '/api/v1/transmissions');
    assert.equal(request?.headers['authorization'], 'k-0123456789');
    assert.equal(request?.headers['x-msys-subaccount'], '7');
    assert.equal(body.content.email_rfc822, handOver.mime.toString());
    assert.deepEqual(body.metadata, { pm_message: handOver.messageId, pm_tenant: handOver.tenantId });
    assert.deepEqual(
      body.recipients.map((row) => [row.address.email, row.metadata.pm_rcpt, row.return_path]),
      handOver.recipients.map((row) => [row.address, row.id, `${row.returnPath.split('@')[0]}@bounce.club.example`]),
    );
    assert.deepEqual(body.options, {
      open_tracking: false,
      initial_open: false,
      click_tracking: false,
      transactional: true,
      perform_substitutions: false,
      ip_pool: 'main',
    });
    const outcome = { kind: 'handed_over', providerMessageId: '11668787484950529', reply: '200 11668787484950529' };
    assert.deepEqual(result, { outcomes: [outcome, outcome] });
  });

  it('says bulk for bulk, prefers the pool of the route, and names no return path without a bounce domain', async () => {
    await send(contractHandOver([member(1)], { stream: 'bulk', pool: 'warm' }), { ip_pool: 'main' });
    const body = transmissionOf(fake.seen.at(-1));
    assert.equal(body.options['transactional'], false);
    assert.equal(body.options['ip_pool'], 'warm');
    assert.equal(body.recipients[0]?.return_path, undefined);
  });

  it('takes out headers by which a tenant could command the account', async () => {
    const mime = Buffer.from(
      'X-MSYS-API: {"options":{"ip_pool":"other"},\r\n "archive":["spy@example.com"]}\r\nSubject: Hi\r\n\r\nX-MSYS-API: stays\r\n',
    );
    await send(contractHandOver([member(1)], { mime }));
    assert.equal(transmissionOf(fake.seen.at(-1)).content.email_rfc822, 'Subject: Hi\r\n\r\nX-MSYS-API: stays\r\n');
  });

  it('refuses before the wire what it cannot carry unchanged', async () => {
    const seen = fake.seen.length;
    const rows: [Buffer, RegExp][] = [
      [Buffer.from('Subject: {{name}}\r\n\r\nx'), /subject holds "\{\{"/],
      [Buffer.from([0x61, 0x3a, 0xff, 0x0d, 0x0a]), /not UTF-8/],
    ];
    for (const [mime, words] of rows) {
      assert.match(sparkpostAdapter.carries(mime) ?? '', words);
      const result = await send(contractHandOver([member(1)], { mime }));
      assert.equal(result.outcomes[0]?.kind === 'refused' && result.outcomes[0].class, 'operator');
    }
    assert.equal(sparkpostAdapter.carries(Buffer.from('Subject: a\r\n\r\n{{name}}')), null);
    assert.equal(fake.seen.length, seen);
  });

  const table: [string, Reply, string, string | null, string | null, number?][] = [
    // title, answer, outcome, class, account signal, retry after
    ['hourly quota', error(420, '2101', 'Exceed Sending Limit (hourly)'), 'not_sent', null, 'quota', 3_600_000],
    ['daily quota', error(420, '2102', 'Exceed Sending Limit (daily)'), 'not_sent', null, 'quota'],
    ['monthly quota', error(420, '2105', 'Exceed Sending Limit'), 'not_sent', null, 'quota'],
    ['sandbox quota', error(420, '2103', 'Exceed Sending Limit (sandbox)'), 'not_sent', null, 'quota'],
    ['unverified sending domain', error(400, '7001', 'Invalid domain'), 'refused', 'operator', null],
    ['blocked sending domain', error(400, '7000', 'blocked'), 'refused', 'operator', null],
    ['domain of another account', error(400, '7004', 'in use'), 'refused', 'operator', null],
    ['bad DKIM key', error(400, '1100', 'dkim_key'), 'refused', 'operator', null],
    ['bad key', error(401, '1303', 'Unauthorized.'), 'not_sent', null, 'misconfigured'],
    ['key without grant', error(403, '1100', 'Forbidden.'), 'not_sent', null, 'misconfigured'],
    ['suspended account', error(403, null, 'Account is suspended'), 'not_sent', null, 'suspended'],
    [
      'too fast',
      { status: 429, headers: { 'retry-after': '3' }, body: { errors: [{ message: 'Too many requests' }] } },
      'deferred',
      'rate-limited',
      'throttled',
      3_000,
    ],
    ['too fast without a time', error(429, null, 'Too many requests'), 'deferred', 'rate-limited', 'throttled', 5_000],
    ['no resources', error(400, '1502', 'resources'), 'deferred', 'operator', 'degraded', 5_000],
    ['generator away', error(503, '1900', 'generator'), 'deferred', 'operator', 'degraded', 5_000],
    ['server error', error(500, '1500', 'Internal'), 'unknown', null, 'degraded', 5_000],
    ['gateway error', { status: 502, body: '<html>bad gateway' }, 'unknown', null, 'degraded', 5_000],
    ['generation failed', error(400, '1901', 'generation failed'), 'refused', 'content', null],
    ['no valid recipient', error(400, '5002', 'no valid recipients'), 'refused', 'invalid-recipient', null],
    ['conflict', error(409, '1602', 'conflict'), 'refused', 'content', null],
    ['validation', error(422, '1300', 'invalid data format/type'), 'refused', 'content', null],
    ['too large', { status: 413, body: 'too large' }, 'refused', 'message-too-large', null],
    ['wrong base address', { status: 404, body: '<html>not here' }, 'refused', 'operator', 'misconfigured'],
    ['wrong content type', error(415, '1700', 'content type'), 'refused', 'operator', 'misconfigured'],
    ['a proxy that says 400', { status: 400, body: '<html>suspended' }, 'refused', 'operator', 'misconfigured'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'refused', 'operator', 'misconfigured'],
    ['200 without JSON', { status: 200, body: '<html>welcome' }, 'unknown', null, 'degraded'],
    ['200 cut short', { cutAfterHead: 200, body: '{"results":{"id":"1"' }, 'unknown', null, 'degraded'],
    ['401 cut short', { cutAfterHead: 401, body: '{"err' }, 'not_sent', null, 'misconfigured'],
    ['200 without counts', { status: 200, body: { results: { id: '1' } } }, 'unknown', null, 'degraded'],
    ['the only recipient refused', rejected(0, 1), 'refused', 'invalid-recipient', null],
    ['more accepted than asked', rejected(2, 0), 'unknown', null, null],
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
    });

  it('keeps a batch accepted in part uncertain as a whole, because only totals come back', async () => {
    fake.answer = () => rejected(2, 1);
    const result = await send(contractHandOver([member(1), member(2), member(3)]));
    assert.deepEqual(
      result.outcomes.map((outcome) => outcome.kind),
      ['unknown', 'unknown', 'unknown'],
    );
    assert.match(result.outcomes[0]?.reply ?? '', /2 of 3 accepted, 1 refused: Invalid email address/);
  });

  it('refuses a whole batch of which nothing was accepted', async () => {
    fake.answer = () => rejected(0, 2);
    const result = await send(contractHandOver([member(1), member(2)]));
    assert.deepEqual(
      result.outcomes.map((outcome) => outcome.kind),
      ['refused', 'refused'],
    );
  });

  it('sends the sound recipients of a batch when one address is unfit', async () => {
    const result = await send(contractHandOver([member(1), 'a\r\nb@club.example', member(2)]));
    assert.deepEqual(
      result.outcomes.map((outcome) => outcome.kind),
      ['handed_over', 'refused', 'handed_over'],
    );
    assert.equal(transmissionOf(fake.seen.at(-1)).recipients.length, 2);
  });

  it('never lets a key or a body into a reply', async () => {
    fake.answer = () => error(422, '1300', 'x'.repeat(5000));
    const text = JSON.stringify(await send(contractHandOver([member(1)])));
    assert.ok(text.length < 1000);
    assert.equal(text.includes('k-0123456789'), false);
  });

  it('finds an uncertain recipient by its id in the events, and never calls it absent', async () => {
    const client = sparkpostAdapter.connect(accountAt(sparkpostAdapter, fake.url), deps);
    const query = { messageId: 'm', recipientId: 'r-1', address: member(1), sinceMs: 1_795_276_800_000 };
    const rows: [Reply, string][] = [
      [{ status: 200, body: { results: [{ rcpt_meta: [] }, { type: 'injection', rcpt_meta: { pm_rcpt: 'r-1' } }] } }, 'accepted'],
      [{ status: 200, body: { results: [{ rcpt_meta: { pm_rcpt: 'r-2' } }] } }, 'unknown'],
      [{ status: 200, body: { results: [] } }, 'unknown'],
      [{ status: 200, body: 'garbage' }, 'unknown'],
      [{ status: 500 }, 'unknown'],
      ['cut', 'unknown'],
    ];
    for (const [reply, expected] of rows) {
      fake.answer = () => reply;
      assert.equal(await client.find?.(query), expected, JSON.stringify(reply));
    }
    const url = new URL(fake.seen.at(-1)?.url ?? '', fake.url);
    assert.equal(url.pathname, '/api/v1/events/message');
    assert.equal(url.searchParams.get('recipients'), member(1));
    assert.equal(url.searchParams.get('from'), '2026-11-20T16:00:00Z', 'the injection was before the doubt began');
    await client.close();
  });
});

function rejected(acceptedCount: number, rejectedCount: number): Reply {
  return {
    status: 200,
    body: {
      errors: [{ code: '2000', message: 'injection error' }],
      results: {
        id: '1',
        total_accepted_recipients: acceptedCount,
        total_rejected_recipients: rejectedCount,
        rcpt_to_errors: [{ code: '1400', message: 'Invalid email address' }],
      },
    },
  };
}

describeProvider({
  name: 'SparkPost',
  make: () =>
    apiWorld({
      adapter: sparkpostAdapter,
      fates: { deliver: member, refuse: 'refuse@mailbox.example', defer: 'defer@mailbox.example' },
      respond(request) {
        const { recipients, content } = transmissionOf(request);
        const addresses = recipients.map((row) => row.address.email);
        if (addresses.includes('defer@mailbox.example')) return { reply: error(503, '1900', 'generator unavailable'), accepted: [] };
        return {
          reply: accepted(addresses.length),
          accepted: addresses.map((address) => ({ address, mime: Buffer.from(content.email_rfc822) })),
        };
      },
      troubles: {
        quota: error(420, '2102', 'Exceed Sending Limit (daily)'),
        suspended: error(403, '1601', 'Account suspended'),
        misconfigured: error(401, '1303', 'Unauthorized.'),
        throttled: error(429, null, 'Too many requests'),
      },
      webhooks: () => [sparkpostPost(SPARKPOST_BATCH)],
    }),
  cannot: [
    {
      case: 'a refused recipient leaves the others alone',
      reason: 'SparkPost answers with totals only, so a batch accepted in part is uncertain as a whole.',
    },
    {
      case: 'closed before acceptance is not_sent',
      reason: 'A small HTTP request leaves in one write; once the kernel has it, nobody can prove that it was not read.',
    },
  ],
});

it('the contract message is one SparkPost carries', () => assert.equal(sparkpostAdapter.carries(contractMime()), null));
