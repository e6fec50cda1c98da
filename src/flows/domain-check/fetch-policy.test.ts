// This file holds the fetching of MTA-STS policies against real TLS servers on loopback.
import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { test } from 'node:test';
import { makeCertificate } from '../../../test/fakes/certificate.ts';
import { makePolicyFetcher } from './fetch-policy.ts';

const HOST = 'mta-sts.club.example';
const DAY_MS = 86_400_000;
const resolve = async () => ['127.0.0.1'];

async function serve(
  t: { after(close: () => void): void },
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  { names = [HOST], daysLeft = 30 } = {},
): Promise<{ port: number; ca: string }> {
  const nowMs = Date.now();
  const { key, cert } = makeCertificate({ names, notBeforeMs: nowMs - 60 * DAY_MS, notAfterMs: nowMs + daysLeft * DAY_MS });
  const server = createServer({ key, cert }, answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, ca: cert };
}

const policy = (_: IncomingMessage, response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('version: STSv1\n');

test('a policy is fetched from its one address, as text', async (t) => {
  const paths: (string | undefined)[] = [];
  const server = await serve(t, (request, response) => {
    paths.push(request.url);
    policy(request, response);
  });
  const fetched = await makePolicyFetcher({ resolve, allowPrivate: true, ...server })(HOST);
  assert.deepEqual(fetched, { ok: true, text: 'version: STSv1\n', warnings: [] });
  assert.deepEqual(paths, ['/.well-known/mta-sts.txt']);
});

test('another type of content is told', async (t) => {
  const server = await serve(t, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('version: STSv1\n'));
  const fetched = await makePolicyFetcher({ resolve, allowPrivate: true, ...server })(HOST);
  assert.deepEqual(fetched.ok ? fetched.warnings : [], ['The policy is served as "text/html"; it should be text/plain.']);
});

test('what is no policy is said in words', async (t) => {
  const tooLarge = 'x'.repeat(100_000);
  const cases: readonly [
    answer: (request: IncomingMessage, response: ServerResponse) => void,
    options: Parameters<typeof serve>[2],
    words: RegExp,
  ][] = [
    [(_, response) => response.writeHead(404).end(), {}, /answers 404/],
    [(_, response) => response.writeHead(301, { location: 'https://elsewhere.example/' }).end(), {}, /redirects/],
    [(_, response) => response.writeHead(200).end(tooLarge), {}, /./],
    [policy, { names: ['other.example'] }, /./],
    [policy, { daysLeft: -1 }, /expired/],
  ];
  for (const [answer, options, words] of cases) {
    const server = await serve(t, answer, options);
    const fetched = await makePolicyFetcher({ resolve, allowPrivate: true, ...server })(HOST);
    assert.equal(fetched.ok, false);
    assert.match(fetched.ok ? '' : fetched.message, words);
  }
});

test('a certificate that nobody vouches for is refused', async (t) => {
  const { port } = await serve(t, policy);
  const fetched = await makePolicyFetcher({ resolve, allowPrivate: true, port })(HOST);
  assert.equal(fetched.ok, false);
});

test('addresses inside are refused, names without an address too', async (t) => {
  const server = await serve(t, policy);
  const inside = await makePolicyFetcher({ resolve, allowPrivate: false, ...server })(HOST);
  assert.equal(inside.ok, false);
  const nowhere = await makePolicyFetcher({
    resolve: async () => Promise.reject(new Error('there is no name')),
    allowPrivate: true,
    ...server,
  })(HOST);
  assert.match(nowhere.ok ? '' : nowhere.message, /there is no name/);
});
