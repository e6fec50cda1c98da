import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { Agent, request } from 'undici';
import { askDns, askSystem, permittedAddresses, type ResolveHost, webhookConnector } from './webhook-target.ts';

/** A DNS server on loopback that knows A records of a few names, as in a zone; it answers "no such name" to everything else. */
async function dnsServer(t: { after(fn: () => Promise<void>): void }, zone: Readonly<Record<string, readonly string[]>>) {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, peer) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.subarray(at + 1, at + 1 + length).toString('latin1'));
      at += 1 + length;
    }
    const name = labels.join('.');
    const question = query.subarray(12, at + 5);
    const isA = query.readUInt16BE(at + 1) === 1;
    asked.push(`${name} ${isA ? 'A' : 'AAAA'}`);
    const addresses = isA ? (zone[name] ?? []) : [];
    // RFC 1035 §4.1: header, the question again, then one record per address that points back to the name of the question.
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(zone[name] ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(addresses.length, 6);
    const records = addresses.map((address) => Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]));
    socket.send(Buffer.concat([header, question, ...records]), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  t.after(async () => void socket.close());
  const resolver = new Resolver({ timeout: 5_000, tries: 3 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return { resolver, asked };
}

/** Counts connections and answers each with an empty 200. */
async function listener(t: { after(fn: () => Promise<void>): void }) {
  const seen: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      seen.push(data.toString('latin1').split('\r\n')[0] ?? '');
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => void server.close());
  // A TCP server's address is never a string.
  return { port: (server.address() as AddressInfo).port, seen };
}

function agentFor(t: { after(fn: () => Promise<void>): void }, options: { allowPrivate: boolean; resolve: ResolveHost }): Agent {
  const agent = new Agent({ connect: webhookConnector(options) });
  t.after(() => agent.destroy());
  return agent;
}

const FORBIDDEN = { code: 'WEBHOOK_TARGET_FORBIDDEN' };

test('A name that resolves to a private address is refused, and nobody is connected to', async (t) => {
  const inside = await listener(t);
  const { resolver } = await dnsServer(t, {
    'loop.example.org': ['127.0.0.1'],
    'lan.example.org': ['10.0.0.7', '192.168.1.1'],
    'link.example.org': ['169.254.169.254'],
    'zero.example.org': ['0.0.0.0'],
    'cgn.example.org': ['100.64.0.1'],
  });
  const agent = agentFor(t, { allowPrivate: false, resolve: askDns(resolver) });
  for (const host of ['loop', 'lan', 'link', 'zero', 'cgn']) {
    await assert.rejects(request(`http://${host}.example.org:${inside.port}/`, { dispatcher: agent, method: 'POST' }), FORBIDDEN, host);
  }
  assert.deepEqual(inside.seen, []);
});

test('Private addresses in every spelling are refused without a look-up', async (t) => {
  const inside = await listener(t);
  const agent = agentFor(t, { allowPrivate: false, resolve: async () => assert.fail('nothing is looked up') });
  const hosts = ['127.0.0.1', '2130706433', '0x7f.1', '017700000001', '127.1', '0', '[::1]', '[::ffff:127.0.0.1]', '[::]', '[fe80::1]'];
  for (const host of [
    ...hosts,
    '[fd00::1]',
    '10.1.2.3',
    '192.168.0.1',
    '172.16.0.1',
    '169.254.169.254',
    'localhost',
    'desk',
    'db.internal',
  ]) {
    await assert.rejects(request(`http://${host}:${inside.port}/`, { dispatcher: agent, method: 'POST' }), FORBIDDEN, host);
  }
  assert.deepEqual(inside.seen, []);
});

test('Of public and private addresses of one name, only the public ones are left to connect to', async () => {
  const resolve: ResolveHost = async () => [
    '127.0.0.1',
    '1.0.0.255',
    '::1',
    'fe80::1',
    '2a00:1450:4001::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
  ];
  const both = [
    { address: '1.0.0.255', family: 4 },
    { address: '2a00:1450:4001::1', family: 6 },
  ];
  assert.deepEqual(await permittedAddresses('mixed.example.org', { allowPrivate: false, resolve }), both);
  assert.equal((await permittedAddresses('mixed.example.org', { allowPrivate: true, resolve })).length, 7);
});

test('The addresses that were looked at are the ones that are connected to: a second answer of DNS is never asked for', async (t) => {
  const inside = await listener(t);
  const { resolver, asked } = await dnsServer(t, { 'app.example.org': ['127.0.0.1'] });
  const agent = agentFor(t, { allowPrivate: true, resolve: askDns(resolver) });
  const answer = await request(`http://app.example.org:${inside.port}/hook`, { dispatcher: agent, method: 'POST' });
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(inside.seen, ['POST /hook HTTP/1.1']);
  assert.deepEqual(asked.toSorted(), ['app.example.org A', 'app.example.org AAAA']);
});

test('A name that does not exist fails with what DNS said', async (t) => {
  const { resolver } = await dnsServer(t, {});
  const agent = agentFor(t, { allowPrivate: false, resolve: askDns(resolver) });
  await assert.rejects(request('http://nobody.example.org/', { dispatcher: agent, method: 'POST' }), { code: 'ENOTFOUND' });
});

test('Where private addresses are allowed, the names of this machine work', async (t) => {
  const inside = await listener(t);
  const agent = agentFor(t, { allowPrivate: true, resolve: askSystem });
  const answer = await request(`http://localhost:${inside.port}/`, { dispatcher: agent, method: 'POST' });
  assert.equal(answer.statusCode, 200);
});
