// This file checks that the commands about answers of the world say everything around the desk's sentences in every language.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_OWN_RULES } from '../feedback/own-rules.ts';
import { LANGUAGES } from '../language.ts';
import { answerCommandWords, labelled } from './answer-words.ts';

/** What is the same word in both. */
const SAME = new Set(['Codes']);
const FACTS = { from: null, own: NO_OWN_RULES, stream: 'bulk', at: 'x', held: 1, of: 2, days: 3, later: 4 };

/** Every text of a list, with the functions asked about the same things. */
function textsOf(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(value(/more|sampled|fault/.test(path) ? 2 : FACTS, 'x'))]];
  return Object.entries(value as object).flatMap(([name, inner]) => textsOf(inner, `${path}.${name}`));
}

test('every text of the commands about answers has one of its own in every language', () => {
  const english = new Map(textsOf(answerCommandWords('en'), ''));
  for (const language of LANGUAGES.filter((each) => each !== 'en')) {
    const other = new Map(textsOf(answerCommandWords(language), ''));
    for (const path of english.keys()) assert.ok(other.has(path), path);
    for (const [path, text] of other) {
      assert.ok(text.length > 0, path);
      if (!SAME.has(text)) assert.notEqual(text, english.get(path), path);
    }
  }
});

test('labels of any width have their values below each other', () => {
  assert.deepEqual(
    labelled([
      ['a', '1'],
      ['Wer am Zug ist', '2'],
    ]),
    ['a               1', 'Wer am Zug ist  2'],
  );
  assert.deepEqual(labelled([['a', '1']]), ['a         1']);
});
