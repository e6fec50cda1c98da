import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../../../test/support/property.ts';
import { type PathProblem, parsePath } from './path.ts';

const ok = (address: string, rest = '', ascii = true) => ({ ok: true, address, ascii, rest }) as const;
const no = (problem: PathProblem) => ({ ok: false, problem }) as const;

const TABLE: readonly [text: string, expected: ReturnType<typeof ok> | ReturnType<typeof no>, because: string][] = [
  ['<a@b.example>', ok('a@b.example'), 'the plain form'],
  [' <a@b.example>', ok('a@b.example'), 'a space before the bracket is forgiven'],
  ['<a@b.example> SIZE=5 BODY=8BITMIME', ok('a@b.example', 'SIZE=5 BODY=8BITMIME'), 'parameters follow a space'],
  ['<>', ok(''), 'the null sender'],
  ['<> SIZE=1', ok('', 'SIZE=1'), 'the null sender with a parameter'],
  ['<Postmaster>', ok('Postmaster'), 'the one mailbox without a domain, in any case'],
  ['<@one.example,@two.example:a@b.example>', ok('a@b.example'), 'a source route is ignored'],
  ['<"a b"@c.example>', ok('"a b"@c.example'), 'a quoted local part'],
  ['<"a>b"@c.example> X=1', ok('"a>b"@c.example', 'X=1'), 'a bracket inside quotes does not end the path'],
  ['<"a\\"b>c"@d.example>', ok('"a\\"b>c"@d.example'), 'nor behind an escaped quote'],
  ['<"a@b"@c.example>', ok('"a@b"@c.example'), 'the last @ counts'],
  ["<o'brien+tag=x/y@b.example>", ok("o'brien+tag=x/y@b.example"), 'every character of RFC 5322 atext'],
  ['<a@b_c.example>', ok('a@b_c.example'), 'an underscore in a domain exists in the wild'],
  ['<a@localhost>', ok('a@localhost'), 'a domain of one label has the right form'],
  ['<jörg@münchen.example>', ok('jörg@münchen.example', '', false), 'UTF-8 on both sides'],
  ['<"jö rg"@b.example>', ok('"jö rg"@b.example', '', false), 'UTF-8 in quotes'],
  [`<${'a'.repeat(64)}@b.example>`, ok(`${'a'.repeat(64)}@b.example`), '64 bytes before the @ are allowed'],
  ['a@b.example', no('brackets'), 'no brackets'],
  ['<a@b.example', no('brackets'), 'no closing bracket'],
  ['<"a@b.example>', no('brackets'), 'quotes that never close hide the bracket'],
  ['', no('brackets'), 'nothing'],
  ['<a@b.example>SIZE=5', no('syntax'), 'a parameter without its space'],
  ['<a b@c.example>', no('syntax'), 'a space outside quotes'],
  ['<a@b@c.example>', no('syntax'), 'two @ outside quotes'],
  ['<.a@b.example>', no('syntax'), 'a dot at the start'],
  ['<a..b@c.example>', no('syntax'), 'two dots'],
  ['<a@.example>', no('syntax'), 'an empty label'],
  ['<a@b.example.>', no('syntax'), 'a dot at the end of the domain'],
  ['<a@-b.example>', no('syntax'), 'a hyphen at the edge of a label'],
  ['<a>', no('syntax'), 'no domain'],
  ['<@b.example>', no('syntax'), 'no local part'],
  ['<@one.example:>', no('syntax'), 'a route in front of nothing'],
  ['<@one.example>', no('syntax'), 'only a route'],
  ['<a@[192.0.2.1]>', no('literal'), 'an address literal'],
  ['<a@[IPv6:2001:db8::1]>', no('literal'), 'an IPv6 literal'],
  [`<${'a'.repeat(65)}@b.example>`, no('too-long'), '65 bytes before the @'],
  [`<${'ö'.repeat(33)}@b.example>`, no('too-long'), '66 bytes of UTF-8 before the @'],
  [`<a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(72)}>`, no('too-long'), 'more than 254 bytes together'],
  [`<a@${'b'.repeat(64)}.example>`, no('syntax'), 'a label of 64 bytes'],
];

describe('a path', () => {
  for (const [text, expected, because] of TABLE) {
    it(`${because}: ${text.slice(0, 60)}`, () => assert.deepEqual(parsePath(text), expected));
  }

  it('never throws, and what it accepts it accepts again', () => {
    const character = fc.constantFrom(...'<>@.:,"\\[] aZ0-_ö'.split(''));
    fc.assert(
      fc.property(fc.array(character, { maxLength: 40 }), (characters) => {
        const parsed = parsePath(`<${characters.join('')}>`);
        if (parsed.ok && parsed.rest === '') assert.deepEqual(parsePath(`<${parsed.address}>`), parsed);
      }),
    );
  });

  it('reads long nonsense in no time', () => {
    for (const text of [
      `<${'a.'.repeat(5_000)}`,
      `<${'"'.repeat(10_000)}>`,
      `<@${'a,@'.repeat(4_000)}:b@c>`,
      `<a@${'a-'.repeat(5_000)}>`,
    ]) {
      parsePath(text);
    }
  });
});
