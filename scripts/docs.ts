// This file refreshes the pages that are printed from code: docs/CONFIG.md and docs/ERRORS.md. Run it after a setting or code was added.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { renderConfigPage } from './docs/config-page.ts';
import { checkErrorsPage, renderErrorsPage } from './docs/errors-page.ts';

const docs = new URL('../docs/', import.meta.url);
const errors = new URL('ERRORS.md', docs);

writeFileSync(new URL('CONFIG.md', docs), renderConfigPage());
writeFileSync(errors, renderErrorsPage(existsSync(errors) ? readFileSync(errors, 'utf8') : ''));
for (const fault of checkErrorsPage(readFileSync(errors, 'utf8'))) console.log(fault);
