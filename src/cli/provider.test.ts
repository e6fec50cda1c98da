// This file tests `packetboat provider`: its output, its errors, and how far it agrees with recorded webhooks of the corpus.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { elasticFields } from '../providers/elastic-email/fixtures.ts';
import { MANDRILL_BATCH, mandrillPost } from '../providers/mandrill/fixtures.ts';
import { SPARKPOST_BATCH } from '../providers/sparkpost/fixtures.ts';
import { providerCommand } from './provider.ts';

interface Replayed {
  id: string | null;
  accepted: boolean;
  reason: string | null;
  events: {
    type: string;
    recipient: string | null;
    at: string | null;
    provider_event_id: string;
    provider_message_id: string | null;
    diagnostic: string | null;
  }[];
}

async function run(args: string[], input: string | readonly (string | Buffer)[] = ''): Promise<{ code: number; out: string; err: string }> {
  const texts: [out: string, err: string] = ['', ''];
  const into = (at: 0 | 1) =>
    new Writable({
      write(chunk, _encoding, done) {
        texts[at] += String(chunk);
        done();
      },
    });
  const stdin = Readable.from(typeof input === 'string' ? [input] : input);
  const code = await providerCommand.run(args, { stdout: into(0), stderr: into(1), stdin, env: {}, cwd: '.' });
  return { code, out: texts[0], err: texts[1] };
}

async function replay(rows: readonly object[]): Promise<Replayed[]> {
  const { out, code } = await run(['events', '--json'], rows.map((row) => JSON.stringify(row)).join('\n'));
  assert.equal(code, 0);
  // The cast: the shape is what the assertions below are about.
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Replayed);
}

describe('packetboat provider', () => {
  it('lists the providers', async () => {
    const { out, code } = await run(['list']);
    assert.equal(code, 0);
    for (const word of ['sparkpost', 'elastic-email', 'mandrill', 'smtp']) assert.match(out, new RegExp(`^${word} `, 'm'));
    assert.equal(JSON.parse((await run(['list', '--json'])).out).data.length, 4);
  });

  it('shows what one can and cannot do', async () => {
    const { out } = await run(['capabilities', 'mandrill']);
    assert.match(out, /Webhook signature +HMAC/);
    assert.match(out, /- tags: /);
    assert.equal(JSON.parse((await run(['capabilities', 'mandrill', '--json'])).out).data[0].batchMax, 10);
  });

  const usage: [string[], number, RegExp][] = [
    [[], 2, /\(CLI_USAGE\)/],
    [['--help'], 0, /^$/],
    [['fly'], 2, /fly.*\(CLI_USAGE\)/],
    [['toString'], 2, /\(CLI_USAGE\)/],
    [['list', '--colour'], 2, /--colour.*\(CLI_USAGE\)/],
    [['events', 'file.jsonl'], 2, /file\.jsonl.*\(CLI_USAGE\)/],
    [['capabilities', 'pigeon'], 2, /pigeon.*\(PROVIDER_UNKNOWN\)\n.*Choose one of sparkpost/],
  ];
  for (const [args, code, err] of usage)
    it(`ends with ${code} for "${args.join(' ')}"`, async () => {
      const result = await run(args);
      assert.equal(result.code, code);
      assert.match(result.err, err);
    });

  it('replays a row of each provider', async () => {
    const post = mandrillPost(
      MANDRILL_BATCH,
      { key: 'k', address: 'https://u:p@desk.example/m' },
      { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` },
    );
    const [sparkpost, elastic, mandrill, smtp, foreign] = await replay([
      {
        id: '1',
        provider: 'sparkpost',
        request: { method: 'POST', url: 'https://desk.example/s', headers: {}, body: JSON.stringify(SPARKPOST_BATCH) },
        verify: { scheme: 'none' },
      },
      {
        id: '2',
        provider: 'elasticemail',
        request: { method: 'GET', url: `https://desk.example/e?${new URLSearchParams(elasticFields('Sent'))}`, headers: {}, body: '' },
        verify: { scheme: 'none' },
      },
      {
        id: '3',
        provider: 'mandrill',
        request: {
          method: 'POST',
          url: 'https://desk.example/m',
          headers: post.headers,
          body: post.body.toString('base64'),
          bodyEncoding: 'base64',
        },
        verify: { scheme: 'mandrill-hmac-sha1', webhookKey: 'k', signedUrl: 'https://u:p@desk.example/m', alsoBasicAuth: ['u:p'] },
      },
      { id: '4', provider: 'smtp', request: { url: '/' } },
      { id: '5', provider: 'pigeon', request: { url: '/' } },
    ]);
    assert.deepEqual([sparkpost?.accepted, sparkpost?.events.length], [true, SPARKPOST_BATCH.length]);
    assert.deepEqual(
      [elastic?.accepted, elastic?.events[0]?.type, elastic?.events[0]?.at],
      [true, 'delivered', '2026-11-21T16:00:03.000Z'],
    );
    assert.deepEqual([mandrill?.accepted, mandrill?.events.length], [true, MANDRILL_BATCH.length]);
    assert.deepEqual(Object.keys(mandrill?.events[0] ?? {}), [
      'type',
      'recipient',
      'at',
      'provider_event_id',
      'provider_message_id',
      'class',
      'fault',
      'diagnostic',
    ]);
    assert.match(smtp?.reason ?? '', /has no webhooks/);
    assert.match(foreign?.reason ?? '', /"pigeon" is not one that this desk knows/);
  });

  const mandrillRow = (verify: object, headers: object = {}) => ({
    id: 'x',
    provider: 'mandrill',
    request: { url: 'https://d.example/', headers, body: '' },
    verify,
  });
  const refused: [string, object, RegExp][] = [
    ['without request', { id: 'x', provider: 'sparkpost' }, /no request/],
    ['with a proof the provider does not have', mandrillRow({ scheme: 'svix' }), /not verified by svix/],
    ['that should be signed and says it is not', mandrillRow({ scheme: 'none' }), /not verified by none/],
    ['that lacks the basic auth it also needs', mandrillRow({ scheme: 'mandrill-hmac-sha1', alsoBasicAuth: ['a:b'] }), /no basic auth/],
    [
      'with odd fields everywhere',
      {
        id: 7,
        provider: 'sparkpost',
        request: { url: 'x', headers: [], body: 5 },
        verify: { scheme: 'basic-auth', credentials: [7, 'a:b'] },
      },
      /no basic auth/,
    ],
  ];
  for (const [title, row, reason] of refused)
    it(`refuses a row ${title}`, async () => {
      const [result] = await replay([row]);
      assert.equal(result?.accepted, false);
      assert.match(result?.reason ?? '', reason);
      assert.deepEqual(result?.events, []);
    });

  it('takes any of several basic-auth pairs', async () => {
    const row = (pair: string) => ({
      id: pair,
      provider: 'sparkpost',
      request: { url: '/', headers: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, body: '[]' },
      verify: { scheme: 'basic-auth', credentials: ['a:b', 'c:d:e'] },
    });
    assert.deepEqual(
      (await replay([row('a:b'), row('c:d:e'), row('c:d')])).map((result) => result.accepted),
      [true, true, false],
    );
  });

  it('goes on after a row that is no JSON, and says so at the end', async () => {
    const { code, out, err } = await run(
      ['events', '--json'],
      ['{"id":"a","provider":"x"}\nnot js', 'on\n\n', Buffer.from('{"id":"é"}\n[1]')],
    );
    assert.equal(code, 1);
    assert.deepEqual(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id),
      ['a', null, 'é', null],
    );
    const { error } = JSON.parse(err);
    assert.deepEqual([error.code, error.message], ['REQUEST_MALFORMED', '1 rows could not be read.']);
  });

  it('keeps a letter whole that two chunks share', async () => {
    const bytes = Buffer.from('{"id":"é"}\n');
    assert.match((await run(['events', '--json'], [bytes.subarray(0, 8), bytes.subarray(8)])).out, /"é"/);
  });
});

const CORPUS = new URL('../../../shared/corpus/webhooks/webhooks.jsonl', import.meta.url);

/** Rows whose label we do not follow, with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'mandrill-8c3463e11e-365': 'a batch of two events, both of which we read; its label keeps none of them',
};

interface CorpusRow {
  id: string;
  provider: string;
  expect: { accepted: boolean; events: Record<string, string | null>[] };
}

describe('the webhook corpus', { skip: existsSync(CORPUS) ? false : 'the corpus is not beside this checkout' }, () => {
  // The cast: rows of a file whose shape is documented beside it; a wrong one fails the comparison.
  const rows = existsSync(CORPUS)
    ? readFileSync(CORPUS, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as CorpusRow)
    : [];
  const ours = rows.filter((row) => row.provider === 'sparkpost' || row.provider === 'mandrill');

  it('agrees with us on every row of SparkPost and Mandrill but the named exceptions', async (context) => {
    const replayed = await replay(ours.map(({ expect: _, ...row }) => row));
    const disagreements = ours.flatMap((row, at) => {
      const difference = differenceOf(row, replayed[at]);
      return difference === null ? [] : [{ id: row.id, difference }];
    });
    context.diagnostic(`${ours.length - disagreements.length} of ${ours.length} rows agree`);
    for (const { id, difference } of disagreements) context.diagnostic(`${id}: ${difference}; ${EXCEPTIONS[id] ?? 'not expected'}`);
    assert.deepEqual(disagreements.map(({ id }) => id).sort(), Object.keys(EXCEPTIONS).sort());
  });

  it('holds rows of other providers, all refused with a reason', async () => {
    const foreign = await replay(rows.filter((row) => !ours.includes(row)));
    assert.ok(foreign.every((row) => !row.accepted && row.reason !== null && row.events.length === 0));
  });
});

/** The first thing in which a label and our reading differ, or null. */
function differenceOf(row: CorpusRow, replayed: Replayed | undefined): string | null {
  if (replayed?.accepted !== row.expect.accepted) return `accepted ${replayed?.accepted}`;
  if (replayed.events.length !== row.expect.events.length) return `${replayed.events.length} events`;
  for (const [at, label] of row.expect.events.entries()) {
    const event = replayed.events[at];
    const pairs: [string, string | null | undefined, string | null | undefined][] = [
      ['type', event?.type, label['event_type']],
      ['recipient', event?.recipient, label['recipient'] ?? label['envelope_recipient']],
      [
        'at',
        event?.at === null ? null : String(Date.parse(event?.at ?? '')),
        label['timestamp'] ? String(Date.parse(label['timestamp'])) : null,
      ],
      ['provider_event_id', label['event_id'] ? event?.provider_event_id : null, label['event_id'] || null],
      ['provider_message_id', event?.provider_message_id, label['message_id'] ?? label['id'] ?? null],
      ['diagnostic', label['mta_response'] ? event?.diagnostic : null, label['mta_response'] || null],
    ];
    for (const [name, got, expected] of pairs) if (got !== expected) return `${name} is ${got}, labelled ${expected}`;
  }
  return null;
}
