// This file is where a benchmark works: a folder of its own, child processes known by their pids, and a clean-up that always runs: at the end,
// on an error, on Ctrl-C. Children also die when the benchmark itself is killed, where the machine has util-linux's setpriv.
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from './wait.ts';

export interface Workshop {
  /** Other users (postgres, postfix, nobody) may pass through it. */
  readonly folder: string;
  /** Starts a program that is ended with the workshop. */
  spawn(file: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Runs a program to its end; rejects with its words when it fails. */
  run(file: string, args: readonly string[], options?: SpawnOptions & { limitMs?: number }): Promise<string>;
  /** Something to close with the workshop; the last one first. */
  defer(close: () => Promise<unknown> | unknown): void;
  /** A line of progress for whoever waits. */
  say(line: string): void;
}

/** f_type of tmpfs: there an fsync costs nothing, and the figures would flatter everybody. */
const TMPFS = 0x01021994;
const STOP_LIMIT_MS = 30_000;
const KILL_LIMIT_MS = 5_000;
const RUN_LIMIT_MS = 60_000;
const OUTPUT_CHARS_MAX = 100_000;

/** Opens a workshop for `work`, and closes it whatever happens. */
export async function withWorkshop<T>(name: string, work: (shop: Workshop) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(durableFolder(), `packetboat-bench-${name}-`));
  chmodSync(folder, 0o755);
  const children = new Set<ChildProcess>();
  const closers: (() => Promise<unknown> | unknown)[] = [];
  let closing: Promise<void> | null = null;

  const shop: Workshop = {
    folder,
    spawn(file, args, options = {}) {
      const [command = file, ...rest] = [...dieTogether(), file, ...args];
      const child = spawn(command, rest, options);
      children.add(child);
      child.once('exit', () => children.delete(child));
      // Without a listener a program that is not there would end the benchmark before it is cleaned up.
      child.once('error', () => children.delete(child));
      return child;
    },
    run: (file, args, options = {}) => runToEnd(shop, file, args, options),
    defer: (close) => void closers.push(close),
    say: (line) => console.error(line),
  };
  const close = () => {
    closing ??= (async () => {
      for (const each of closers.splice(0).toReversed()) {
        await Promise.race([Promise.resolve().then(each), delay(STOP_LIMIT_MS, undefined, { ref: false })]).catch((error: unknown) =>
          console.error(`clean-up: ${String(error)}`),
        );
      }
      await Promise.all([...children].map(stopChild));
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    })();
    return closing;
  };
  const interrupted = () => void close().then(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await work(shop);
  } finally {
    await close();
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

/** Ends a child by its pid: gently, then by force. */
export async function stopChild(child: ChildProcess): Promise<void> {
  for (const [signal, limitMs] of [
    ['SIGTERM', STOP_LIMIT_MS],
    ['SIGKILL', KILL_LIMIT_MS],
  ] as const) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await Promise.race([ended, delay(limitMs, undefined, { ref: false })]);
  }
}

/** Waits for a process that is not our child to be gone, then makes sure. */
export async function stopPid(pid: number, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  for (const each of [signal, 'SIGKILL'] as const) {
    try {
      process.kill(pid, each);
      await until(`process ${pid} to end`, () => !isAlive(pid), { limitMs: STOP_LIMIT_MS });
      return;
    } catch {
      if (!isAlive(pid)) return;
    }
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function runToEnd(
  shop: Workshop,
  file: string,
  args: readonly string[],
  { limitMs = RUN_LIMIT_MS, ...options }: SpawnOptions & { limitMs?: number },
): Promise<string> {
  const child = shop.spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < OUTPUT_CHARS_MAX) output += text;
    });
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  try {
    const [status, signal] = await once(child, 'close');
    if (status !== 0) throw new Error(`${file} ended with ${signal ?? `status ${status}`}: ${output.trim().slice(-2_000)}`);
    return output;
  } finally {
    clearTimeout(timer);
  }
}

/** A folder on a real disk that other users can reach. */
function durableFolder(): string {
  const { TMPDIR } = process.env;
  const folders = [...(TMPDIR ? [TMPDIR] : []), '/var/tmp', tmpdir()];
  for (const folder of folders) {
    try {
      if (statfsSync(folder).type !== TMPFS) return folder;
    } catch {
      // Not there; the next one may be.
    }
  }
  console.error('every temporary folder lies in memory: fsync costs nothing here, and the figures flatter everybody');
  return tmpdir();
}

let setpriv: readonly string[] | null = null;

function dieTogether(): readonly string[] {
  const command = ['setpriv', '--pdeathsig', 'TERM'];
  setpriv ??= spawnSync('setpriv', [...command.slice(1), 'true'], { stdio: 'ignore' }).status === 0 ? command : [];
  return setpriv;
}
