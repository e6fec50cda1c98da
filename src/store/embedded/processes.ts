// This file looks at processes and at PostgreSQL's own pid file, so that an orphan is told apart from a stranger who got its number.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';

/** How often a process that should go away is looked at. */
const LOOK_EVERY_MS = 20;

/** What the postmaster wrote about itself (PostgreSQL's miscadmin.h: lines of postmaster.pid). */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** True once connections are taken. */
  readonly ready: boolean;
}

/** Reads `postmaster.pid` of a cluster; null when it is absent or half written. */
export function readPostmasterFile(cluster: string): PostmasterFile | null {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  const pid = Number.parseInt(lines[0] ?? '', 10);
  if (!(pid > 0)) return null;
  return { pid, port: Number.parseInt(lines[3] ?? '', 10) || 0, ready: (lines[7] ?? '').trim() === 'ready' };
}

/** Start time of a process in clock ticks since boot, which tells two bearers of one pid apart; null when it is gone (or a zombie). */
export function processStart(pid: number): string | null {
  if (!existsSync('/proc/self/stat')) return signalReaches(pid) ? 'unknown' : null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; what follows the last ")" starts with field 3, the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** True while a process lives. */
export function isAlive(pid: number): boolean {
  return processStart(pid) !== null;
}

/** True when `pid` is a PostgreSQL server whose data folder is `cluster`, also when the folder was moved since. */
export function isServerOf(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false;
  if (existsSync('/proc/self/cwd')) {
    try {
      // The server's working directory is its data folder.
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return basename(command[0] ?? '').startsWith('postgres') && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    } catch {
      return false;
    }
  }
  const ps = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return ps.stdout?.includes('postgres') === true && ps.stdout.includes(cluster);
}

/** Waits until a process is gone. Answers false when it still lives after `limitMs`. */
export async function waitUntilGone(pid: number, limitMs: number, clock: Clock): Promise<boolean> {
  const until = clock.monotonicMs() + limitMs;
  while (isAlive(pid)) {
    if (clock.monotonicMs() >= until) return false;
    await delay(LOOK_EVERY_MS);
  }
  return true;
}

/** Sends a signal; a process that is gone already is fine. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // ESRCH: it ended between the look and the signal, which is what the signal was for.
  }
}

function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
