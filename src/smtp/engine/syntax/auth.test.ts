import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AuthExchange, type AuthStep } from './auth.ts';

const b64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

/** Login → "user/password", challenge → its text, refusal → its code. */
function told(step: AuthStep): string {
  if (step.kind === 'login') return `${step.username}/${step.password.reveal()}`;
  if (step.kind === 'challenge') return step.line.trimEnd();
  return String(step.reply.code);
}

const TABLE: readonly [lines: readonly string[], expected: readonly string[], because: string][] = [
  [[`PLAIN ${b64('\0user\0pass')}`], ['user/pass'], 'PLAIN with an initial response'],
  [['PLAIN', b64('\0user\0pass')], ['334', 'user/pass'], 'PLAIN without one'],
  [['plain', b64('user\0user\0pass')], ['334', 'user/pass'], 'the same identity twice'],
  [[`PLAIN ${b64('boss\0user\0pass')}`], ['535'], 'logging in for somebody else'],
  [[`PLAIN ${b64('\0ü\0pässwörd')}`], ['ü/pässwörd'], 'UTF-8'],
  [['LOGIN', b64('user'), b64('pass')], ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6', 'user/pass'], 'LOGIN'],
  [[`LOGIN ${b64('user')}`, b64('pass')], ['334 UGFzc3dvcmQ6', 'user/pass'], 'LOGIN with the name at once'],
  [['LOGIN', '*'], ['334 VXNlcm5hbWU6', '501'], 'cancelled at the name'],
  [['LOGIN', b64('user'), '*'], ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6', '501'], 'cancelled at the password'],
  [['PLAIN', '*'], ['334', '501'], 'PLAIN cancelled'],
  [['PLAIN ='], ['501'], 'an initial response of no bytes'],
  [['PLAIN', ''], ['334', '501'], 'an empty answer'],
  [['PLAIN !!!'], ['501'], 'not base64'],
  [[`PLAIN ${b64('\0user\0pass').slice(0, -1)}`], ['501'], 'base64 without its padding'],
  [[`PLAIN ${Buffer.from([0, 0xff, 0, 0x61]).toString('base64')}`], ['501'], 'not UTF-8'],
  [[`PLAIN ${b64('\0user')}`], ['501'], 'no password field'],
  [[`PLAIN ${b64('\0user\0pa\0ss')}`], ['501'], 'a NUL in the password'],
  [[`PLAIN ${b64('\0\0pass')}`], ['535'], 'an empty name'],
  [[`PLAIN ${b64('\0user\0')}`], ['535'], 'an empty password'],
  [[`PLAIN ${b64(`\0${'u'.repeat(256)}\0p`)}`], ['535'], 'a name that is too long'],
  [['CRAM-MD5'], ['504'], 'a mechanism that is not there'],
  [['PLAIN a b'], ['501'], 'too many words'],
  [[''], ['501'], 'no mechanism'],
];

describe('AUTH', () => {
  for (const [lines, expected, because] of TABLE) {
    it(because, () => {
      const exchange = new AuthExchange();
      const [first = '', ...more] = lines;
      assert.deepEqual([told(exchange.start(first)), ...more.map((line) => told(exchange.answer(line)))], expected);
    });
  }

  it('never shows the password when the step is printed', () => {
    assert.doesNotMatch(JSON.stringify(new AuthExchange().start(`PLAIN ${b64('\0user\0hunter2')}`)), /hunter2/);
  });
});
