// This file tests what a person reads when a desk cannot be reached by https, against real servers with certificates made here.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { makeCertificate } from '../../test/fakes/certificate.ts';
import { AppError } from '../errors.ts';
import { authorityOf, reach } from './reach.ts';

const DAY_MS = 86_400_000;

function certificate(name: string, fromDays: number, toDays: number) {
  const now = Date.now();
  return makeCertificate({ names: [name], notBeforeMs: now + fromDays * DAY_MS, notAfterMs: now + toDays * DAY_MS });
}

async function listening(t: TestContext, server: NetServer | Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  // A TCP server's address is an AddressInfo.
  return (server.address() as AddressInfo).port;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'packetboat-reach-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A server that shows this certificate, and the file that vouches for it. */
async function desk(t: TestContext, pair: { cert: string; key: string }): Promise<{ url: URL; ca: string }> {
  const port = await listening(
    t,
    createServer(pair, (_, response) => response.end('here')),
  );
  const ca = join(folder(t), 'ca.pem');
  writeFileSync(ca, pair.cert);
  return { url: new URL(`https://127.0.0.1:${port}/health`), ca };
}

async function refusal(asked: Promise<unknown>): Promise<AppError> {
  const error = await asked.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AppError, String(error));
  return error;
}

test('a certificate that nobody knows is refused with what to do, and taken once its file is named', async (t) => {
  const { url, ca } = await desk(t, certificate('127.0.0.1', -1, 10));
  const unknown = await refusal(reach(url, {}, null));
  assert.equal(unknown.code, 'CERTIFICATE_NOT_TRUSTED');
  assert.match(unknown.message, /is not trusted: nobody this machine trusts vouches for it/);
  assert.match(unknown.hint, /--ca FILE/);
  assert.equal(await (await reach(url, {}, ca)).text(), 'here');
  const other = await desk(t, certificate('127.0.0.1', -1, 10));
  const wrong = await refusal(reach(url, {}, other.ca));
  assert.equal(wrong.code, 'CERTIFICATE_NOT_TRUSTED');
  assert.ok(wrong.message.includes(other.ca), wrong.message);
});

for (const [because, pair, says, hint] of [
  ['that has ended', certificate('127.0.0.1', -20, -1), /has ended/, /renewed/],
  ['that is not valid yet', certificate('127.0.0.1', 1, 10), /is not valid yet/, /clock/],
  ['for another name', certificate('desk.example', -1, 10), /is for another name/, /https:\/\/NAME/],
] as const) {
  test(`a certificate ${because} is told apart from an unknown one`, async (t) => {
    const { url, ca } = await desk(t, pair);
    const error = await refusal(reach(url, {}, ca));
    assert.equal(error.code, 'CERTIFICATE_NOT_TRUSTED', error.message);
    assert.match(error.message, says);
    assert.match(error.hint, hint);
  });
}

test('a port that speaks plain HTTP, one where nobody is, and a file that is none', async (t) => {
  const port = await listening(
    t,
    createPlain((_, response) => response.end('plain')),
  );
  const plain = await refusal(reach(new URL(`https://127.0.0.1:${port}/`), {}, null));
  assert.equal(plain.code, 'SERVER_UNREACHABLE');
  assert.match(plain.message, /does not speak https/);
  assert.ok(plain.hint.includes(`http://127.0.0.1:${port}`), plain.hint);
  assert.match((await refusal(reach(new URL('https://127.0.0.1:9/'), {}, null))).message, /does not answer/);
  const text = join(folder(t), 'text.pem');
  writeFileSync(text, 'nothing of the kind');
  for (const file of [text, join(folder(t), 'gone.pem')]) {
    const error = await refusal(reach(new URL(`https://127.0.0.1:${port}/`), {}, file));
    assert.equal(error.code, 'CLI_USAGE');
    assert.match(error.hint, /--ca/);
  }
});

test('--ca wins over PB_CA, and both are kept as whole paths', () => {
  assert.equal(authorityOf({ ca: 'ca.pem' }, { env: { PB_CA: '/etc/ca.pem' }, cwd: '/home/a' }), '/home/a/ca.pem');
  assert.equal(authorityOf({}, { env: { PB_CA: '/etc/ca.pem' }, cwd: '/home/a' }), '/etc/ca.pem');
  assert.equal(authorityOf({}, { env: { PB_CA: '' }, cwd: '/home/a' }), null);
});
