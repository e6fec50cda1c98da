// This file checks that the pages printed from code are fresh: docs/ERRORS.md and docs/CONFIG.md.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderConfigPage } from '../docs/config-page.ts';
import { checkErrorsPage } from '../docs/errors-page.ts';
import type { Fault } from './source.ts';

/** Holds the pages of `root` against the catalogue and the settings of this checkout. */
export function checkPages(root: string): Fault[] {
  const read = (file: string) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '');
  const faults = checkErrorsPage(read('docs/ERRORS.md')).map((message) => ({ file: 'docs/ERRORS.md', line: 0, message }));
  if (read('docs/CONFIG.md') !== renderConfigPage())
    faults.push({ file: 'docs/CONFIG.md', line: 0, message: 'not fresh; run "node scripts/docs.ts"' });
  return faults;
}
