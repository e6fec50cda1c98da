// This file checks that no tracked file names the machine it was written on, or the host of a package registry.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './source.ts';

/** Text files are small; what is larger is a font or a picture. */
const SIZE_MAX_BYTES = 2_000_000;
/** npm writes the registry's address into its lock file. */
const EXCLUDED = /(^|\/)package-lock\.json$|\.(woff2?|png|ico|gz|xz)$/;

// Built from pieces, so that this file does not find itself.
const NAMES: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  { pattern: new RegExp(`(?<![\\w.])/(?:${['wor' + 'k', 'far' + 'm', 'roo' + 't'].join('|')})/`), message: 'a path of one machine' },
  {
    pattern: new RegExp(`registry\\.(?:${['npm' + 'js', 'yarn' + 'pkg'].join('|')})\\.|deb\\.debi${'an'}\\.org`),
    message: 'the host of a package registry',
  },
];

/** Checks every file that git tracks. */
export function checkMachine(root: string): Fault[] {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 32_000_000 }).split('\0').filter(Boolean);
  return files.flatMap((file) => {
    const stat = statSync(join(root, file), { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > SIZE_MAX_BYTES || EXCLUDED.test(file)) return [];
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.flatMap((text, index) =>
      NAMES.filter(({ pattern }) => pattern.test(text)).map(({ message }) => ({
        file,
        line: index + 1,
        message: `${message} does not belong into the repository`,
      })),
    );
  });
}
