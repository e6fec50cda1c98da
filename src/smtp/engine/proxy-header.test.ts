// This file tests the reading of PROXY headers: what HAProxy writes, what nobody may write, and what stops in the middle.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { HEADER_BYTES_MAX, readProxyHeader } from './proxy-header.ts';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const v2 = (rest: string) => Buffer.from(SIGNATURE + rest.replaceAll(' ', ''), 'hex');
const IPV6 = '20010db8000000000000000000000001 20010db8000000000000000000000002 d903 0019';

const CLIENTS: readonly (readonly [because: string, bytes: Buffer, address: string | null, port: number])[] = [
  ['IPv4 in a line', Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 56324 25\r\n'), '192.0.2.7', 56_324],
  ['IPv6 in a line', Buffer.from('PROXY TCP6 2001:db8::1 2001:db8::2 56324 25\r\n'), '2001:db8::1', 56_324],
  ['IPv4 written as IPv6', Buffer.from('PROXY TCP6 ::ffff:192.0.2.7 ::ffff:198.51.100.1 1 25\r\n'), '192.0.2.7', 1],
  ['a check of the proxy itself', Buffer.from('PROXY UNKNOWN\r\n'), null, 0],
  ['what follows UNKNOWN is not looked at', Buffer.from('PROXY UNKNOWN ffff:: ffff:: 65535 65535\r\n'), null, 0],
  ['IPv4 in bytes', v2('21 11 000c c0000207 c6336401 dc04 0019'), '192.0.2.7', 56_324],
  ['IPv6 in bytes', v2(`21 21 0024 ${IPV6}`), '2001:db8::1', 55_555],
  ['IPv4 in IPv6 in bytes', v2('21 21 0024 00000000000000000000ffffc0000207 00000000000000000000ffffc6336401 0001 0019'), '192.0.2.7', 1],
  ['with more behind the addresses (TLV)', v2('21 11 0013 c0000207 c6336401 dc04 0019 03 0004 deadbeef'), '192.0.2.7', 56_324],
  ['LOCAL', v2('20 00 0000'), null, 0],
  ['LOCAL with addresses', v2('20 11 000c c0000207 c6336401 dc04 0019'), null, 0],
];

const WRONG: readonly (readonly [because: string, bytes: Buffer])[] = [
  ['no header at all', Buffer.from('EHLO mail.example\r\n')],
  ['TLS', Buffer.from('160301', 'hex')],
  ['a line without its end', Buffer.from(`PROXY TCP4 ${' '.repeat(100)}`)],
  ['a line end alone', Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 1 25\n'.padEnd(107, ' '))],
  ['an address of the other family', Buffer.from('PROXY TCP4 2001:db8::1 2001:db8::2 1 25\r\n')],
  ['no address', Buffer.from('PROXY TCP4 192.0.2.300 198.51.100.1 1 25\r\n')],
  ['two blanks', Buffer.from('PROXY TCP4  192.0.2.7 198.51.100.1 1 25\r\n')],
  ['no such port', Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 65536 25\r\n')],
  ['a port with a nought before it', Buffer.from('PROXY TCP4 192.0.2.7 198.51.100.1 01 25\r\n')],
  ['small letters', Buffer.from('proxy TCP4 192.0.2.7 198.51.100.1 1 25\r\n')],
  ['version 3', v2('31 11 000c c0000207 c6336401 dc04 0019')],
  ['an unknown command', v2('22 11 000c c0000207 c6336401 dc04 0019')],
  ['UDP', v2('21 12 000c c0000207 c6336401 dc04 0019')],
  ['a socket of the machine', v2(`21 31 00d8 ${'00'.repeat(216)}`)],
  ['no family', v2('21 00 0000')],
  ['addresses that are too short', v2('21 11 0008 c0000207 c6336401')],
  ['a payload that nobody needs', v2('21 11 ffff c0000207')],
];

describe('a PROXY header', () => {
  for (const [because, bytes, address, port] of CLIENTS) {
    it(`names the client: ${because}`, () => {
      assert.deepEqual(readProxyHeader(bytes), { kind: 'client', address, port, length: bytes.length });
      const followed = Buffer.concat([bytes, Buffer.from('EHLO x\r\n')]);
      assert.deepEqual(readProxyHeader(followed), { kind: 'client', address, port, length: bytes.length }, 'what follows is no part of it');
      for (let cut = 0; cut < bytes.length; cut += 1)
        assert.deepEqual(readProxyHeader(bytes.subarray(0, cut)), { kind: 'more' }, `at ${cut}`);
    });
  }
  for (const [because, bytes] of WRONG) {
    it(`is refused: ${because}`, () => {
      assert.equal(readProxyHeader(bytes).kind, 'wrong');
    });
  }
  it('is decided within its largest size, whatever comes', () => {
    const begins = fc.constantFrom('', 'PROXY ', 'PROXY TCP4 ', Buffer.from(SIGNATURE, 'hex').toString('latin1'));
    fc.assert(
      fc.property(begins, fc.uint8Array({ maxLength: 300 }), (begin, rest) => {
        const bytes = Buffer.concat([Buffer.from(begin, 'latin1'), Buffer.from(rest), Buffer.alloc(HEADER_BYTES_MAX)]);
        assert.notEqual(readProxyHeader(bytes).kind, 'more');
      }),
    );
  });
});
