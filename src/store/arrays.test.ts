import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { testDatabase } from '../../test/support/database.ts';
import { fc } from '../../test/support/property.ts';
import { plainArray, textArray } from './arrays.ts';

const { pool } = await testDatabase();
after(() => undefined);

test('any text survives the array literal, except NUL, which PostgreSQL cannot store', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.string({ unit: 'binary', maxLength: 40 }), { nil: null }), { maxLength: 20 }),
      async (values) => {
        const { rows } = await pool.query<{ v: (string | null)[] }>('select $1::text[] as v', [textArray(values)]);
        assert.deepEqual(
          rows[0]?.v,
          values.map((value) => value?.replaceAll('\0', '\ufffd').toWellFormed() ?? null),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('words that mean something in a literal stay words', async () => {
  const values = ['NULL', 'null', '', '{}', '"', '\\', 'a,b', ' blank ', null];
  const { rows } = await pool.query<{ v: (string | null)[] }>('select $1::text[] as v', [textArray(values)]);
  assert.deepEqual(rows[0]?.v, values);
});

test('numbers, nulls and ids need no quotes', async () => {
  const { rows } = await pool.query<{ v: (number | null)[] }>('select $1::float8[] as v', [plainArray([1.5, null, -3])]);
  assert.deepEqual(rows[0]?.v, [1.5, null, -3]);
});
