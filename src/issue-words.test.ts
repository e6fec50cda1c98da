// This file holds what people read about refused values against the schemas that refuse them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { issueWords } from './issue-words.ts';

const CASES: readonly [what: string, schema: z.ZodType, value: unknown, words: string][] = [
  ['nothing where something has to be', z.object({ a: z.string() }), {}, 'it is missing'],
  ['no choice where one has to be made', z.object({ a: z.enum(['x', 'y']) }), {}, 'it is missing'],
  ['null is not left out', z.object({ a: z.string().optional() }), { a: null }, 'write a text'],
  ['a list in place of an object', z.object({}), [], 'give an object with fields'],
  ['words in place of a number', z.coerce.number().int(), 'abc', 'write a number'],
  ['a part of a number', z.coerce.number().int(), '1.5', 'write a whole number'],
  ['no number from here on', z.number().min(3), 2, 'write a number from 3 on'],
  ['a number that may not be reached', z.number().lt(3), 3, 'write a number below 3'],
  ['an empty text', z.string().min(1), '', 'it is empty'],
  ['a short text', z.string().min(3), 'a', 'it is too short; 3 characters are the least'],
  ['a long text', z.string().max(3), 'abcd', 'it is too long; 3 characters are the most'],
  ['an empty list', z.array(z.string()).min(1), [], 'the list is empty'],
  ['a long list', z.array(z.number()).max(1), [1, 2], 'the list is too long; 1 are the most'],
  ['a value that is not on the list', z.enum(['en', 'de']), 'fr', 'write one of: en, de'],
  ['the only value', z.literal('api_key'), 'x', 'write api_key'],
  ['a time without a zone', z.iso.datetime({ offset: true }), 'tomorrow', 'write a time with a zone, such as 2026-03-01T09:00:00Z'],
  ['a form of its own', z.string().regex(/^a/), 'b', 'it is not written as it has to be'],
  ['neither of two kinds', z.union([z.string(), z.array(z.string())]), 5, 'write a text, or give a list'],
  [
    'told apart by a field',
    z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b') })]),
    { k: 'c' },
    'write one of: a, b',
  ],
  ['a field that is not known', z.strictObject({}), { hedaers: 1 }, 'there is no field "hedaers" here'],
  ['a sentence of its own stays', z.guid({ error: 'NOT_FOUND: nothing' }), 'x', 'NOT_FOUND: nothing'],
];

for (const [what, schema, value, words] of CASES) {
  test(`${what}: "${words}"`, () => {
    const { error } = schema.safeParse(value, { error: issueWords });
    assert.equal(error?.issues[0]?.message, words);
  });
}
