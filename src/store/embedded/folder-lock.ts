// This file lets one process at a time look after a folder. The lock names its holder, so a lock left by a killed process is taken over.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import { processStart } from './processes.ts';

const LOOK_EVERY_MS = 50;

export interface FolderLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly start: string | null;
}

/**
 * Takes `file` as a lock, waiting up to `waitMs` for a living holder to let go (a desk that is just shutting down does).
 * Throws DATA_FOLDER_IN_USE naming the holder's pid.
 */
export async function lockFolder(file: string, options: { waitMs: number; clock: Clock }): Promise<FolderLock> {
  const until = options.clock.monotonicMs() + options.waitMs;
  for (;;) {
    const holder = tryLock(file);
    if (holder === 'ours') return { release: () => releaseOwn(file) };
    if (options.clock.monotonicMs() >= until) {
      throw new AppError('DATA_FOLDER_IN_USE', `Another Packetboat (process ${holder.pid}) uses this data folder: ${file}.`);
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** The living holder of a lock file, or null. */
export function lockHolder(file: string): number | null {
  const holder = readHolder(file);
  return holder && isHolding(holder) ? holder.pid : null;
}

function tryLock(file: string): 'ours' | Holder {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, start: processStart(process.pid) } satisfies Holder), { mode: 0o644 });
  try {
    for (;;) {
      try {
        // A link either makes the name or fails: no two processes can both succeed.
        linkSync(own, file);
        return 'ours';
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const holder = readHolder(file);
      if (holder && isHolding(holder)) return holder;
      removeStale(file, holder);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** Moves the stale lock away and looks at what was moved: when somebody else was faster, their fresh lock goes back. */
function removeStale(file: string, stale: Holder | null): void {
  const moved = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, moved);
    const found = readHolder(moved);
    if (found && (found.pid !== stale?.pid || found.start !== stale.start) && isHolding(found)) linkSync(moved, file);
  } catch {
    // Gone already, or taken again meanwhile: the next look tells.
  } finally {
    rmSync(moved, { force: true });
  }
}

function releaseOwn(file: string): void {
  if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
}

function isHolding(holder: Holder): boolean {
  const start = processStart(holder.pid);
  return start !== null && (holder.start === null || start === holder.start);
}

function readHolder(file: string): Holder | null {
  try {
    // We wrote it; anything else fails the check of its fields below.
    const parsed = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return typeof parsed.pid === 'number' ? { pid: parsed.pid, start: parsed.start ?? null } : null;
  } catch {
    return null;
  }
}
