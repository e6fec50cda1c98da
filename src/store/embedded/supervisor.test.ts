// This file kills what can be killed around the embedded database and checks that it comes back with everything that was committed.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { systemClock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import { silentLog } from '../../log.ts';
import { isAlive, waitUntilGone } from './processes.ts';
import { canRun } from './run-as.ts';
import { describeEmbedded, type EmbeddedPostgres, startEmbeddedPostgres } from './supervisor.ts';

const PROGRAM = new URL('../../../test/support/embedded-server.ts', import.meta.url).pathname;
const FLAGS = ['fsync=off', 'shared_buffers=16MB'];
const asRoot = process.getuid?.() === 0;
const needsRoot = asRoot ? false : 'needs root: the test changes users';
const NOBODY = { name: 'nobody', uid: 65_534, gid: 65_534 };
const needsReach =
  needsRoot ||
  (canRun(NOBODY, process.execPath, ['--version']) && canRun(NOBODY, '/usr/bin/test', ['-r', PROGRAM])
    ? false
    : 'needs a checkout that other users can read');
const log = silentLog;

test('it starts, answers, and a second start on the same folder is told whose it is', async (t) => {
  const dataDir = folder(t);
  const server = await start(t, dataDir);
  assert.equal(await answer(server.url, "select 'yes' as said"), 'yes');
  assert.equal(describeEmbedded(dataDir)?.pid, server.pid);
  assert.equal(statSync(dataDir).mode & 0o007, 0, 'others see nothing of the data folder');
  assert.equal(statSync(join(dataDir, 'postgres', 'password')).mode & 0o077, 0);
  await assert.rejects(startEmbeddedPostgres({ dataDir, log, lockWaitMs: 0 }), (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'DATA_FOLDER_IN_USE');
    assert.match(error.message, new RegExp(`process ${process.pid}\\b`));
    return true;
  });
  await server.stop();
  assert.equal(describeEmbedded(dataDir)?.pid, null);
  const again = await start(t, dataDir);
  assert.equal(again.url, server.url, 'port and password are remembered');
});

test('the files of its log are small, so that making a new one holds up no commit for long', async (t) => {
  const server = await start(t, folder(t));
  assert.equal(await answer(server.url, "select current_setting('wal_segment_size') as size"), '2MB');
});

test('a server killed five times is back each time, on the same address, with what was committed', async (t) => {
  const server = await start(t, folder(t));
  await answer(server.url, 'create table kept (n int)');
  for (let n = 1; n <= 5; n += 1) {
    await answer(server.url, `insert into kept values (${n})`);
    const restarted = new Promise<void>((resolve) => {
      const end = server.onRestart(() => {
        end();
        resolve();
      });
    });
    const killed = server.pid;
    process.kill(killed, 'SIGKILL');
    await restarted;
    assert.notEqual(server.pid, killed);
    assert.equal(await answer(server.url, 'select count(*)::int as n from kept'), n);
  }
});

test('a desk killed five times leaves no server behind, and the next start finds everything', async (t) => {
  const dataDir = folder(t);
  let url = '';
  for (let n = 1; n <= 5; n += 1) {
    const { child, said } = await run(t, dataDir);
    if (n === 1) await answer(said.url, 'create table kept (n int)');
    await answer(said.url, `insert into kept values (${n})`);
    url = said.url;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const server = await start(t, dataDir);
  assert.equal(server.url, url);
  assert.equal(await answer(server.url, 'select count(*)::int as n from kept'), 5);
});

test('a desk and its server killed in the same moment come back', async (t) => {
  const dataDir = folder(t);
  const { child, said } = await run(t, dataDir);
  await answer(said.url, 'create table kept (n int)');
  process.kill(said.pid, 'SIGKILL');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const server = await start(t, dataDir);
  assert.equal(await answer(server.url, 'select count(*)::int as n from kept'), 0);
});

test('an orphan that outlived its desk is stopped and replaced', async (t) => {
  const dataDir = folder(t);
  const first = await start(t, dataDir);
  const { place } = first;
  await first.stop();
  // As on a machine without setpriv: nothing tells this server that its desk is gone.
  const user = place.user ? { uid: place.user.uid, gid: place.user.gid } : {};
  const flags = [
    '-D',
    place.cluster,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    '-c',
    `port=${new URL(first.url).port}`,
  ];
  const orphan = spawn(join(place.binaries, 'bin', 'postgres'), flags, { ...user, cwd: place.home, stdio: 'ignore', detached: true });
  await until(() => describeEmbedded(dataDir)?.pid === orphan.pid);
  const server = await start(t, dataDir);
  assert.equal(isAlive(orphan.pid ?? 0), false);
  assert.equal(await answer(server.url, "select 'yes' as said"), 'yes');
});

test('a stale pid file that names a living stranger does not stop the start, and the stranger lives on', async (t) => {
  const dataDir = folder(t);
  const first = await start(t, dataDir);
  await first.stop();
  const stranger = spawn('sleep', ['60']);
  t.after(() => stranger.kill());
  writeFileSync(join(first.place.cluster, 'postmaster.pid'), `${stranger.pid}\n${first.place.cluster}\n1\n5432\n\n127.0.0.1\n\nready   \n`);
  writeFileSync(join(first.place.home, 'postgres.lock'), JSON.stringify({ pid: stranger.pid, start: 'another start' }));
  const server = await start(t, dataDir);
  assert.equal(await answer(server.url, "select 'yes' as said"), 'yes');
  assert.equal(isAlive(stranger.pid ?? 0), true);
});

test('an initdb that was killed in the middle is begun anew', async (t) => {
  let dataDir: string;
  let home: string;
  // Begun again where this process stood still for so long that initdb came to its end.
  do {
    dataDir = folder(t);
    home = join(dataDir, 'postgres');
    const child = spawn(process.execPath, [PROGRAM, dataDir], { stdio: 'ignore' });
    await until(() => existsSync(home) && readdirSync(home).some((name) => /^cluster(?:\.new-[^.]*)?$/.test(name)));
    child.kill('SIGKILL');
    await once(child, 'exit');
  } while (existsSync(join(home, 'cluster')));
  const server = await start(t, dataDir);
  assert.equal(await answer(server.url, "select 'yes' as said"), 'yes');
  assert.deepEqual(
    readdirSync(home).filter((name) => name.startsWith('cluster.new-')),
    [],
  );
});

test('a server that cannot start is reported with the end of its log and what to do', async (t) => {
  await assert.rejects(startEmbeddedPostgres({ dataDir: folder(t), log, flags: ['shared_buffers=banana'] }), (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'DATABASE_START_FAILED');
    assert.match(error.message, /banana/);
    return true;
  });
});

test('a remembered port that somebody else took meanwhile is left to them', async (t) => {
  const dataDir = folder(t);
  const first = await start(t, dataDir);
  await first.stop();
  const other = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
  await once(other, 'listening');
  t.after(() => other.close());
  const server = await start(t, dataDir);
  assert.notEqual(new URL(server.url).port, new URL(first.url).port);
  assert.equal(await answer(server.url, "select 'yes' as said"), 'yes');
});

test('under root the server runs as another user, and a folder out of its reach moves elsewhere', { skip: needsRoot }, async (t) => {
  const dataDir = folder(t);
  const first = await start(t, dataDir);
  assert.notEqual(uidOf(first.pid), 0);
  assert.ok(first.place.cluster.startsWith(dataDir));
  await first.stop();
  const locked = folder(t);
  chmodSync(locked, 0o700);
  const closed = join(locked, 'checkout', 'data');
  mkdirSync(closed, { recursive: true });
  const relocateTo = folder(t);
  chmodSync(relocateTo, 0o755);
  const server = await start(t, closed, { relocateTo });
  assert.match(server.place.relocated ?? '', /cannot reach everything/);
  assert.ok(server.place.cluster.startsWith(relocateTo));
  await answer(server.url, 'create table kept (n int)');
  await server.stop();
  const again = await start(t, closed, { relocateTo });
  assert.equal(again.place.cluster, server.place.cluster, 'a later start finds the same cluster');
  assert.equal(await answer(again.url, 'select count(*)::int as n from kept'), 0);
});

test('an ordinary user starts it in a folder of their own', { skip: needsReach }, async (t) => {
  const dataDir = folder(t);
  chownSync(dataDir, NOBODY.uid, NOBODY.gid);
  const { said } = await run(t, dataDir, ['setpriv', '--reuid', String(NOBODY.uid), '--regid', String(NOBODY.gid), '--clear-groups']);
  assert.equal(said.uid, NOBODY.uid);
  assert.equal(uidOf(said.pid), NOBODY.uid);
  assert.equal(await answer(said.url, "select 'yes' as said"), 'yes');
});

interface Said {
  readonly pid: number;
  readonly url: string;
  readonly uid: number;
}

/** Runs the database in a process of its own, so that it can be killed. */
async function run(t: TestContext, dataDir: string, before: string[] = []): Promise<{ child: ChildProcess; said: Said }> {
  const [file = process.execPath, ...args] = [...before, process.execPath, PROGRAM, dataDir];
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' });
  let serverPid = 0;
  atEnd(t, async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    if (serverPid > 0) await waitUntilGone(serverPid, 10_000, systemClock);
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  // The program prints exactly this shape.
  const said = JSON.parse(text) as Said;
  serverPid = said.pid;
  return { child, said };
}

async function start(t: TestContext, dataDir: string, more: { relocateTo?: string } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log, flags: FLAGS, lockWaitMs: 10_000, ...more });
  atEnd(t, () => server.stop());
  return server;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'packetboat-embedded-'));
  atEnd(t, async () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return path;
}

const ends = new WeakMap<TestContext, (() => Promise<unknown>)[]>();

/** Undoes in reverse order; node:test's own hooks run in the order in which they were registered. */
function atEnd(t: TestContext, undo: () => Promise<unknown>): void {
  const list = ends.get(t) ?? [];
  if (list.length === 0) {
    ends.set(t, list);
    t.after(async () => {
      for (const next of list.reverse()) await next();
    });
  }
  list.push(undo);
}

async function answer(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(sql);
    return rows[0] ? Object.values(rows[0])[0] : undefined;
  } finally {
    await client.end();
  }
}

/** Looks every few milliseconds; what did not come in a minute will not come. */
async function until(met: () => boolean): Promise<void> {
  for (let looks = 0; !met(); looks += 1) {
    assert.ok(looks < 12_000, 'it did not come');
    await delay(5);
  }
}

function uidOf(pid: number): number {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
