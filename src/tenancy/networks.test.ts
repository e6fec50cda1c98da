import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inNetwork, parsePrivateNetwork, readNetwork, readPeer, sourceOf } from './networks.ts';

test('Only private networks may hand in mail without a log-in', () => {
  const rows: [text: string, expected: string | null][] = [
    ['127.0.0.1/32', '127.0.0.1/32'],
    ['127.0.0.1', '127.0.0.1/32'],
    ['10.1.2.3/16', '10.1.0.0/16'],
    ['172.16.0.0/12', '172.16.0.0/12'],
    ['192.168.7.0/24', '192.168.7.0/24'],
    ['::1', '::1/128'],
    ['fd00:1::5/64', 'fd00:1::/64'],
    ['172.32.0.0/12', null],
    ['10.0.0.0/7', null],
    ['0.0.0.0/0', null],
    ['::/0', null],
    ['203.0.113.9', null],
    ['::ffff:10.0.0.1/128', null],
    ['fe80::1', null],
    ['10.0.0.0/33', null],
    ['club.example', null],
    ['', null],
  ];
  for (const [text, expected] of rows) {
    if (expected === null) assert.throws(() => parsePrivateNetwork(text, 'cidr[0]'), { code: 'REQUEST_INVALID', field: 'cidr[0]' }, text);
    else assert.equal(parsePrivateNetwork(text, 'cidr[0]'), expected);
  }
});

test('A peer is in its network in either way of writing it', () => {
  const network = readNetwork('10.1.0.0/16');
  assert.ok(network);
  const inside = (text: string) => {
    const peer = readPeer(text);
    return peer !== null && inNetwork(peer, network);
  };
  assert.deepEqual(['10.1.255.1', '::ffff:10.1.0.9', '10.2.0.1', '::1', 'x'].map(inside), [true, true, false, false, false]);
});

test('Tries are counted by what one party has to itself', () => {
  const rows: [string, string][] = [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:DB8:1:2::7', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
    ['unknown', 'unknown'],
  ];
  for (const [address, source] of rows) assert.equal(sourceOf(address), source, address);
});
