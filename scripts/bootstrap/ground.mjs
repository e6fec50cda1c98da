// This file holds what the steps of the bootstrap share: plain errors, running npm, and a lock for starts at the same moment.
// Runs on Node 20 with nothing installed.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** npm is tried this often; a registry that hiccups is common, one that hiccups three times is down. */
const NPM_TRIES = 3;
const NPM_PAUSE_MS = 2_000;
const OUTPUT_KEPT_CHARS = 20_000;
/** A first `npm ci` on a slow line. */
const LOCK_WAIT_MS = 600_000;
const LOCK_LOOK_MS = 200;
/** A holder writes its number within moments of making the lock. */
const NAMELESS_LIMIT_MS = 10_000;

/** What keeps the desk from starting, said to a person: a sentence, and what to do next. */
export class Obstacle extends Error {
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/** Runs npm quietly in `cwd`, several times where the network is at fault. Throws an Obstacle. */
export async function npm(args, { root, cwd = root, what }) {
  for (let tries = 1; ; tries += 1) {
    const { status, output } = await runNpm(args, { root, cwd });
    if (status === 0) return rmSync(ownCache(root), { recursive: true, force: true });
    const obstacle = readNpmFailure(output, what);
    if (!obstacle.network || tries === NPM_TRIES) throw obstacle;
    await delay(NPM_PAUSE_MS * tries);
  }
}

/** Turns npm's words into ours. Exported for its test. */
export function readNpmFailure(output, what) {
  const tail = output.trim().split('\n').slice(-12).join('\n');
  const say = (message, hint, network = false) => Object.assign(new Obstacle(`${what}: ${message}\n${tail}`, hint), { network });
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output))
    return say('no right to write there.', 'Run it as the user who owns this folder, or clone the project into a folder of your own.');
  if (/\bENOSPC\b/.test(output)) return say('the disk is full.', 'Free about 1 GB and run the same command again.');
  if (
    /\b(ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ENETUNREACH|EIDLETIMEOUT|ERR_SOCKET_TIMEOUT|E5\d\d)\b|network/i.test(output)
  ) {
    return say(
      'the npm registry does not answer.',
      'Check the network and "npm config get registry" (a proxy?), then run the same command again.',
      true,
    );
  }
  if (/\b(E404|ETARGET|EBADPLATFORM)\b/.test(output)) {
    return say(
      `there is no package for ${process.platform}-${process.arch}.`,
      'Install Node 24 yourself and run the same command with it.',
    );
  }
  if (/\bEUSAGE\b/.test(output))
    return say('package.json and package-lock.json do not agree.', 'Take both from the same commit; "git status" shows what was changed.');
  return say('npm failed.', "The lines above are npm's own; run the same command again once their cause is gone.");
}

/** Does `work` while no other start in this checkout does. A lock whose holder is gone is taken over. */
export async function alone(root, work) {
  const lock = join(root, '.tools', 'bootstrap.lock');
  const untilMs = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      mkdirSync(dirname(lock), { recursive: true });
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST')
        throw new Obstacle(
          `${dirname(lock)} cannot be written (${error.code}).`,
          'Run it as the user who owns this folder, or clone the project into a folder of your own.',
        );
    }
    const holder = readHolder(lock);
    if (holder === null ? isOld(lock) : !isAlive(holder)) rmSync(lock, { recursive: true, force: true });
    else if (performance.now() > untilMs)
      throw new Obstacle(
        `Another start (process ${holder ?? 'unknown'}) has been installing for ten minutes.`,
        `Look what it does; if it is stuck, end it, remove ${lock} and start again.`,
      );
    else await delay(LOCK_LOOK_MS);
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** A holder that was killed before it wrote its number. */
function isOld(lock) {
  const made = statSync(lock, { throwIfNoEntry: false });
  return made !== undefined && Date.now() - made.mtimeMs > NAMELESS_LIMIT_MS;
}

/** Null while the holder has not written its number yet. */
function readHolder(lock) {
  try {
    return Number(readFileSync(join(lock, 'pid'), 'utf8')) || null;
  } catch {
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function runNpm(args, { root, cwd }) {
  const [file, ...before] = npmCommand();
  const child = spawn(
    file,
    [
      ...before,
      ...args,
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--loglevel=error',
      '--fetch-retries=1',
      '--fetch-retry-mintimeout=1000',
      ...cacheFlags(root),
    ],
    {
      cwd,
      env: cleanEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && file === 'npm',
    },
  );
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-OUTPUT_KEPT_CHARS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ status: 1, output: error.code === 'ENOENT' ? 'npm was not found; it comes with Node.' : String(error) }),
    );
    child.once('close', (status) => resolve({ status: status ?? 1, output }));
  });
}

function npmCommand() {
  const { npm_execpath: running } = process.env;
  if (running && /npm-cli\.js$/.test(running) && existsSync(running)) return [process.execPath, running];
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(beside) ? [process.execPath, beside] : ['npm'];
}

/** A system user has no home to keep npm's cache in; ours is removed when the install is done. */
function cacheFlags(root) {
  const { npm_config_cache: chosen } = process.env;
  return canMake(chosen ?? join(homedir(), '.npm')) ? [] : [`--cache=${ownCache(root)}`];
}

function ownCache(root) {
  return join(root, '.tools', 'npm-cache');
}

/** True when a folder can be written, or made in the nearest one that is there. */
function canMake(folder) {
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** An npm inside `npm start` must not take the outer one's settings for its own; NODE_ENV=production must not leave the build tools out. */
function cleanEnvironment() {
  const dropped =
    /^(npm_(package|lifecycle|command|config_(local_prefix|global_prefix|prefix|noproxy$|init|omit|include|only|production|json))|INIT_CWD$|NODE_ENV$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !dropped.test(name)));
}
