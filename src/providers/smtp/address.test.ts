import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { originalRecipient, pathFault, xtext } from './address.ts';

describe('addresses in commands', () => {
  for (const good of [
    'a@b.example',
    "o'neil+tag=x@b.example",
    '"odd > local"@b.example',
    '"a\\"b"@b.example',
    'jörg@bücher.example',
    'a@[192.0.2.1]',
  ]) {
    it(`lets ${good} pass`, () => assert.equal(pathFault(good), null));
  }
  const bad = [
    '',
    'a@b.example\r\n',
    'a\n@b.example',
    'a\r@b',
    'a b@c',
    'a@b> NOTIFY=NEVER',
    '<a@b>',
    'a\u0000@b',
    'a\u0085@b',
    'a\u2028@b',
    '"a\r\nb"@c',
    '"a@b',
    'a\\@b',
  ];
  for (const address of [...bad, `${'a'.repeat(600)}@b.example`]) {
    it(`stops ${JSON.stringify(address.slice(0, 40))}`, () => assert.notEqual(pathFault(address), null));
  }

  it('lets nothing pass that could end the command or its path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (address) => {
        if (pathFault(address) !== null) return;
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not pass
        assert.doesNotMatch(address, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        if (!address.startsWith('"')) assert.doesNotMatch(address, /[<> "\\]/);
      }),
    );
  });

  it('writes xtext that reads back (RFC 3461 §4)', () => {
    assert.equal(xtext('plain-1.2@x'), 'plain-1.2@x');
    assert.equal(xtext('a+b=c d'), 'a+2Bb+3Dc+20d');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (value) => {
        const coded = xtext(value);
        assert.match(coded, /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/);
        const back = Buffer.from(
          coded.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        );
        assert.deepEqual(back, Buffer.from(value));
      }),
    );
  });

  it('names the original recipient in rfc822 or utf-8 form (RFC 6533 §3)', () => {
    assert.equal(originalRecipient('a+b@c.example'), 'rfc822;a+2Bb@c.example');
    assert.equal(originalRecipient('jörg+x@b.example'), 'utf-8;j\\x{F6}rg\\x{2B}x@b.example');
  });
});
