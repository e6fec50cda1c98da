// This file checks that words keep an address free whatever code stands before them: servers write 5.1.1 and 5.2.1 in front of what they say of the sender, too.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { classifyReply } from './classify.ts';
import { CLASS_FAULT, type FeedbackClass } from './vocabulary.ts';

const OURS: ReadonlySet<string> = new Set(
  // Object.keys of a const object are exactly its keys.
  (Object.keys(CLASS_FAULT) as FeedbackClass[]).filter((name) =>
    ['sender-reputation', 'authentication', 'content', 'capacity', 'operator'].includes(CLASS_FAULT[name] ?? ''),
  ),
);

test('No sample reply about us holds an address when a mailbox code stands before its words', () => {
  const held: string[] = [];
  for (const line of readFileSync(new URL('samples/replies.txt', import.meta.url), 'utf8').split('\n')) {
    const bar = line.indexOf('|');
    if (line.startsWith('#') || bar < 0 || !OURS.has(line.slice(0, bar))) continue;
    const words = line.slice(bar + 1).replace(/^[45]\d\d[ -](?:#?\d\.\d\.\d{1,3} ?)?/, '');
    for (const code of ['550 5.1.1', '550 5.2.1', '554 5.1.6'])
      if (classifyReply(`${code} ${words}`).suppress) held.push(`${line.slice(0, bar)}: ${code} ${words}`);
  }
  assert.deepEqual(held, []);
});
