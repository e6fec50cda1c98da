// This file runs `packetboat doctor` on a sound and on broken surroundings.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { testDatabase } from '../../test/support/database.ts';
import { silentLog } from '../log.ts';
import { makeSelfSigned, type SelfSigned } from '../smtp/self-signed.ts';
import { startEmbeddedPostgres } from '../store/embedded/supervisor.ts';
import { writeSetting } from '../store/settings.ts';
import type { Command } from './command.ts';
import { configCommand } from './config.ts';
import type { Finding } from './doctor/finding.ts';
import { doctorCommand } from './doctor.ts';
import { migrateCommand } from './migrate.ts';

/** Ports that no colleague's test uses at the same time. */
const ANY_PORTS = { PACKETBOAT_HTTP_PORT: '0', PACKETBOAT_SUBMISSION_PORT: '0', PACKETBOAT_INBOUND_PORT: '0' };

test('on a machine without a data folder nothing fails, and what is optional is named', async (t) => {
  const { status, findings } = await doctor({ ...ANY_PORTS, PACKETBOAT_DATA_DIR: join(folder(t), 'not-yet') });
  assert.equal(status, 0, JSON.stringify(findings));
  assert.equal(find(findings, 'public address').state, 'warn');
  assert.match(find(findings, 'database').says, /not running/);
});

test('a running embedded database is found, with its schema and its wall between tenants', async (t) => {
  const dataDir = folder(t);
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog, flags: ['fsync=off'] });
  t.after(() => server.stop());
  const env = { ...ANY_PORTS, PACKETBOAT_DATA_DIR: dataDir };
  const before = await doctor(env);
  assert.equal(find(before.findings, 'schema').state, 'warn');
  assert.equal(find(before.findings, 'row-level security').state, 'ok');
  assert.equal(find(before.findings, 'clock').state, 'ok');
  assert.match(find(before.findings, 'durability').says, /^fsync off: .* can lose mail that was accepted/);
  assert.match((await call(migrateCommand, ['--dry-run'], env)).out, /^waiting: 1, 2/);
  assert.match((await call(migrateCommand, [], env)).out, /^applied: 1, 2/);
  assert.match((await call(migrateCommand, [], env)).out, /^Nothing to do/);
  assert.equal(find((await doctor(env)).findings, 'schema').state, 'ok');
  chmodSync(dataDir, 0o755);
  assert.equal(find((await doctor(env)).findings, 'data folder').state, 'warn');
});

test('a database of your own is asked too, and one that does not answer fails', async (t) => {
  const { url, pool } = await testDatabase(t);
  const sound = await doctor({ ...ANY_PORTS, DATABASE_URL: url });
  assert.equal(sound.status, 0);
  assert.match(find(sound.findings, 'database').says, /^PostgreSQL 1[5-9]/);
  assert.match(find(sound.findings, 'seen from outside').says, /^no desk has looked yet/);
  assert.equal(find(sound.findings, 'accounts and mailboxes').state, 'ok');
  await pool.query(
    `insert into provider_accounts (id, name, provider, secret, webhook_token, webhook_password, health, health_reason)
     values (gen_random_uuid(), 'relay', 'smtp', '', 't', '', 'misconfigured', $1)`,
    ['The token endpoint login.example refused (invalid_client).'],
  );
  await pool.query(
    `insert into mailboxes (id, name, settings, secret, last_error, failing_since)
     values (gen_random_uuid(), 'bounces', '{}', '', 'The refresh token is no longer good.', now() - interval '1 minute')`,
  );
  const unwell = await doctor({ ...ANY_PORTS, DATABASE_URL: url });
  assert.equal(
    find(unwell.findings, 'provider account').says,
    'relay is misconfigured: The token endpoint login.example refused (invalid_client).',
  );
  assert.equal(find(unwell.findings, 'bounce mailbox').says, 'bounces cannot be read: The refresh token is no longer good.');
  const check = (state: string) => ({ code: 'ptr-missing', state, subject: '203.0.113.26', since: '2026-03-01T09:00:00.000Z' });
  const looked = (states: string[]) =>
    writeSetting(pool, 'self_checks', { checked_at: '2026-03-02T09:30:00.000Z', checks: states.map(check) });
  await looked(['ok', 'problem', 'warning', 'warning']);
  const last = find((await doctor({ ...ANY_PORTS, DATABASE_URL: url })).findings, 'seen from outside');
  assert.deepEqual([last.state, last.says], ['warn', '1 problem and 2 warnings when the desk looked last (2026-03-02 09:30 UTC)']);
  assert.match(last.next ?? '', /\/outside/);
  await looked(['ok', 'note', 'unknown']);
  assert.equal(find((await doctor({ ...ANY_PORTS, DATABASE_URL: url })).findings, 'seen from outside').state, 'ok');
  const broken = await doctor({ ...ANY_PORTS, DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/d' });
  assert.equal(broken.status, 1);
  assert.equal(find(broken.findings, 'database').state, 'fail');
});

test('a port that another program has is named with what to do', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const address = other.address();
  const port = String(typeof address === 'object' ? address?.port : 0);
  const { status, findings } = await doctor({ ...ANY_PORTS, PACKETBOAT_HTTP_PORT: port, PACKETBOAT_DATA_DIR: folder(t) });
  assert.equal(status, 1);
  assert.match(find(findings, 'port for HTTP').next ?? '', /ss -ltnp/);
});

test('wrong settings, certificates and arguments are told apart', async (t) => {
  const wrong = await doctor({ PACKETBOAT_HTPP_PORT: '1' });
  assert.equal(wrong.status, 1);
  assert.match(find(wrong.findings, 'settings').says, /PACKETBOAT_HTTP_PORT\?/);
  const tls = await doctor({
    ...ANY_PORTS,
    PACKETBOAT_DATA_DIR: folder(t),
    PACKETBOAT_TLS_CERT: '/nowhere',
    PACKETBOAT_TLS_KEY: '/nowhere',
  });
  assert.equal(find(tls.findings, 'TLS').state, 'fail');
  assert.match(find(tls.findings, 'HTTPS').says, /^off; plain HTTP on 127\.0\.0\.1/);
  await assert.rejects(call(doctorCommand, ['--loud'], {}), /--loud/);
  assert.match((await call(doctorCommand, [], ANY_PORTS)).out, /^ok +Node: /);
});

test('HTTPS: open without encryption, a certificate of its own making, files that do not fit, and what a running desk shows', async (t) => {
  const place = folder(t);
  const [one, two] = [makePair(), makePair()];
  const files = { PACKETBOAT_HTTPS_CERT: join(place, 'cert.pem'), PACKETBOAT_HTTPS_KEY: join(place, 'key.pem') };
  const put = (cert: string, key: string) => {
    writeFileSync(files.PACKETBOAT_HTTPS_CERT, cert);
    writeFileSync(files.PACKETBOAT_HTTPS_KEY, key);
  };
  const { port, serve } = await shower(t, one);
  const look = async (env: Record<string, string>) =>
    find((await doctor({ ...ANY_PORTS, PACKETBOAT_DATA_DIR: join(place, 'data'), ...env })).findings, 'HTTPS');
  const own = { ...files, PACKETBOAT_HTTPS_PORT: String(port), PACKETBOAT_HOSTNAME: 'desk.example.org' };
  const open = await look({ PACKETBOAT_HTTP_HOST: '0.0.0.0' });
  assert.deepEqual([open.state, /in the clear/.test(open.says)], ['warn', true]);
  assert.equal((await look({ PACKETBOAT_HTTP_HOST: '0.0.0.0', PACKETBOAT_TRUSTED_PROXIES: '10.0.0.1' })).state, 'ok');
  assert.match((await look({ PACKETBOAT_HTTPS_PORT: '0' })).says, /made itself/);
  put(one.certificate, one.key);
  assert.match((await look(own)).says, /^CN=desk\.example\.org, \d+ days left$/);
  assert.match((await look({ ...own, PACKETBOAT_PUBLIC_URL: 'https://mail.example.org' })).says, /not for mail\.example\.org/);
  put(two.certificate, one.key);
  const mixed = await look(own);
  assert.equal(mixed.state, 'fail');
  assert.match(mixed.says, /do not belong together; the running desk goes on with the certificate it has \(\d+ days left\)/);
  put(two.certificate, two.key);
  assert.match((await look(own)).says, /the running desk shows another certificate/);
  serve(two);
  assert.equal((await look(own)).state, 'ok');
});

function makePair(): SelfSigned {
  return makeSelfSigned({ names: ['desk.example.org'], nowMs: Date.now(), days: 60 });
}

/** A door that shows one certificate, and then another. */
async function shower(t: TestContext, { certificate, key }: SelfSigned): Promise<{ port: number; serve(pair: SelfSigned): void }> {
  const server = createTlsServer({ cert: certificate, key }, (socket) => socket.on('error', () => {}).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    serve: (pair) => server.setSecureContext({ cert: pair.certificate, key: pair.key }),
  };
}

test('config prints what is in force, and refuses what is wrong', async () => {
  const shown = await call(configCommand, ['--json'], { PACKETBOAT_HTTP_PORT: '1234' });
  assert.equal(JSON.parse(shown.out).http_port, 1234);
  await assert.rejects(call(configCommand, [], { PACKETBOAT_HTTP_PORT: 'x' }), /PACKETBOAT_HTTP_PORT/);
});

async function doctor(env: Record<string, string>): Promise<{ status: number; findings: Finding[] }> {
  const { status, out } = await call(doctorCommand, ['--json'], { PATH: '/usr/bin:/bin', ...env });
  return { status, findings: JSON.parse(out).checks };
}

async function call(command: Command, args: string[], env: Record<string, string>): Promise<{ status: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await command.run(args, {
    stdin: Readable.from([]),
    stdout: { write: (text: string) => out.push(text) > 0 },
    stderr: { write: (text: string) => err.push(text) > 0 },
    env,
    cwd: '/',
  });
  return { status, out: out.join(''), err: err.join('') };
}

function find(findings: readonly Finding[], name: string): Finding {
  const found = findings.find((finding) => finding.name === name);
  assert.ok(found, `no finding "${name}" in ${JSON.stringify(findings)}`);
  return found;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'packetboat-doctor-'));
  t.after(() => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return path;
}
