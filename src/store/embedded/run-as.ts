// This file decides as which user the embedded server runs: PostgreSQL refuses to run as root, so root lends it another one.
import { type SpawnOptions, spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../errors.ts';

/** Tried in this order when root starts the desk. */
const USERS = ['postgres', 'nobody'] as const;
/** A look at a folder or a version takes milliseconds; a file system that hangs must not hang the start. */
const LOOK_LIMIT_MS = 10_000;

export interface RunAs {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user the server runs as, or null for "as ourselves". As root: the owner of what is there already (`ownerUid`), else
 * `postgres`, else `nobody`.
 */
export function chooseUser(ownUid: number, ownerUid: number | null, passwd = readFileSync('/etc/passwd', 'utf8')): RunAs | null {
  if (ownUid !== 0) return null;
  const users = passwd.split('\n').map(parseUser);
  const owner = ownerUid ? users.find((user) => user?.uid === ownerUid) : undefined;
  if (owner) return owner;
  for (const name of USERS) {
    const found = users.find((user) => user?.name === name);
    if (found && found.uid !== 0) return found;
  }
  throw new AppError(
    'DATABASE_START_FAILED',
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody".',
    {
      hint: 'Make one with "useradd --system postgres", or start the desk as an ordinary user.',
    },
  );
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: Pick<SpawnOptions, 'uid' | 'gid'>;
  /** True when the kernel ends the process with its parent, even when that one is killed with SIGKILL. */
  readonly diesWithParent: boolean;
}

/** Dresses a command so that it runs as `user` and gets SIGINT when we die, where the machine has util-linux's setpriv. */
export function commandAs(user: RunAs | null, file: string, args: readonly string[]): Command {
  const setpriv = findSetpriv();
  const identity = user ? ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'] : [];
  const flags = [...identity, '--pdeathsig', 'INT'];
  if (setpriv && spawnSync(setpriv, [...flags, 'true'], { stdio: 'ignore', timeout: LOOK_LIMIT_MS }).status === 0) {
    return { file: setpriv, args: [...flags, file, ...args], options: {}, diesWithParent: true };
  }
  return { file, args, options: user ? { uid: user.uid, gid: user.gid } : {}, diesWithParent: false };
}

/** True when `user` can run `file`; asked by doing it, so that every rule of the file system counts. */
export function canRun(user: RunAs | null, file: string, args: readonly string[]): boolean {
  const options = user ? { uid: user.uid, gid: user.gid } : {};
  return spawnSync(file, args, { ...options, cwd: '/', stdio: 'ignore', timeout: LOOK_LIMIT_MS }).status === 0;
}

/** True when `user` can enter `folder`. */
export function canEnter(user: RunAs | null, folder: string): boolean {
  return canRun(user, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]);
}

function findSetpriv(): string | null {
  const { PATH = '' } = process.env;
  for (const folder of ['/usr/bin', '/bin', ...PATH.split(':')]) {
    if (!folder) continue;
    try {
      const file = join(folder, 'setpriv');
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder; the next may have it.
    }
  }
  return null;
}

function parseUser(line: string): RunAs | null {
  const [name, , uid, gid] = line.split(':');
  if (!name || uid === undefined || gid === undefined) return null;
  return { name, uid: Number(uid), gid: Number(gid) };
}
