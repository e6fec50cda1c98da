// This file tests that errors are logged without what they quote of stored rows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf } from './log.ts';

test('an error of the database is logged without the row that it quotes', () => {
  const row = {
    code: '23502',
    table: 'senders',
    detail: 'Failing row contains (anna@club.example, …).',
    where: 'COPY senders, line 1: "anna@club.example"',
  };
  const broken = Object.assign(new Error('null value in column "id"'), row);
  const wrapped = new Error('a statement failed', { cause: broken });
  for (const error of [broken, wrapped]) {
    const text = JSON.stringify(errorOf(error));
    assert.ok(!text.includes('anna@club.example'), text);
    assert.match(text, /23502/);
    assert.match(text, /log\.test\.ts/, 'its stack is there');
  }
  assert.equal(errorOf('no error'), 'no error');
});
