// This file tests how access tokens are got, kept and replaced, against real PostgreSQL and a token endpoint over real HTTP.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeTokenEndpoint, startTokenEndpoint } from '../../test/fakes/token-endpoint.ts';
import { closeRows, ids, mailRows } from '../../test/support/mail-rows.ts';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import { holdTokens, readTokens } from '../store/access-tokens.ts';
import { makeKeys } from '../store/keys.ts';
import { removeProviderAccount } from '../store/provider-accounts.ts';
import type { TokenGrant } from '../token-grant.ts';
import { makeAccessTokens } from './access-tokens.ts';
import { makeTokenEndpoint } from './token-endpoint.ts';
import { askSystem } from './webhook-target.ts';

const keys = makeKeys(Buffer.alloc(32, 5));

interface World {
  readonly endpoint: FakeTokenEndpoint;
  readonly pool: Awaited<ReturnType<typeof mailRows>>['pool'];
  readonly ownerId: string;
  readonly grant: TokenGrant;
  /** A process of the desk of its own, whose clock runs ahead by what `skip` says. */
  process(): { get(refused?: string, change?: Partial<TokenGrant>): ReturnType<ReturnType<typeof makeAccessTokens>['get']> };
  skip(ms: number): void;
}

async function world(t: { after(end: () => Promise<void>): void }): Promise<World> {
  const rows = await mailRows();
  const endpoint = await startTokenEndpoint();
  t.after(async () => {
    await endpoint.close();
    await closeRows(rows);
  });
  let skippedMs = 0;
  const clock = { nowMs: () => systemClock.nowMs() + skippedMs, monotonicMs: () => systemClock.monotonicMs() };
  const grant: TokenGrant = {
    tokenUrl: endpoint.url,
    clientId: 'desk',
    scope: 'https://mail.example/.default',
    kind: 'refresh_token',
    clientSecret: null,
    refreshToken: 'first-refresh',
  };
  return {
    endpoint,
    pool: rows.pool,
    ownerId: rows.accountId,
    grant,
    process() {
      const tokens = makeAccessTokens({
        pool: rows.pool,
        keys,
        clock,
        ids,
        log: silentLog,
        endpoint: makeTokenEndpoint({ allowPrivate: true, resolve: askSystem }),
      });
      return {
        get: (refused, change = {}) =>
          tokens.get({ ownerId: rows.accountId, grant: { ...grant, ...change }, ...(refused === undefined ? {} : { refused }) }),
      };
    },
    skip(ms) {
      skippedMs += ms;
    },
  };
}

test('a token is fetched once for many askers in many processes, and kept until shortly before its end', async (t) => {
  const { endpoint, skip, process } = await world(t);
  const [one, two] = [process(), process()];
  const answers = await Promise.all([...Array.from({ length: 20 }, () => one.get()), ...Array.from({ length: 20 }, () => two.get())]);
  assert.deepEqual(new Set(answers.map((answer) => answer.ok && answer.token)), new Set(['access-1']));
  assert.deepEqual(endpoint.asked, [
    { grant: 'refresh_token', clientId: 'desk', clientSecret: null, refreshToken: 'first-refresh', scope: 'https://mail.example/.default' },
  ]);
  skip(3_400_000);
  assert.deepEqual(await one.get(), { ok: true, token: 'access-1' });
  skip(100_000);
  assert.deepEqual(await two.get(), { ok: true, token: 'access-2' });
  assert.deepEqual(await one.get(), { ok: true, token: 'access-2' }, 'another process finds it in the database');
  assert.deepEqual(await process().get(), { ok: true, token: 'access-2' }, 'and so does one that starts later');
});

test('a refused token is replaced once for all who complain about it', async (t) => {
  const { endpoint, process } = await world(t);
  const [one, two] = [process(), process()];
  await one.get();
  await two.get();
  const answers = await Promise.all([one.get('access-1'), one.get('access-1'), two.get('access-1'), two.get('access-1')]);
  assert.deepEqual(new Set(answers.map((answer) => answer.ok && answer.token)), new Set(['access-2']));
  assert.equal(endpoint.issued.length, 2);
  assert.deepEqual(await two.get('access-1'), { ok: true, token: 'access-2' });
});

test('a rotated refresh token is used from then on, by every process, encrypted in the database', async (t) => {
  const { endpoint, pool, ownerId, process, skip } = await world(t);
  endpoint.rotates = true;
  const one = process();
  for (const n of [1, 2, 3]) {
    assert.deepEqual(await one.get(), { ok: true, token: `access-${n}` });
    skip(3_600_000);
  }
  assert.deepEqual(await process().get(), { ok: true, token: 'access-4' });
  assert.deepEqual(
    endpoint.asked.map(({ refreshToken }) => refreshToken),
    ['first-refresh', 'refresh-1', 'refresh-2', 'refresh-3'],
  );
  const { rows } = await pool.query<{ secret: Buffer }>('select secret from access_tokens');
  assert.ok(rows[0] && !rows[0].secret.includes('refresh-4') && !rows[0].secret.includes('access-4'));
  assert.equal((await readTokens(pool, keys, ownerId))?.refreshToken, 'refresh-4');
  assert.deepEqual(await process().get(undefined, { scope: 'another' }), { ok: true, token: 'access-5' });
  assert.equal(endpoint.asked.at(-1)?.refreshToken, 'refresh-4', 'another scope does not bring a used one back');
  assert.deepEqual(await process().get('access-5', { clientSecret: 'new' }), { ok: true, token: 'access-6' });
  assert.equal(endpoint.asked.at(-1)?.refreshToken, 'refresh-5', 'nor does another client secret');
  endpoint.refreshTokens.add('signed-in-again');
  assert.deepEqual(await process().get(undefined, { refreshToken: 'signed-in-again' }), { ok: true, token: 'access-7' });
  assert.equal(endpoint.asked.at(-1)?.refreshToken, 'signed-in-again', 'one that a person gave counts');
});

test('a rotated refresh token is written down before its access token is used, however long the database takes', async (t) => {
  const { endpoint, pool, ownerId, process } = await world(t);
  endpoint.rotates = true;
  const one = process();
  let release = () => {};
  endpoint.hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = one.get();
  while (endpoint.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await pool.query('alter table access_tokens rename to elsewhere');
  release();
  endpoint.hold = null;
  const answer = await first;
  assert.ok(!answer.ok && answer.kind === 'unreachable', JSON.stringify(answer));
  await pool.query('alter table elsewhere rename to access_tokens');
  assert.deepEqual(await one.get(), { ok: true, token: 'access-1' });
  assert.equal(endpoint.asked.length, 1, 'what was issued is not asked for again');
  assert.equal((await readTokens(pool, keys, ownerId))?.refreshToken, 'refresh-1');
});

test('while another process holds the right to ask, nobody else asks; one that died gives it back in time', async (t) => {
  const { endpoint, pool, ownerId, process } = await world(t);
  const dead = ids.next();
  assert.ok(await holdTokens(pool, keys, { ownerId, holder: dead, seconds: 600 }));
  assert.equal(await holdTokens(pool, keys, { ownerId, holder: ids.next(), seconds: 600 }), null);
  const waiting = process().get();
  await pool.query('update access_tokens set held_until = now()');
  assert.deepEqual(await waiting, { ok: true, token: 'access-1' });
  assert.equal(endpoint.asked.length, 1);
});

test('client credentials need no refresh token, and a new client secret makes the old token worthless', async (t) => {
  const { endpoint, process } = await world(t);
  const grant = { kind: 'client_credentials', refreshToken: null } as const;
  const one = process();
  assert.deepEqual(await one.get(undefined, { ...grant, clientSecret: 'client-secret' }), { ok: true, token: 'access-1' });
  assert.deepEqual(endpoint.asked[0], {
    grant: 'client_credentials',
    clientId: 'desk',
    clientSecret: 'client-secret',
    refreshToken: null,
    scope: 'https://mail.example/.default',
  });
  const wrong = await one.get(undefined, { ...grant, clientSecret: 'mistyped' });
  assert.ok(!wrong.ok && wrong.kind === 'misconfigured');
  assert.match(wrong.reason, /invalid_client.*AADSTS7000215.*make a new client secret/);
});

test('what the endpoint refuses is said with what to do next, and without any secret', async (t) => {
  const { endpoint, process } = await world(t);
  const one = process();
  const gone = await one.get(undefined, { refreshToken: 'long-gone-token' });
  assert.ok(!gone.ok && gone.kind === 'misconfigured');
  assert.match(gone.reason, /refused \(invalid_grant: AADSTS70008: \*\*\* has expired\)\. .*Sign in again/);
  assert.ok(!gone.reason.includes('long-gone-token'));
  const answers: readonly (readonly [status: number, body: string, kind: string, says: RegExp, headers?: Record<string, string>])[] = [
    [400, '{"error":"invalid_scope"}', 'misconfigured', /check "scope"/],
    [400, '{"error":"unauthorized_client"}', 'misconfigured', /administrator/],
    [400, '{"error":"brand_new"}', 'misconfigured', /brand_new/],
    [404, '<html><body>Not here</body></html>', 'misconfigured', /http_404: Not here.*token_url/],
    [302, '', 'misconfigured', /http_302/, { location: 'http://127.0.0.1:1/' }],
    [200, '{"expires_in":3600}', 'misconfigured', /no access token/],
    [200, '{"access_token":"two words"}', 'misconfigured', /no access token/],
    [200, '{"access_token":"x","token_type":"mac"}', 'misconfigured', /Bearer/],
    [200, 'nonsense', 'misconfigured', /no access token/],
    [200, `{"access_token":"${'x'.repeat(70_000)}"}`, 'misconfigured', /no access token/],
    [400, '{"error":"temporarily_unavailable"}', 'unreachable', /asked again by itself/],
    [500, 'oh', 'unreachable', /answered 500/],
    [503, '', 'unreachable', /answered 503/, { 'retry-after': '7' }],
    [429, '', 'unreachable', /answered 429/],
  ];
  for (const [status, body, kind, says, headers] of answers) {
    endpoint.answer = { status, body, ...(headers ? { headers } : {}) };
    const answer = await one.get();
    assert.ok(!answer.ok, body);
    assert.equal(answer.kind, kind, answer.reason);
    assert.match(answer.reason, says);
    assert.equal(answer.retryAfterMs, headers?.['retry-after'] === undefined ? undefined : 7_000);
  }
  endpoint.answer = null;
  assert.deepEqual(await one.get(), { ok: true, token: 'access-1' }, 'the right to ask was given back each time');
});

test('an endpoint that is away, or on a private address, is an outage in words', async (t) => {
  const { endpoint, grant, process, ownerId, pool } = await world(t);
  await endpoint.leave();
  const away = await process().get();
  assert.ok(!away.ok && away.kind === 'unreachable');
  assert.match(away.reason, /^The token endpoint 127\.0\.0\.1:\d+ gives no access token now: .*ECONNREFUSED/);
  const strict = makeAccessTokens({
    pool,
    keys,
    clock: systemClock,
    ids,
    log: silentLog,
    endpoint: makeTokenEndpoint({ allowPrivate: false, resolve: askSystem }),
  });
  const refused = await strict.get({ ownerId, grant });
  assert.match(refused.ok ? '' : refused.reason, /does not lead to a public address/);
});

test('tokens go with their account', async (t) => {
  const { pool, ownerId, process } = await world(t);
  await process().get();
  await removeProviderAccount(pool, ownerId);
  assert.equal(await readTokens(pool, keys, ownerId), null);
  assert.equal(await holdTokens(pool, keys, { ownerId, holder: ids.next(), seconds: 60 }), null, 'and do not come back');
});

test('an endpoint that says nothing about the end of a token is asked again after minutes', async (t) => {
  const { endpoint, process, skip } = await world(t);
  endpoint.expiresIn = null;
  const one = process();
  await one.get();
  skip(500_000);
  assert.deepEqual(await one.get(), { ok: true, token: 'access-1' });
  skip(60_000);
  assert.deepEqual(await one.get(), { ok: true, token: 'access-2' });
});
