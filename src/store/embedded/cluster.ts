// This file makes a database cluster (initdb) and writes its settings. A cluster is made under another name and renamed when it is whole,
// so a start that was killed in the middle leaves nothing that looks like a cluster.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../errors.ts';
import type { Place } from './place.ts';
import { commandAs } from './run-as.ts';

/** initdb writes some 40 MB; a disk that needs longer than this is not usable. */
const INITDB_LIMIT_MS = 120_000;
/** Kept of initdb's words for the error message. */
const OUTPUT_KEPT_CHARS = 4_000;
const MIB = 1_048_576;
/**
 * Size of one file of the write-ahead log. While there are no old ones to use again, the server makes each new one in the middle of a commit, and
 * every commit waits until its zeros are on disk: 16 MB (the default) stood in the way of all mail for 75 to 110 ms, every 3.6 s at 680 messages/s.
 */
const WAL_FILE_MIB = 2;

/** Makes the cluster of `place` when there is none, and brings its settings up to date. */
export async function ensureCluster(place: Place): Promise<void> {
  for (const name of readdirSync(place.home)) {
    // The lock on this folder is ours, so what is unfinished belongs to a start that died.
    if (name.startsWith('cluster.new-')) rmSync(join(place.home, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
  if (existsSync(join(place.cluster, 'PG_VERSION'))) checkVersion(place);
  else await makeCluster(place);
  writeFileSync(join(place.cluster, 'packetboat.conf'), renderSettings(), { mode: 0o600 });
  own(place, join(place.cluster, 'packetboat.conf'));
}

/** The password of the cluster's roles, made on the first start. */
export function ensurePassword(place: Place): string {
  const file = join(place.home, 'password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (existsSync(place.cluster)) {
    throw new AppError('DATABASE_START_FAILED', `The password file ${file} is gone, but the cluster beside it is not.`, {
      hint: 'Put the file back from a backup of the data folder; every backup needs it.',
    });
  }
  const password = randomBytes(24).toString('base64url');
  writeFileSync(`${file}.new`, password, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return password;
}

async function makeCluster(place: Place): Promise<void> {
  const unfinished = join(place.home, `cluster.new-${randomBytes(4).toString('hex')}`);
  const passwordFile = `${unfinished}.password`;
  writeFileSync(passwordFile, ensurePassword(place), { mode: 0o600 });
  own(place, passwordFile);
  // The server's user may not make a folder inside ours, so it gets one.
  mkdirSync(unfinished, { mode: 0o700 });
  own(place, unfinished);
  try {
    await runInitdb(place, unfinished, passwordFile);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  appendFileSync(
    join(unfinished, 'postgresql.conf'),
    "\ninclude 'packetboat.conf'\n# Your own settings go into local.conf.\ninclude_if_exists 'local.conf'\n",
  );
  renameSync(unfinished, place.cluster);
  const folder = openSync(place.home, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

async function runInitdb(place: Place, target: string, passwordFile: string): Promise<void> {
  const command = commandAs(place.user, join(place.binaries, 'bin', 'initdb'), [
    `--pgdata=${target}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    `--wal-segsize=${WAL_FILE_MIB}`,
    // PostgreSQL's own C.UTF-8 does not depend on the system's locales, so an upgraded C library cannot disorder an index.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]);
  const child = spawn(command.file, command.args, {
    ...command.options,
    cwd: place.home,
    env: serverEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: INITDB_LIMIT_MS,
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_KEPT_CHARS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const status = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? String(code)));
  });
  if (status === '0') return;
  rmSync(target, { recursive: true, force: true });
  throw new AppError('DATABASE_START_FAILED', `initdb ended with ${status}: ${output.trim()}`, hintFor(output));
}

/** What to do about words of initdb or the server that have a known cause. */
export function hintFor(output: string): { hint?: string } {
  if (/No space left on device/i.test(output)) return { hint: 'The disk is full: free some space in the data folder and start again.' };
  if (/could not look up effective user ID/.test(output))
    return {
      hint: 'PostgreSQL needs a user with an entry in /etc/passwd: start the desk as one, or set DATABASE_URL to a PostgreSQL 15 or newer.',
    };
  if (/Permission denied/i.test(output))
    return { hint: 'The server cannot read or write its folder; "packetboat doctor" shows as which user it runs and where.' };
  if (/out of memory|Cannot allocate memory|could not map anonymous shared memory/i.test(output))
    return { hint: 'Too little memory: PostgreSQL needs about 256 MB here.' };
  return {};
}

/** Only what PostgreSQL needs: our settings hold secrets, and PG* variables of a shell must not steer the server. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' };
}

/** Settings for a desk that shares its machine. An operator's own go into local.conf and win. */
function renderSettings(): string {
  const buffersMib = Math.min(256, Math.max(32, Math.floor(totalmem() / MIB / 16)));
  return `# Written by Packetboat at every start; put your own settings into local.conf in this folder.
max_connections = 100
shared_buffers = ${buffersMib}MB
effective_cache_size = ${Math.max(64, Math.floor(totalmem() / MIB / 2))}MB
work_mem = 8MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
min_wal_size = 256MB
# By itself it would be no larger than one file of the log, less than one large commit.
wal_buffers = ${Math.max(1, Math.floor(buffersMib / 32))}MB
checkpoint_timeout = 10min
# Pages are written out as they come. Left to the kernel they go after half a minute at once, and commits wait behind them for a fifth of a second.
backend_flush_after = 256kB
fsync = on
synchronous_commit = on
full_page_writes = on
# After a crash: one call for the whole file system instead of one for each of a thousand files.
recovery_init_sync_method = syncfs
wal_compression = off
jit = off
random_page_cost = 1.1
# Queue rows change often: clean up before a table has grown by a fifth.
autovacuum_naptime = 30s
autovacuum_vacuum_scale_factor = 0.05
autovacuum_analyze_scale_factor = 0.05
autovacuum_vacuum_cost_limit = 1000
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_destination = 'stderr'
log_line_prefix = '%m [%p] '
log_min_messages = warning
log_checkpoints = off
# Details and statements of errors hold addresses; ours are logged by the desk with their ids.
log_error_verbosity = terse
log_min_error_statement = panic
`;
}

function checkVersion(place: Place): void {
  const cluster = readFileSync(join(place.cluster, 'PG_VERSION'), 'utf8').trim();
  const binaries = place.version.split('.')[0];
  if (cluster === binaries) return;
  throw new AppError(
    'DATABASE_START_FAILED',
    `The cluster in ${place.cluster} is of PostgreSQL ${cluster}, the binaries are ${place.version}.`,
    {
      hint: `Start the Packetboat that came with PostgreSQL ${cluster} and dump the database, or move the data folder away for a fresh start.`,
    },
  );
}

function own(place: Place, path: string): void {
  if (place.user) chownSync(path, place.user.uid, place.user.gid);
}
