// This file reads the log line of "Seen from outside" in every situation, in both languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { said } from '../../mock/said.ts';
import type { SelfChecks } from '../api/schema.gen.ts';
import { logLine } from './outside.log.ts';

type State = SelfChecks['data'][number]['state'];

const AT = '2026-11-22T00:00:00.000Z';

function seen(...states: readonly State[]): SelfChecks {
  const data = states.map((state) => ({ code: 'clock-ok', state, subject: 'clock', says: 'It is so.', next: null, since: AT }));
  return { checked_at: AT, data };
}

const ROWS: readonly (readonly [because: string, result: SelfChecks, expected: RegExp])[] = [
  ['nobody has looked', { checked_at: null, data: [] }, /^Nobody has looked at this desk from outside yet/],
  ['what makes mail suffer comes first', seen('unknown', 'warning', 'problem', 'ok'), /^One thing about this desk makes receivers refuse/],
  ['several', seen('problem', 'problem'), /^Two things about this desk make receivers refuse/],
  ['then what will not last', seen('warning', 'unknown', 'ok'), /but one thing will not hold/],
  ['several of those', seen('warning', 'warning'), /but two things will not hold/],
  ['then what nobody answered', seen('unknown', 'note', 'ok'), /one question got no answer and is asked again/],
  ['several questions', seen('unknown', 'unknown'), /two questions got no answer and are asked again/],
  ['what is only good to know is no reason to worry', seen('note', 'ok'), /everything about this desk is as it should be/],
];

for (const [because, result, expected] of ROWS) {
  test(`the log line of "Seen from outside": ${because}`, () => {
    assert.match(said(logLine(result, { lang: 'en' })), expected);
    said(logLine(result, { lang: 'de' }));
  });
}
