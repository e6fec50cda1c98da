// This file starts and stops one PostgreSQL server process: log, port, readiness, and what its log says when it does not come up.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { serverEnvironment } from './cluster.ts';
import type { Place } from './place.ts';
import { isServerOf, readPostmasterFile, signal, waitUntilGone } from './processes.ts';
import { commandAs } from './run-as.ts';

/** Ports tried for the server: below the range that Linux gives to outgoing connections. */
const PORT_FLOOR = 20_000;
const PORT_CEILING = 32_000;
const PORT_TRIES = 50;
const READY_LOOK_MS = 10;
/** Recovery after a crash replays at most max_wal_size (2 GB); a slow disk does that in this time. */
const READY_LIMIT_MS = 300_000;
/** A fast shutdown writes a checkpoint first. */
const FAST_LIMIT_MS = 30_000;
/** An immediate shutdown only waits for its children. */
const IMMEDIATE_LIMIT_MS = 8_000;
const KILL_LIMIT_MS = 5_000;
const LOG_SIZE_MAX_BYTES = 10_485_760;
const LOG_TAIL_BYTES = 4_000;

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Settles when the process has ended, with what it ended by. */
  readonly ended: Promise<string>;
}

/** Why a server did not come up. */
export class LaunchFailure extends Error {
  readonly kind: 'port' | 'busy' | 'other';
  readonly tail: string;
  constructor(message: string, tail: string) {
    super(message);
    this.tail = tail;
    this.kind = /Address already in use|could not create any TCP\/IP sockets/.test(tail)
      ? 'port'
      : /lock file "postmaster.pid" already exists|pre-existing shared memory block/.test(tail)
        ? 'busy'
        : 'other';
  }
}

/** Starts the server of `place` on 127.0.0.1:`port` and waits until it takes connections. Rejects with a LaunchFailure. */
export async function launch(
  place: Place,
  options: { port: number; flags: readonly string[]; clock: Clock; log: Log },
): Promise<Postmaster> {
  const logFile = join(place.home, 'postgres.log');
  turnLogOver(logFile);
  const from = existsSync(logFile) ? statSync(logFile).size : 0;
  const child = spawnServer(place, options, logFile);
  let ending: string | null = null;
  const ended = new Promise<string>((resolve) => {
    const end = (how: string) => {
      ending = how;
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, by) => end(by ?? `status ${code}`));
  });
  const startedMs = options.clock.monotonicMs();
  let saidSlow = false;
  while (ending === null) {
    const file = readPostmasterFile(place.cluster);
    if (child.pid !== undefined && file?.pid === child.pid && file.ready) return { pid: child.pid, port: options.port, ended };
    const waitedMs = options.clock.monotonicMs() - startedMs;
    if (waitedMs > READY_LIMIT_MS) break;
    if (waitedMs > 3_000 && !saidSlow) {
      saidSlow = true;
      options.log.info({ event: 'postgres_recovering' }, 'PostgreSQL is still starting: it repeats what a crash interrupted');
    }
    await delay(READY_LOOK_MS);
  }
  if (ending === null && child.pid !== undefined) await stopServer(child.pid, options.clock);
  throw new LaunchFailure(`PostgreSQL ended while starting (${ending ?? 'too slow'})`, logTail(logFile, from));
}

/** Stops a server: fast (no transaction is waited for, all is written), then at once, then by force. All three lose nothing committed. */
export async function stopServer(pid: number, clock: Clock): Promise<void> {
  for (const [name, limitMs] of [
    ['SIGINT', FAST_LIMIT_MS],
    ['SIGQUIT', IMMEDIATE_LIMIT_MS],
    ['SIGKILL', KILL_LIMIT_MS],
  ] as const) {
    signal(pid, name);
    if (await waitUntilGone(pid, limitMs, clock)) return;
  }
}

/** Stops a server that a killed desk left behind, and removes a pid file whose number belongs to somebody else by now. */
export async function stopOrphan(place: Place, options: { clock: Clock; log: Log }): Promise<void> {
  const left = readPostmasterFile(place.cluster);
  if (left && isServerOf(left.pid, place.cluster)) {
    options.log.info({ event: 'postgres_orphan_stopped', pid: left.pid }, 'stopping the database server that an earlier start left behind');
    await stopServer(left.pid, options.clock);
  }
  const file = readPostmasterFile(place.cluster);
  if (file && !isServerOf(file.pid, place.cluster)) rmSync(join(place.cluster, 'postmaster.pid'), { force: true });
}

/** A port on 127.0.0.1 that nobody listens on; `wanted` when it is free. */
export async function freePort(wanted: number, random: () => number): Promise<number> {
  if (wanted > 0 && (await isFree(wanted))) return wanted;
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    const port = PORT_FLOOR + Math.floor(random() * (PORT_CEILING - PORT_FLOOR));
    if (await isFree(port)) return port;
  }
  throw new LaunchFailure(`No free port between ${PORT_FLOOR} and ${PORT_CEILING} in ${PORT_TRIES} tries`, '');
}

function spawnServer(place: Place, options: { port: number; flags: readonly string[] }, logFile: string): ChildProcess {
  const command = commandAs(place.user, join(place.binaries, 'bin', 'postgres'), [
    '-D',
    place.cluster,
    '-c',
    `port=${options.port}`,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    ...options.flags.flatMap((flag) => ['-c', flag]),
  ]);
  const log = openSync(logFile, 'a', 0o600);
  try {
    // A session of its own: Ctrl-C in a terminal must reach the desk, not the database under it.
    const child = spawn(command.file, command.args, {
      ...command.options,
      cwd: place.home,
      env: serverEnvironment(),
      detached: true,
      stdio: ['ignore', log, log],
    });
    // A process that has nothing left to do may end: the server ends with it.
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

function turnLogOver(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_SIZE_MAX_BYTES) renameSync(file, `${file}.1`);
}

function logTail(file: string, from: number): string {
  if (!existsSync(file)) return '';
  const all = readFileSync(file);
  return all
    .subarray(Math.max(from, all.length - LOG_TAIL_BYTES))
    .toString('utf8')
    .trim();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
