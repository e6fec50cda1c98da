// This file looks at what rows and prose become in a terminal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderObject, wrapped } from './table.ts';

test('Members of members have a line each, lists of plain values one', () => {
  const row = {
    name: 'Main',
    settings: { port: 25, tls: { mode: 'none' } },
    last: {},
    types: ['a', 'b'],
    evidence: [{ count: 4 }],
    gone: undefined,
  };
  assert.equal(
    renderObject(row),
    'name               Main\nsettings.port      25\nsettings.tls.mode  none\nlast               ·\ntypes              a, b\nevidence.0.count   4\n',
  );
});

test('Prose is broken between words, and a word longer than a line stays whole', () => {
  assert.equal(wrapped('one two three', 7), 'one two\nthree');
  assert.equal(wrapped('short', 7), 'short');
  assert.equal(wrapped('a incomprehensibilities b', 7).replaceAll('\n', ' '), 'a incomprehensibilities b');
});
