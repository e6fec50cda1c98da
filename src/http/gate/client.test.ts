import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { makeClientReader } from './client.ts';

type Headers = Readonly<Record<string, string>>;
const PROXIES = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/64'];
const xff = (list: string, proto?: string): Headers => ({
  'x-forwarded-for': list,
  ...(proto === undefined ? {} : { 'x-forwarded-proto': proto }),
});

/** [because, peer, headers, what is known of the client]; all over plain HTTP. */
const X_FORWARDED: readonly [string, string, Headers, string][] = [
  ['nobody is behind it', '203.0.113.9', {}, '203.0.113.9 plain network'],
  ['a stranger may write what they like', '203.0.113.9', xff('192.0.2.1', 'https'), '203.0.113.9 plain network'],
  ['this machine', '::1', {}, '::1 plain loopback'],
  ['this machine, as dual-stack sockets show it', '::ffff:127.0.0.2', {}, '127.0.0.2 plain loopback'],
  ['a proxy that says nothing', '127.0.0.1', {}, '127.0.0.1 plain proxy'],
  ['one proxy', '10.1.2.3', xff('192.0.2.1', 'https'), '192.0.2.1 secure proxy'],
  ['one proxy of another alphabet', '2001:db8::7', xff('2001:db8:1::1', 'HTTPS'), '2001:db8:1::1 secure proxy'],
  ['a proxy whose client came in the clear', '10.1.2.3', xff('192.0.2.1', 'http'), '192.0.2.1 plain proxy'],
  [
    'what the client wrote stands before what the proxy wrote',
    '10.1.2.3',
    xff('198.51.100.7, 192.0.2.1', 'https'),
    '192.0.2.1 secure proxy',
  ],
  ['two proxies, the inner one without TLS', '127.0.0.1', xff('192.0.2.1, 10.1.2.3', 'https, http'), '192.0.2.1 secure proxy'],
  ['two proxies, one word', '127.0.0.1', xff('192.0.2.1, 10.1.2.3', 'https'), '192.0.2.1 secure proxy'],
  ['a word that the client slipped in', '10.1.2.3', xff('1.1.1.1, 192.0.2.1', 'https, http'), '192.0.2.1 plain proxy'],
  ['only proxies', '127.0.0.1', xff('10.0.0.1, 10.0.0.2'), '10.0.0.1 plain proxy'],
  ['ports and brackets', '10.1.2.3', xff('192.0.2.1:4711'), '192.0.2.1 plain proxy'],
  ['no address at all', '10.1.2.3', xff('unknown', 'https'), '10.1.2.3 secure proxy'],
  ['the other header means nothing', '10.1.2.3', { forwarded: 'for=192.0.2.1;proto=https' }, '10.1.2.3 plain proxy'],
];
const FORWARDED: readonly [string, string, Headers, string][] = [
  ['one proxy', '10.1.2.3', { forwarded: 'for=192.0.2.1;proto=https;by=10.1.2.3' }, '192.0.2.1 secure proxy'],
  [
    'quoted, with a port and a comma inside',
    '10.1.2.3',
    { forwarded: 'host="a,b"; For="[2001:db8:1::1]:4711";Proto=HTTPS' },
    '2001:db8:1::1 secure proxy',
  ],
  ['two proxies', '127.0.0.1', { forwarded: 'for=192.0.2.1;proto=https, for=10.1.2.3;proto=http' }, '192.0.2.1 secure proxy'],
  ['a name that hides it', '10.1.2.3', { forwarded: 'for=_hidden;proto=https' }, '10.1.2.3 secure proxy'],
  ['what is not as the standard says', '10.1.2.3', { forwarded: 'for=192.0.2.1;proto="https' }, '10.1.2.3 plain proxy'],
  ['a stranger', '203.0.113.9', { forwarded: 'for=192.0.2.1;proto=https' }, '203.0.113.9 plain network'],
  ['the other header means nothing', '10.1.2.3', xff('192.0.2.1', 'https'), '10.1.2.3 plain proxy'],
];

for (const [header, rows] of [
  ['x-forwarded', X_FORWARDED],
  ['forwarded', FORWARDED],
] as const) {
  const read = makeClientReader(PROXIES, header);
  for (const [because, peer, headers, expected] of rows) {
    test(`${header}: ${because}`, () => {
      const { address, secure, by } = read({ peer, encrypted: false, headers });
      assert.equal(`${address} ${secure ? 'secure' : 'plain'} ${by}`, expected);
    });
  }
}

test('whatever stands in the headers: nothing is thrown, and from a stranger nothing is believed', () => {
  const odd = fc.oneof(fc.string(), fc.stringMatching(/^[forpt=;,"\\ 0-9.:[\]]{0,60}$/));
  fc.assert(
    fc.property(odd, odd, odd, fc.boolean(), (forwarded, list, proto, encrypted) => {
      const headers = { forwarded, 'x-forwarded-for': list, 'x-forwarded-proto': proto };
      for (const header of ['x-forwarded', 'forwarded'] as const) {
        makeClientReader(PROXIES, header)({ peer: '10.1.2.3', encrypted, headers });
        assert.deepEqual(makeClientReader(PROXIES, header)({ peer: '203.0.113.9', encrypted, headers }), {
          address: '203.0.113.9',
          secure: encrypted,
          by: 'network',
        });
        assert.equal(makeClientReader([], header)({ peer: '10.1.2.3', encrypted, headers }).address, '10.1.2.3');
      }
    }),
  );
});

test('TLS to us counts where no proxy stands between', () => {
  assert.equal(makeClientReader([], 'forwarded')({ peer: '203.0.113.9', encrypted: true, headers: {} }).secure, true);
});
