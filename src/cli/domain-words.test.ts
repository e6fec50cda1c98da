// This file checks that the commands about domains say everything around the desk's sentences in every language.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES } from '../language.ts';
import { type DomainCommandWords, domainCommandWords } from './domain-words.ts';

/** Names that are the same everywhere. */
const NAMES = new Set(['Domain', 'MTA-STS', 'TLS-RPT', 'BIMI']);

/** Every text of a list, with the functions asked about the same things. */
function textsOf(words: DomainCommandWords): [string, string][] {
  const facts = { from: 'a', to: 'b', messages: 2, aligned: 1, policy: 'p', sessions: 3, failed: 1 };
  const of = (value: unknown, path: string): [string, string][] => {
    if (typeof value === 'string') return [[path, value]];
    // What takes a range gets one, what takes a list of streams a list, everything else a name.
    if (typeof value === 'function') return [[path, String(value(/Head$/.test(path) ? facts : /takes$/.test(path) ? ['bulk'] : 'x', 1))]];
    return Object.entries(value as object).flatMap(([name, inner]) => of(inner, `${path}.${name}`));
  };
  return of(words, '');
}

test('every text of the commands about domains has one of its own in every language', () => {
  const english = new Map(textsOf(domainCommandWords('en')));
  for (const language of LANGUAGES.filter((each) => each !== 'en')) {
    const other = textsOf(domainCommandWords(language));
    assert.equal(other.length, english.size);
    for (const [path, text] of other) {
      assert.ok(text.length > 0, path);
      if (!NAMES.has(text)) assert.notEqual(text, english.get(path), path);
    }
  }
});
