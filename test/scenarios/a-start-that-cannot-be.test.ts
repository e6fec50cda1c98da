// This file starts desks that cannot start: each ends at once with its code, a sentence and a hint, and leaves everything else as it was.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { PROGRAM, startDesk } from '../support/desk.ts';
import { until } from '../support/until.ts';

const desk = await startDesk({ after }, { database: 'embedded' });

/** Tries to start; answers how it ended. */
async function tryStart(env: Record<string, string>, ...args: string[]): Promise<{ status: number; said: string; logged: string }> {
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('PACKETBOAT_') && name !== 'DATABASE_URL'),
  );
  const ports = { PACKETBOAT_HTTP_PORT: '0', PACKETBOAT_SUBMISSION_PORT: '0', PACKETBOAT_INBOUND_PORT: '0' };
  const child = spawn(process.execPath, [PROGRAM, 'serve', ...args], {
    env: { ...own, ...ports, PACKETBOAT_LOG_LEVEL: 'fatal', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  const log: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdout.on('data', (chunk: Buffer) => log.push(chunk));
  const [status] = await once(child, 'close');
  return { status, said: Buffer.concat(chunks).toString(), logged: Buffer.concat(log).toString() };
}

function saysPlainly({ status, said }: { status: number; said: string }, code: string): void {
  assert.notEqual(status, 0);
  assert.match(said, new RegExp(`\\b${code}\\b`), said);
  assert.ok(said.trim().split('\n').length <= 12 && !/^\s+at /m.test(said), `it is told to people, not to programmers: ${said}`);
}

it('the data folder is in use', { timeout: 600_000 }, async () => {
  saysPlainly(await tryStart({ PACKETBOAT_DATA_DIR: desk.dataDir }), 'DATA_FOLDER_IN_USE');
  await until(async () => (await fetch(`${desk.bootstrap.http_url}/health`)).status === 200, { what: 'the desk that runs to be well' });
});

it('a file lies where the data folder would be; the log names code and reason, without a stack', { timeout: 600_000 }, async () => {
  const ended = await tryStart({ PACKETBOAT_DATA_DIR: join(desk.dataDir, 'bootstrap.json'), PACKETBOAT_LOG_LEVEL: 'error' });
  saysPlainly(ended, 'DATABASE_START_FAILED');
  assert.match(ended.logged, /"event":"start_failed","code":"DATABASE_START_FAILED","reason":"The data folder/);
  assert.doesNotMatch(ended.logged, /stack/);
});

it('a port is taken', { timeout: 600_000 }, async () => {
  const port = new URL(desk.bootstrap.http_url).port;
  const env = { DATABASE_URL: desk.databaseUrl, PACKETBOAT_SECRET_KEY_FILE: join(desk.dataDir, 'secret.key') };
  const own = join(desk.dataDir, 'other');
  saysPlainly(await tryStart({ ...env, PACKETBOAT_DATA_DIR: own, PACKETBOAT_HTTP_PORT: port }), 'PORT_IN_USE');
  saysPlainly(
    await tryStart({ ...env, PACKETBOAT_DATA_DIR: own, PACKETBOAT_SUBMISSION_PORT: String(desk.bootstrap.smtp_port) }),
    'PORT_IN_USE',
  );
  saysPlainly(await tryStart({ ...env, PACKETBOAT_DATA_DIR: own, PACKETBOAT_HTTP_PORT: port }, '--processes', '2'), 'PORT_IN_USE');
});

it('the database does not answer', { timeout: 600_000 }, async () => {
  const url = 'postgresql://nobody:x@127.0.0.1:1/packetboat';
  saysPlainly(await tryStart({ DATABASE_URL: url, PACKETBOAT_DATA_DIR: join(desk.dataDir, 'other') }), 'STORE_UNAVAILABLE');
});

it('the key of the secrets is another one, or lost', { timeout: 600_000 }, async () => {
  const env = { DATABASE_URL: desk.databaseUrl, PACKETBOAT_DATA_DIR: join(desk.dataDir, 'other') };
  saysPlainly(await tryStart(env), 'SECRET_KEY_INVALID');
});

it('a setting is wrong or unknown', { timeout: 600_000 }, async () => {
  const env = { PACKETBOAT_DATA_DIR: desk.dataDir };
  saysPlainly(await tryStart({ ...env, PACKETBOAT_HTTP_PORT: 'eighty' }), 'CONFIG_INVALID');
  const { said } = await tryStart({ ...env, PACKETBOAT_HTTP_PROT: '80' });
  assert.match(said, /Did you mean PACKETBOAT_HTTP_PORT/);
});

it('none of it harmed the desk that runs', { timeout: 600_000 }, async () => {
  const { id } = await desk.hand({ from: desk.bootstrap.demo_tenant.from, to: 'member@mailbox.test', subject: 'x', text: 'x' });
  await desk.settled(id, ['delivered']);
  await desk.stop();
  // A key that was mislaid and found again opens everything.
  const key = join(desk.dataDir, 'secret.key');
  renameSync(key, `${key}.mislaid`);
  saysPlainly(await tryStart({ PACKETBOAT_DATA_DIR: desk.dataDir }), 'SECRET_KEY_INVALID');
  renameSync(`${key}.mislaid`, key);
  await desk.start();
  await desk.quiet();
});
