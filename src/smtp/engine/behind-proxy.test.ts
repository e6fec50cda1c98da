// This file tests doors behind a proxy that speaks the PROXY protocol, over real sockets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { createSecureContext, connect as tlsConnect } from 'node:tls';
import { makeSelfSigned } from '../self-signed.ts';
import { proxyTest } from './behind-proxy.ts';
import { RawClient } from './testing/raw-client.ts';
import { startTestServer, type TestOptions } from './testing/test-server.ts';

const FROM = 'PROXY TCP4 192.0.2.7 198.51.100.1 56324 25\r\n';
const V2 = Buffer.from(
  '0d0a0d0a000d0a515549540a 21 21 0024 20010db8000000000000000000000001 20010db8000000000000000000000002 d903 0019'.replaceAll(' ', ''),
  'hex',
);
const proxied = (options: TestOptions = {}) => startTestServer({ ...options, proxies: proxyTest(['127.0.0.0/8']) });

describe('a door behind a proxy', () => {
  it('sees the client that the header names, in both versions, cut anywhere', async () => {
    await using server = await proxied();
    for (const [header, address, port] of [
      [Buffer.from(FROM), '192.0.2.7', 56_324],
      [V2, '2001:db8::1', 55_555],
    ] as const) {
      for (const cut of [0, 1, 12, header.length - 1, header.length]) {
        await using client = await RawClient.connect(server.port);
        if (cut > 0) client.write(header.subarray(0, cut));
        await new Promise((resolve) => setImmediate(resolve));
        client.write(Buffer.concat([header.subarray(cut), Buffer.from('EHLO c.test\r\n')]));
        assert.match((await client.reply()) ?? '', /^220/);
        assert.match((await client.reply()) ?? '', /^250-?/);
        const session = server.sessions.at(-1);
        assert.deepEqual([session?.remoteAddress, session?.remotePort], [address, port]);
      }
    }
  });

  it('lets the proxy speak for itself, as its checks do', async () => {
    await using server = await proxied();
    await using client = await RawClient.connect(server.port);
    client.write('PROXY UNKNOWN\r\n');
    assert.match((await client.reply()) ?? '', /^220/);
    assert.equal(server.sessions[0]?.remoteAddress, '127.0.0.1');
  });

  it('says nothing to whoever sends no header, or a wrong one, and keeps none of them', async () => {
    await using server = await proxied();
    for (const wrong of ['EHLO c.test\r\n', 'PROXY TCP4 1.2.3.4\r\n', Buffer.concat([V2.subarray(0, 13), Buffer.from('12000c', 'hex')])]) {
      await using client = await RawClient.connect(server.port);
      client.write(wrong);
      assert.deepEqual(await client.rest(), []);
    }
    const gone = connect(server.port, '127.0.0.1');
    await new Promise((resolve) => gone.once('connect', resolve));
    gone.destroy();
    assert.deepEqual([server.sessions, server.connections], [[], 0]);
  });

  it('waits for a header only so long as the door is open', async () => {
    const server = await proxied();
    await using client = await RawClient.connect(server.port);
    client.write('PROXY ');
    await new Promise((resolve) => setImmediate(resolve));
    await server.close(0);
    assert.deepEqual(await client.rest(), []);
  });

  it('counts connections by client, not by proxy', async () => {
    await using server = await proxied({ limits: { connectionsPerAddress: 1 } });
    const open = async (address: string) => {
      const client = await RawClient.connect(server.port);
      client.write(`PROXY TCP4 ${address} 198.51.100.1 1 25\r\n`);
      return { client, said: (await client.reply()) ?? '' };
    };
    const [one, two, again] = [await open('192.0.2.7'), await open('192.0.2.8'), await open('192.0.2.7')];
    assert.match(one.said, /^220/);
    assert.match(two.said, /^220/);
    assert.match(again.said, /^421 4\.7\.0 Too many connections from your address/);
    for (const { client } of [one, two, again]) await client[Symbol.asyncDispose]();
  });

  it('reads no header of anybody else', async () => {
    await using server = await startTestServer({ proxies: proxyTest(['192.0.2.1', '2001:db8::/64']) });
    await using client = await RawClient.connect(server.port);
    assert.match((await client.reply()) ?? '', /^220/);
    client.write(FROM);
    assert.match((await client.reply()) ?? '', /^500/);
    assert.equal(server.sessions[0]?.remoteAddress, '127.0.0.1');
  });

  it('starts TLS behind the header, where it is spoken from the first byte', async () => {
    const pair = makeSelfSigned({ names: ['localhost'], nowMs: Date.now(), days: 1 });
    const context = createSecureContext({ cert: pair.certificate, key: pair.key });
    await using server = await proxied({ tls: { context: () => context, implicit: true } });
    const raw = connect(server.port, '127.0.0.1');
    raw.write(FROM);
    const secure = tlsConnect({ socket: raw, rejectUnauthorized: false });
    const [greeting] = await once(secure, 'data');
    assert.match(String(greeting), /^220/);
    assert.equal(server.sessions[0]?.remoteAddress, '192.0.2.7');
    secure.destroy();
  });

  it('knows its proxies by address and network', () => {
    const test = proxyTest(['192.0.2.1', '10.0.0.0/8', '2001:db8::/64', '2001:db8:1::1']);
    const known = ['192.0.2.1', '10.9.8.7', '2001:db8::9', '2001:db8:1::1', '::ffff:192.0.2.1'];
    assert.deepEqual(
      known.map((address) => test?.(address)),
      known.map(() => true),
    );
    assert.deepEqual(
      ['192.0.2.2', '11.0.0.1', '2001:db8:1::2', ''].map((address) => test?.(address)),
      [false, false, false, false],
    );
    assert.equal(proxyTest([]), null);
  });
});
