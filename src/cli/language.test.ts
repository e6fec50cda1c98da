// This file checks which language the command line speaks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languageWanted } from './language.ts';

const ROWS: readonly [named: string | undefined, env: Record<string, string>, expected: string][] = [
  [undefined, {}, 'en'],
  [undefined, { LANG: 'de_DE.UTF-8' }, 'de'],
  [undefined, { LANG: 'de' }, 'de'],
  [undefined, { LANG: 'C.UTF-8' }, 'en'],
  [undefined, { LANG: 'fr_FR.UTF-8' }, 'en'],
  [undefined, { LANG: 'de_DE.UTF-8', LC_ALL: 'en_GB.UTF-8' }, 'en'],
  [undefined, { LANG: 'en_GB.UTF-8', LC_MESSAGES: 'de_AT@euro', LC_ALL: '' }, 'de'],
  ['en', { LANG: 'de_DE.UTF-8' }, 'en'],
  ['de', {}, 'de'],
];

test('--lang decides, then the environment, then it is English', () => {
  for (const [named, env, expected] of ROWS) assert.equal(languageWanted(named, env), expected, JSON.stringify([named, env]));
  assert.throws(() => languageWanted('tlh', {}), { code: 'CLI_USAGE' });
});
