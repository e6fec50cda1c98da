// This file builds the console when its sources changed since the last build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = [
  'web/src',
  'web/public',
  'web/index.html',
  'web/vite.config.ts',
  'web/package.json',
  'web/tsconfig.json',
  'package-lock.json',
];
const BUILD_LIMIT_MS = 300_000;

/** Null when there is nothing to build or the build is fresh; else the mark that the next build gets. */
export function staleConsole(root) {
  if (!existsSync(join(root, 'web', 'src')) || !existsSync(join(root, 'web', 'index.html'))) return null;
  const sum = createHash('sha256');
  for (const source of SOURCES) addToSum(sum, join(root, source), source);
  const mark = sum.digest('hex');
  return readMark(root) === mark ? null : mark;
}

/** Builds beside the old console and puts the new one in its place. Answers false, having said why, when the build fails. */
export function buildConsole(root, { node, mark, say }) {
  say('Building the console …');
  const target = join(root, '.cache', 'console-build');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = spawnSync(node, [vite, 'build', '--outDir', target, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: join(root, 'web'),
    encoding: 'utf8',
    timeout: BUILD_LIMIT_MS,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (result.status !== 0) {
    say(
      `The console could not be built; the rest starts without it.\n${`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`.trim().slice(-2_000)}`,
    );
    return false;
  }
  writeFileSync(join(target, '.built-from'), mark);
  const dist = join(root, 'web', 'dist');
  const old = join(root, '.cache', `console-old-${process.pid}`);
  mkdirSync(join(root, '.cache'), { recursive: true });
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(target, dist);
  rmSync(old, { recursive: true, force: true });
  return true;
}

function readMark(root) {
  try {
    return readFileSync(join(root, 'web', 'dist', '.built-from'), 'utf8').trim();
  } catch {
    return null;
  }
}

function addToSum(sum, path, name) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) {
    sum.update(`${name}\0`).update(readFileSync(path));
    return;
  }
  for (const entry of readdirSync(path).sort()) addToSum(sum, join(path, entry), `${name}/${entry}`);
}
