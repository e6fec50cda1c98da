// This file checks a log line for tests: one sentence or two, at most 25 words, a full stop.
import assert from 'node:assert/strict';

/** The sentence without its links, checked. */
export function said(text: string): string {
  const words = text.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1');
  assert.match(words, /^\p{Lu}|^\d/u, `begins like a sentence: ${words}`);
  assert.match(words, /\.$/, `ends with a full stop: ${words}`);
  assert.ok(words.split(/\s+/).length <= 25, `at most 25 words: ${words}`);
  assert.doesNotMatch(words, /undefined|null|NaN|\[|\]\(/, words);
  return words;
}
