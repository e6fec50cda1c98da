// This file holds what the console knows by heart against the desk: it is a program of its own and imports nothing from src/.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDENTITY_REASONS } from '../../src/delivery/held-because.ts';
import { CLASS_FAULT } from '../../src/feedback/vocabulary.ts';
import { HELD_CODES } from '../../src/store/held-counts.ts';
import { BY_ITSELF, faultOfClass } from '../../web/src/turn.ts';
import { waitsWords } from '../../web/src/words/held.words.ts';

test('the console charges every class to the fault that the desk charges it to', () => {
  const ofConsole = Object.keys(CLASS_FAULT).map((name) => [name, faultOfClass(name)]);
  assert.deepEqual(Object.fromEntries(ofConsole), CLASS_FAULT);
});

test('the console promises that held mail goes out by itself for the reasons that the desk asks about again', () => {
  assert.deepEqual([...BY_ITSELF].sort(), [...IDENTITY_REASONS].sort());
});

test('the console has words for everything that held mail can wait for', () => {
  assert.deepEqual(Object.keys(waitsWords).sort(), [...HELD_CODES, 'anything'].sort());
});
