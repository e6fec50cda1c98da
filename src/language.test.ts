import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../test/support/property.ts';
import { LANGUAGES, languageAccepted } from './language.ts';

test('The language that somebody prefers among ours is chosen, and English where there is none', () => {
  const rows: readonly (readonly [string | undefined, string])[] = [
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['en-GB,de;q=0.9', 'en'],
    ['en;q=0.3, de;q=0.7', 'de'],
    ['fr-FR, de;q=0.5, en;q=0.4', 'de'],
    ['fr, it', 'en'],
    ['DE', 'de'],
    ['de;q=0', 'en'],
    ['*', 'en'],
    ['den', 'en'],
    ['de;q=much', 'en'],
    [`${'fr,'.repeat(200)}de`, 'en'],
  ];
  for (const [header, language] of rows) assert.equal(languageAccepted(header), language, String(header).slice(0, 60));
  fc.assert(fc.property(fc.string(), (header) => LANGUAGES.includes(languageAccepted(header))));
});
