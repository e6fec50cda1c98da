// This file checks that the glossary explains every state, fault and role, and that each word has its Avoid line.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MARKS, RECIPIENT_STATES } from '../../src/delivery/states.ts';
import { CLASS_FAULT } from '../../src/feedback/vocabulary.ts';

const page = readFileSync(new URL('../../docs/GLOSSARY.md', import.meta.url), 'utf8');
const entries = page.split(/\n\n/).filter((paragraph) => paragraph.startsWith('**'));

test('each word has an Avoid line', () => {
  assert.ok(entries.length > 40);
  for (const entry of entries) assert.match(entry, /^\*\*[\w ]+\*\*: .+ _Avoid_: .+\.$/s);
});

test('each state, mark and fault is explained', () => {
  for (const state of RECIPIENT_STATES) assert.ok(page.includes(`**${state}**: `), state);
  for (const fault of new Set(Object.values(CLASS_FAULT))) if (fault !== null) assert.match(page, new RegExp(`\\b${fault}\\b`), fault);
  for (const mark of ['complained', 'opened', 'clicked', 'unsubscribed']) {
    assert.ok(Object.hasOwn(MARKS, mark));
    assert.ok(page.includes(mark), mark);
  }
});
