import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMailParams, parseRcptParams } from './parameters.ts';

const ALL = { dsn: true, auth: true };
const NONE = { dsn: false, auth: false };

const MAIL_OK: readonly [text: string, expected: Record<string, unknown>][] = [
  ['', {}],
  ['SIZE=1234', { size: 1234 }],
  ['size=0', { size: 0 }],
  ['BODY=8BITMIME', { body: '8BITMIME' }],
  ['body=7bit', { body: '7BIT' }],
  ['SMTPUTF8', { smtpUtf8: true }],
  ['SIZE=10 BODY=8BITMIME SMTPUTF8', { size: 10, body: '8BITMIME', smtpUtf8: true }],
  ['AUTH=<>', {}],
  ['AUTH=e+3Dmc2@example.com', {}],
  ['RET=hdrs ENVID=QQ314159', { ret: 'HDRS', envid: 'QQ314159' }],
  ['  SIZE=5  ', { size: 5 }],
];

const MAIL_REFUSED: readonly [text: string, code: number, because: string][] = [
  ['SIZE', 501, 'SIZE needs a number'],
  ['SIZE=', 501, 'an empty number is none'],
  ['SIZE=-1', 501, 'a size below nothing'],
  ['SIZE=1e9', 501, 'digits only'],
  [`SIZE=${'9'.repeat(21)}`, 501, 'RFC 1870 allows 20 digits'],
  ['SIZE=1 SIZE=2', 501, 'twice the same'],
  ['BODY=BINARYMIME', 501, 'BINARYMIME needs CHUNKING, which is not offered'],
  ['SMTPUTF8=yes', 501, 'SMTPUTF8 has no value'],
  ['RET=ALL', 501, 'RET is FULL or HDRS'],
  [`ENVID=${'a'.repeat(101)}`, 501, 'ENVID is at most 100 characters'],
  ['ENVID=a+zz', 501, 'not xtext'],
  ['AUTH', 501, 'AUTH= needs a mailbox'],
  ['HOLDFOR=60', 555, 'an extension that is not offered'],
  ['=5', 501, 'no name'],
  ['A B C D E F G H I J K L', 501, 'more parameters than there are'],
];

const RCPT_OK: readonly [text: string, expected: Record<string, unknown>][] = [
  ['', {}],
  ['NOTIFY=NEVER', { notify: ['NEVER'] }],
  ['notify=success,Failure,DELAY', { notify: ['SUCCESS', 'FAILURE', 'DELAY'] }],
  ['NOTIFY=FAILURE,FAILURE', { notify: ['FAILURE'] }],
  ['ORCPT=rfc822;Bob+2BTag@example.com', { orcpt: 'rfc822;Bob+2BTag@example.com' }],
];

const RCPT_REFUSED: readonly [text: string, code: number, because: string][] = [
  ['NOTIFY', 501, 'NOTIFY needs a value'],
  ['NOTIFY=', 501, 'an empty list'],
  ['NOTIFY=NEVER,DELAY', 501, 'NEVER stands alone'],
  ['NOTIFY=SOMETIMES', 501, 'no such word'],
  ['ORCPT=bob@example.com', 501, 'no address type'],
  ['ORCPT=rfc822;a=b', 501, 'not xtext'],
  ['SIZE=5', 555, 'a parameter of MAIL'],
];

describe('parameters of MAIL FROM', () => {
  const nothing = { size: null, body: null, smtpUtf8: false, ret: null, envid: null };
  for (const [text, expected] of MAIL_OK) {
    it(`reads "${text}"`, () => assert.deepEqual(parseMailParams(text, ALL), { ok: true, params: { ...nothing, ...expected } }));
  }
  for (const [text, code, because] of MAIL_REFUSED) {
    it(`refuses "${text.slice(0, 30)}" with ${code}: ${because}`, () => {
      const parsed = parseMailParams(text, ALL);
      assert.equal(parsed.ok ? 250 : parsed.reply.code, code);
    });
  }
  for (const text of ['AUTH=<>', 'RET=FULL', 'ENVID=1']) {
    it(`refuses ${text} where its extension is not offered`, () => {
      const parsed = parseMailParams(text, NONE);
      assert.equal(parsed.ok ? 250 : parsed.reply.code, 555);
    });
  }
});

describe('parameters of RCPT TO', () => {
  for (const [text, expected] of RCPT_OK) {
    it(`reads "${text}"`, () =>
      assert.deepEqual(parseRcptParams(text, ALL), { ok: true, params: { notify: null, orcpt: null, ...expected } }));
  }
  for (const [text, code, because] of RCPT_REFUSED) {
    it(`refuses "${text}" with ${code}: ${because}`, () => {
      const parsed = parseRcptParams(text, ALL);
      assert.equal(parsed.ok ? 250 : parsed.reply.code, code);
    });
  }
  it('refuses NOTIFY where DSN is not offered', () => {
    const parsed = parseRcptParams('NOTIFY=NEVER', NONE);
    assert.equal(parsed.ok ? 250 : parsed.reply.code, 555);
  });
});
