import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { testDatabase } from '../../test/support/database.ts';
import { jsonText } from './json-text.ts';

const storable = (text: string) => text.replaceAll('\0', '\ufffd').toWellFormed();

test('What PostgreSQL cannot hold becomes a replacement character, and everything else stays', () => {
  const table: [given: unknown, expected: unknown][] = [
    ['a\0b', 'a\ufffdb'],
    ['cut \ud83d', 'cut \ufffd'],
    ['\udea3 cut', '\ufffd cut'],
    ['\u{1f6a3} whole', '\u{1f6a3} whole'],
    ['somebody wrote \\u0000 and \\ud83d', 'somebody wrote \\u0000 and \\ud83d'],
    ['\\\0\\\\\0', '\\\ufffd\\\\\ufffd'],
    [{ 'k\0': ['\ud800', 1, null] }, { 'k\ufffd': ['\ufffd', 1, null] }],
    [undefined, null],
  ];
  for (const [given, expected] of table) assert.deepEqual(JSON.parse(jsonText(given)), expected);
});

test('Any text arrives in a jsonb as it was, but for what cannot be stored', async (t) => {
  const { pool } = await testDatabase(t);
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\0', '\\', '\\u0000', '\\ud83d', '\ud83d', '\udea3', '"', '\u{1f6a3}'),
  );
  const texts = fc.sample(
    fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
    500,
  );
  const { rows } = await pool.query<{ stored: string }>(`select each::jsonb ->> 'text' as stored from unnest($1::text[]) as each`, [
    texts.map((text) => jsonText({ text })),
  ]);
  assert.deepEqual(
    rows.map((row) => row.stored),
    texts.map(storable),
  );
});
