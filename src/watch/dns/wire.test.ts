// This file holds the reader of DNS answers against messages built by hand, and checks that no bytes of a stranger can break it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { readDnsServer } from './resolver.ts';
import { reverseName } from './reverse-name.ts';
import { decodeMessage, encodeQuestion, isAskable } from './wire.ts';

/** An answer to `club.example TXT` with the given records, each name pointing to the question. */
function answer(records: readonly { type: number; data: Buffer }[], flags = 0x8400): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(7, 0);
  header.writeUInt16BE(flags, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  const question = Buffer.from('\x04club\x07example\x00\x00\x10\x00\x01', 'latin1');
  const parts = records.map(({ type, data }) => {
    const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 1, 44, 0, 0]);
    head.writeUInt16BE(data.length, 10);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([header, question, ...parts]);
}

test('every kind of record is read', () => {
  const message = decodeMessage(
    answer([
      { type: 16, data: Buffer.from('\x05hello\x06 world', 'latin1') },
      { type: 1, data: Buffer.from([192, 0, 2, 1]) },
      { type: 28, data: Buffer.from('20010db8000000000000000000000001', 'hex') },
      { type: 15, data: Buffer.from('\x00\x0a\x02mx\xc0\x0c', 'latin1') },
      { type: 15, data: Buffer.from('\x00\x00\x00', 'latin1') },
      { type: 5, data: Buffer.from('\x03WWW\xc0\x0c', 'latin1') },
      { type: 99, data: Buffer.from('unknown') },
    ]),
  );
  assert.deepEqual(
    message?.answers.map(({ type, value, preference, ttlS }) => [type, value, preference, ttlS]),
    [
      ['TXT', 'hello world', 0, 300],
      ['A', '192.0.2.1', 0, 300],
      ['AAAA', '2001:db8:0:0:0:0:0:1', 0, 300],
      ['MX', 'mx.club.example', 10, 300],
      ['MX', '', 0, 300],
      ['CNAME', 'www.club.example', 0, 300],
    ],
  );
  assert.deepEqual(
    [message?.id, message?.response, message?.authoritative, message?.question],
    [7, true, true, { name: 'club.example', type: 16 }],
  );
});

test('damaged answers are none', () => {
  const damaged: readonly [says: string, bytes: Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['a header alone that promises answers', answer([]).subarray(0, 12)],
    ['a string longer than its record', answer([{ type: 16, data: Buffer.from('\x09hello', 'latin1') }])],
    ['an address of three bytes', answer([{ type: 1, data: Buffer.from([1, 2, 3]) }])],
    ['a pointer to itself', answer([{ type: 5, data: Buffer.from([0xc0, 42]) }])],
    ['a pointer forward', answer([{ type: 5, data: Buffer.from([0xc0, 200]) }])],
    ['a label of a kind nobody uses', answer([{ type: 5, data: Buffer.from([0x80, 1]) }])],
    ['a record that ends behind the message', answer([{ type: 16, data: Buffer.from('\x05hello', 'latin1') }]).subarray(0, -2)],
  ];
  for (const [says, bytes] of damaged) assert.equal(decodeMessage(bytes), null, says);
});

test('bytes that are no letters stay visible in names', () => {
  const message = decodeMessage(answer([{ type: 5, data: Buffer.from('\x05a.b\\\x00\x00', 'latin1') }]));
  assert.equal(message?.answers[0]?.value, 'a\\.b\\\\\\000');
});

test('no bytes break the reader', () => {
  const whole = answer([
    { type: 16, data: Buffer.from('\x05hello', 'latin1') },
    { type: 15, data: Buffer.from('\x00\x0a\x02mx\xc0\x0c', 'latin1') },
  ]);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }), fc.nat(whole.length), (changes, length) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      decodeMessage(bytes.subarray(0, length));
    }),
    { numRuns: 2_000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeMessage(Buffer.from(bytes))));
});

test('a question reads back', () => {
  fc.assert(
    fc.property(fc.domain(), fc.boolean(), (name, recursion) => {
      if (!isAskable(name)) return;
      const bytes = encodeQuestion(4711, name, 'MX', recursion);
      const message = decodeMessage(bytes);
      assert.deepEqual([message?.id, message?.question, message?.response], [4711, { name: name.toLowerCase(), type: 15 }, false]);
    }),
  );
});

test('names that cannot be asked for', () => {
  for (const name of ['a..b', '.a', `${'x'.repeat(64)}.example`, `${'abc.'.repeat(64)}example`, 'a b.example', 'ä.example'])
    assert.equal(isAskable(name), false, name);
  for (const name of ['', 'a', '_dmarc.club.example', 'a!b.example']) assert.equal(isAskable(name), true, name);
});

test('addresses of servers and names of addresses', () => {
  assert.deepEqual(readDnsServer('127.0.0.1:5353'), { address: '127.0.0.1', port: 5353 });
  assert.deepEqual(readDnsServer('192.0.2.53'), { address: '192.0.2.53', port: 53 });
  assert.deepEqual(readDnsServer('[2001:db8::53]:5353'), { address: '2001:db8::53', port: 5353 });
  assert.deepEqual(readDnsServer('2001:db8::53'), { address: '2001:db8::53', port: 53 });
  for (const text of ['', 'dns.example', '1.2.3', '127.0.0.1:0', '127.0.0.1:99999', '[::1', '::1:x'])
    assert.equal(readDnsServer(text), null, text);
  assert.equal(reverseName('192.0.2.1'), '1.2.0.192.in-addr.arpa');
  assert.equal(reverseName('2001:db8::1'), `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`);
  assert.equal(reverseName('::ffff:192.0.2.1'), '1.2.0.192.in-addr.arpa');
  for (const text of ['', '1', '0x7f.1', 'example.org']) assert.equal(reverseName(text), null, text);
});
