// This file checks how addresses and address headers are read (src/mail/address.ts, src/mail/address-list.ts, src/mail/free-mailbox.ts).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { addressKey, normaliseDomain, parseAddress } from './address.ts';
import { parseAddressList, parseMailbox } from './address-list.ts';
import { isFreeMailboxDomain } from './free-mailbox.ts';

const GOOD: readonly (readonly [text: string, address: string, utf8: boolean])[] = [
  ['member@verein.example', 'member@verein.example', false],
  [' Member@Verein.EXAMPLE ', 'Member@verein.example', false],
  ['first.last+tag=x@a.b.example', 'first.last+tag=x@a.b.example', false],
  ["o'neill/x@verein.example", "o'neill/x@verein.example", false],
  ['"first last"@verein.example', '"first last"@verein.example', false],
  ['"plain"@verein.example', 'plain@verein.example', false],
  ['"with \\" quote"@verein.example', '"with \\" quote"@verein.example', false],
  ['"a@b"@verein.example', '"a@b"@verein.example', false],
  ['kasse@müller.example', 'kasse@xn--mller-kva.example', false],
  ['kasse@MÜLLER.example', 'kasse@xn--mller-kva.example', false],
  ['jörg@verein.example', 'jörg@verein.example', true],
  ['jo\u0308rg@verein.example', 'jörg@verein.example', true],
  ['用户@例子.测试', '用户@xn--fsqu00a.xn--0zwm56d', true],
  ['a@under_score.example', 'a@under_score.example', false],
  ['a@verein.example.', 'a@verein.example', false],
  [`${'a'.repeat(64)}@verein.example`, `${'a'.repeat(64)}@verein.example`, false],
];

test('good addresses come out in one normal form', () => {
  for (const [text, address, utf8] of GOOD) {
    const parsed = parseAddress(text);
    assert.ok(parsed.ok, text);
    assert.equal(parsed.value.address, address);
    assert.equal(parsed.value.needsSmtpUtf8, utf8);
    assert.equal(parsed.value.address, `${parsed.value.localPart}@${parsed.value.domain}`);
  }
});

const BAD = [
  '',
  'member',
  '@verein.example',
  'member@',
  'member@localhost',
  'member@[192.0.2.1]',
  'member@192.0.2.1',
  'member@１９２.0.2.1',
  'member@-verein.example',
  'member@verein-.example',
  'member@verein..example',
  'member@ver%65in.example',
  'member@verein.example/path',
  'mem ber@verein.example',
  '.member@verein.example',
  'member.@verein.example',
  'mem..ber@verein.example',
  'mem<ber@verein.example',
  'a@b@verein.example',
  '"unclosed@verein.example',
  '""@verein.example',
  '"line\nbreak"@verein.example',
  'member\r\nRCPT TO:<x@evil.example>@verein.example',
  'mem\u202eber@verein.example',
  'mem\u00a0ber@verein.example',
  '\ud800@verein.example',
  `${'a'.repeat(65)}@verein.example`,
  `${'ö'.repeat(33)}@verein.example`,
  `a@${'b'.repeat(64)}.example`,
  `a@${'b.'.repeat(130)}example`,
];

test('bad addresses are refused with a reason and never with an exception', () => {
  for (const text of BAD) {
    const parsed = parseAddress(text);
    assert.ok(!parsed.ok, text);
    assert.equal(parsed.error.code, 'MAIL_ADDRESS_INVALID');
    assert.doesNotMatch(parsed.error.message, /[\r\n]/);
  }
});

test('reading an address twice changes nothing more, and nothing throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.emailAddress(),
        fc.string({ unit: 'binary' }).map((text) => `${text}@verein.example`),
      ),
      (text) => {
        const once = parseAddress(text);
        if (!once.ok) return;
        const twice = parseAddress(once.value.address);
        assert.ok(twice.ok);
        assert.equal(twice.value.address, once.value.address);
        assert.doesNotMatch(once.value.address, /[\r\n\0<>]/);
        assert.equal(addressKey(once.value.address), addressKey(once.value.address).toLowerCase());
      },
    ),
    { numRuns: 2000 },
  );
});

const LISTS: readonly (readonly [value: string, boxes: readonly (readonly [name: string | null, address: string])[]])[] = [
  ['a@x.example', [[null, 'a@x.example']]],
  [
    'Anna <a@x.example>, "Berg, Bo" <b@x.example>',
    [
      ['Anna', 'a@x.example'],
      ['Berg, Bo', 'b@x.example'],
    ],
  ],
  ['=?utf-8?q?J=C3=B6rg?= <j@x.example>', [['Jörg', 'j@x.example']]],
  ['Jörg <j@x.example>', [['Jörg', 'j@x.example']]],
  ['a@x.example (Anna (the treasurer))', [['Anna (the treasurer)', 'a@x.example']]],
  [
    'Board: a@x.example, "B" <b@x.example>;, c@x.example',
    [
      [null, 'a@x.example'],
      ['B', 'b@x.example'],
      [null, 'c@x.example'],
    ],
  ],
  ['undisclosed-recipients:;', []],
  ['', []],
  [', ,a@x.example,,', [[null, 'a@x.example']]],
  ['<@relay.example,@other.example:a@x.example>', [[null, 'a@x.example']]],
  ['"A \\"B\\" C" <a@x.example>', [['A "B" C', 'a@x.example']]],
  ['a . b @ x.example', [[null, 'a.b@x.example']]],
  ['"odd one"@x.example', [[null, '"odd one"@x.example']]],
  ['Anna\r\n <a@x.example>', [['Anna', 'a@x.example']]],
];

test('address headers give their mailboxes, groups and comments opened', () => {
  for (const [value, boxes] of LISTS) {
    const parsed = parseAddressList(value);
    assert.ok(parsed.ok, value);
    assert.deepEqual(
      parsed.value.map((box) => [box.name, box.address]),
      boxes,
      value,
    );
  }
});

test('a list with one bad entry is an error that names it', () => {
  for (const value of [
    'a@x.example, nobody',
    '"open <a@x.example>',
    'a@x.example (open',
    '<a@x.example> <b@x.example>',
    '<>',
    'a@x.example b@x.example',
  ]) {
    assert.ok(!parseAddressList(value).ok, value);
  }
});

test('exactly one mailbox is asked for where one is meant', () => {
  assert.ok(parseMailbox('Anna <a@x.example>').ok);
  assert.ok(!parseMailbox('a@x.example, b@x.example').ok);
  assert.ok(!parseMailbox('  ').ok);
});

test('any text as an address header gives an answer, hostile nesting quickly', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '"', '\\', '(', ')', ',', ';', ':', '@', 'a', '.', ' ', '\r\n ') }),
      (value) => void parseAddressList(value),
    ),
  );
  for (const hostile of ['('.repeat(100_000), '<'.repeat(100_000), '"\\'.repeat(100_000), 'a,'.repeat(100_000), '=?a?q?'.repeat(20_000)])
    parseAddressList(hostile);
});

test('a name and an address written out read back the same', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~]{0,30}$/), fc.emailAddress(), (name, address) => {
      const parsed = parseMailbox(`"${name.replace(/["\\]/g, '\\$&')}" <${address}>`);
      if (!parseAddress(address).ok || name.includes('=?')) return;
      assert.ok(parsed.ok);
      assert.equal(parsed.value.name, name.replace(/\s+/g, ' ').trim() || null);
    }),
  );
});

test('domains are compared in lower case and A-labels', () => {
  assert.equal(normaliseDomain('MÜLLER.Example'), 'xn--mller-kva.example');
  assert.equal(normaliseDomain('xn--mller-kva.example'), 'xn--mller-kva.example');
  assert.equal(normaliseDomain('nodot'), null);
});

test('free mailbox domains are known in every country form', () => {
  for (const domain of [
    'gmail.com',
    'GMAIL.com',
    'yahoo.de',
    'yahoo.co.uk',
    'gmx.de',
    'web.de',
    'hotmail.fr',
    'live.nl',
    'outlook.com',
    'aol.com',
    'icloud.com',
    't-online.de',
    'proton.me',
    'mail.ru',
    'yandex.ru',
    'orange.fr',
    'free.fr',
    'libero.it',
    'mail.de',
    'interia.eu',
    'tampabay.rr.com',
    'bigpond.net.au',
    'telepac.pt',
    'posteo.ch',
  ]) {
    assert.ok(isFreeMailboxDomain(domain), domain);
  }
  for (const domain of ['verein.example', 'mygmail.com', 'gmail.com.evil.example', 'live.verein.example', 'example.org'])
    assert.ok(!isFreeMailboxDomain(domain), domain);
});
