// This file decides where the embedded database lies: in the data folder, or, where the server's user cannot reach that, under
// /var/lib/packetboat. The choice is written down once, so that a later start finds the same cluster.
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../errors.ts';
import { type Binaries, copyBinaries, findBinaries } from './binaries.ts';
import { canEnter, canRun, chooseUser, type RunAs } from './run-as.ts';

/** Where clusters go that cannot lie in the checkout. */
export const RELOCATION_FOLDER = '/var/lib/packetboat';

/** One of these lies in every folder that this file made. */
const OWN_NAMES = ['postgres', 'bootstrap.json', 'cluster', 'password', 'place.json', 'postgres.lock'];

export interface Place {
  /** The desk's own data folder. */
  readonly dataDir: string;
  /** Holds the cluster, its password, log, lock and connection file. */
  readonly home: string;
  /** PostgreSQL's data folder (PGDATA). */
  readonly cluster: string;
  /** Holds bin/, lib/ and share/. */
  readonly binaries: string;
  readonly version: string;
  readonly user: RunAs | null;
  /** Why cluster or binaries do not lie in the checkout; null when they do. */
  readonly relocated: string | null;
}

export interface PlaceOptions {
  readonly dataDir: string;
  readonly relocateTo?: string;
  /** Stands in for this process's uid and the machine's users in tests. */
  readonly user?: RunAs | null;
}

/** Settles user, binaries and folders, and makes the folders. Throws DATABASE_START_FAILED with what to do. */
export function settlePlace(options: PlaceOptions): Place {
  const relocateTo = options.relocateTo ?? RELOCATION_FOLDER;
  const dataDir = makeDataFolder(options.dataDir);
  const recorded = readRecordedHome(dataDir);
  const user =
    options.user === undefined ? chooseUser(process.getuid?.() ?? -1, ownerOf(recorded ?? inside(dataDir), dataDir)) : options.user;
  if (user) letThrough(dataDir, user);
  const found = findBinaries();
  const home = recorded ?? settleHome(dataDir, user, relocateTo);
  makeFolder(home, user);
  const binaries = settleBinaries(found, user, relocateTo);
  const moved = [home === inside(dataDir) ? null : `cluster in ${home}`, binaries === found.folder ? null : `binaries in ${binaries}`];
  const relocated = moved.filter((part) => part !== null).join(', ');
  return {
    dataDir,
    home,
    cluster: join(home, 'cluster'),
    binaries,
    version: found.version,
    user,
    relocated: relocated === '' ? null : `the user ${user?.name ?? ''} cannot reach everything in the checkout: ${relocated}`,
  };
}

/** Which user would run the server of a data folder, and what would be out of its reach; changes nothing. For `packetboat doctor`. */
export function foreseePlace(dataDir: string): { user: RunAs | null; unreachable: string[]; binaries: Binaries } {
  const binaries = findBinaries();
  const there = existsSync(dataDir) ? realpathSync(dataDir) : null;
  const recorded = there === null ? null : readRecordedHome(there);
  const owner = there === null ? null : ownerOf(recorded ?? inside(there), there);
  const user = chooseUser(process.getuid?.() ?? -1, owner);
  let nearest = dataDir;
  while (!existsSync(nearest) || (nearest === there && user)) nearest = dirname(nearest);
  const unreachable = [
    canEnter(user, nearest) ? null : nearest,
    canRun(user, join(binaries.folder, 'bin', 'postgres'), ['--version']) ? null : binaries.folder,
  ];
  return { user, binaries, unreachable: unreachable.filter((path) => path !== null) };
}

/** Where the cluster of a data folder lies, without making anything; null when there is none yet. */
export function findHome(dataDir: string): string | null {
  if (!existsSync(dataDir)) return null;
  const home = readRecordedHome(realpathSync(dataDir)) ?? inside(realpathSync(dataDir));
  return existsSync(join(home, 'cluster', 'PG_VERSION')) ? home : null;
}

function inside(dataDir: string): string {
  return join(dataDir, 'postgres');
}

function makeDataFolder(dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const real = realpathSync(dataDir);
    if (isOurFolder(real)) chmodSync(real, 0o700);
    return real;
  } catch (cause) {
    throw new AppError('DATABASE_START_FAILED', `The data folder ${dataDir} cannot be made or used.`, {
      hint: 'Give yourself the right to write there, or set PACKETBOAT_DATA_DIR to a folder you own.',
      cause,
    });
  }
}

/** Lets the server's user pass through a folder of ours without letting it, or anybody else, look inside. */
function letThrough(folder: string, user: RunAs): void {
  if (!isOurFolder(folder)) return;
  chownSync(folder, -1, user.gid);
  chmodSync(folder, 0o710);
}

/** Only a folder that we made (or found empty) gets its mode changed: a data folder set to /tmp by mistake must not lose its own. */
function isOurFolder(folder: string): boolean {
  if (statSync(folder).uid !== process.getuid?.()) return false;
  const names = readdirSync(folder);
  return names.length === 0 || OWN_NAMES.some((name) => names.includes(name));
}

/** The uid that owns what is there already, so that a cluster made as one user is never opened as another. */
function ownerOf(home: string, dataDir: string): number | null {
  const cluster = statSync(join(home, 'cluster'), { throwIfNoEntry: false });
  return cluster?.uid ?? statSync(dataDir, { throwIfNoEntry: false })?.uid ?? null;
}

function settleHome(dataDir: string, user: RunAs | null, relocateTo: string): string {
  const home = inside(dataDir);
  makeFolder(home, user);
  if (!user || canEnter(user, home)) return home;
  // The random end keeps a new checkout at an old path from waking the old one's database.
  const name = `${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}-${randomBytes(4).toString('hex')}`;
  return recordHome(dataDir, join(relocateTo, name));
}

/** Writes the choice down; where another process was faster its choice holds. */
function recordHome(dataDir: string, home: string): string {
  const file = join(inside(dataDir), 'place.json');
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ home }), { mode: 0o600 });
  try {
    linkSync(own, file);
    return home;
  } catch {
    return readRecordedHome(dataDir) ?? home;
  } finally {
    rmSync(own, { force: true });
  }
}

function readRecordedHome(dataDir: string): string | null {
  try {
    // We wrote it; a damaged one is as good as none.
    const { home } = JSON.parse(readFileSync(join(inside(dataDir), 'place.json'), 'utf8')) as { home?: string };
    return home ?? null;
  } catch {
    return null;
  }
}

function makeFolder(folder: string, user: RunAs | null): void {
  try {
    mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
    mkdirSync(folder, { recursive: true, mode: user ? 0o710 : 0o700 });
    if (user) letThrough(folder, user);
  } catch (cause) {
    throw new AppError('DATABASE_START_FAILED', `The folder ${folder} cannot be made.`, {
      hint: 'Start the desk as the user who owns its data folder, or set PACKETBOAT_DATA_DIR to a folder you own.',
      cause,
    });
  }
}

function settleBinaries(found: Binaries, user: RunAs | null, relocateTo: string): string {
  const runs = (folder: string) => canRun(user, join(folder, 'bin', 'postgres'), ['--version']);
  if (runs(found.folder)) return found.folder;
  const copy = join(relocateTo, 'binaries', found.version);
  if (user) {
    copyBinaries(found, copy);
    if (runs(copy)) return copy;
  }
  throw new AppError('DATABASE_START_FAILED', `The PostgreSQL binaries in ${found.folder} do not run here.`, {
    hint: `Run ${join(found.folder, 'bin', 'postgres')} --version to see why, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
  });
}
