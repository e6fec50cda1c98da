// This file holds the catalogue of errors against its page, and checks what every entry must be.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkErrorsPage } from '../scripts/docs/errors-page.ts';
import { AppError, ERROR_CATALOGUE, type ErrorCode } from './errors.ts';

// Object.keys of a const object are exactly its keys.
const CODES = Object.keys(ERROR_CATALOGUE) as ErrorCode[];

test('docs/ERRORS.md has every code with its meaning, and no other', () => {
  assert.deepEqual(checkErrorsPage(readFileSync(new URL('../docs/ERRORS.md', import.meta.url), 'utf8')), []);
});

test('each code has a hint that says what to do, and replies whose classes agree', () => {
  for (const code of CODES) {
    const error = new AppError(code, 'Something is not as it should be.');
    assert.match(code, /^[A-Z]+(_[A-Z0-9]+)*$/);
    assert.match(error.hint, /^\S.*\.$/s, code);
    assert.doesNotMatch(error.hint, /please|oops|successfully/i, code);
    assert.ok(error.status >= 400 && error.status < 600, code);
    const { code: basic, enhanced, text } = error.smtp;
    // RFC 3463 §2: the class of the enhanced code is that of the reply.
    assert.equal(String(basic)[0], enhanced[0], code);
    assert.doesNotMatch(text, /[\r\n]/);
  }
});

test('a line break in a message cannot forge a second SMTP reply', () => {
  assert.equal(
    new AppError('CREDENTIAL_SUSPENDED', 'This credential is paused.').smtp.text,
    'This credential is paused; ask the operator of your platform to resume it. (CREDENTIAL_SUSPENDED)',
    'a hint that begins with the message says it once',
  );
  assert.equal(new AppError('MAIL_MALFORMED', 'one\r\n250 two').smtp.text.includes('\n'), false);
});
