// This file asks the DNS door as the world does: by UDP and TCP, with Node's own resolver and with bytes of every kind, and looks that it answers
// small, with authority for its zone only, and no more to one source than its share.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import dnsPacket, { type Packet } from 'dns-packet';
import { fc } from '../../test/support/property.ts';
import { systemClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import type { ZoneDomain } from '../tenancy/dkim-records.ts';
import { answerDns, type DkimZone, truncatedAnswer } from './answer.ts';
import { openDnsDoor } from './door.ts';
import { makeShares, networkOf, type ShareLimits } from './share.ts';
import { makeZoneCache } from './zone-cache.ts';

const NAME = 'dkim.desk.example';
const KEY = 'A'.repeat(392);
const DOMAIN: ZoneDomain = {
  tenantNumber: 7,
  domainNumber: 12,
  keys: [{ selector: 'pb12r1', algorithm: 'rsa-sha256', state: 'active', target: `pb12r1.7.${NAME}`, public_key: KEY }],
};
const zone = (more: Partial<DkimZone> = {}): DkimZone => ({
  name: NAME,
  nameServers: ['ns1.desk.example', 'ns2.desk.example'],
  find: async ({ tenantNumber, domainNumber }) => (tenantNumber === 7 && domainNumber === 12 ? DOMAIN : null),
  serial: () => 42,
  ...more,
});

type Teardown = { after(work: () => Promise<void>): void };
async function open(t: Teardown, shares: Partial<ShareLimits> = {}, more: Partial<DkimZone> = {}) {
  const door = await openDnsDoor({ zone: zone(more), host: '127.0.0.1', port: 0, clock: systemClock, log: silentLog, shares });
  t.after(() => door.close());
  const resolver = new Resolver({ timeout: 5_000, tries: 3 });
  resolver.setServers([`127.0.0.1:${door.port}`]);
  return { ...door, resolver };
}

function query(name: string, type: string, more: Partial<Packet> = {}, edns: number | null = 1232): Buffer {
  // Kinds of records are strings here, among them ones that no table knows.
  const questions = [{ name, type: type as 'TXT', class: 'IN' as const }];
  const opt = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: edns ?? 0,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  } as const;
  return dnsPacket.encode({
    type: 'query',
    id: 7,
    flags: dnsPacket.RECURSION_DESIRED,
    questions,
    ...more,
    additionals: edns === null ? [] : [{ ...opt, options: [] }],
  });
}

/** What an answer says: rcode, whether with authority, how many records where. */
async function said(message: Buffer, transport: 'udp' | 'tcp' = 'udp', of: DkimZone = zone()) {
  const bytes = await answerDns(message, transport, of);
  assert.ok(bytes);
  const reply = dnsPacket.decode(bytes);
  assert.equal(reply.id, message.readUInt16BE(0));
  assert.equal(reply.flag_ra, false, 'no recursion is offered');
  return {
    rcode: (reply.flags ?? 0) & 0x0f,
    aa: reply.flag_aa,
    tc: reply.flag_tc,
    answers: reply.answers ?? [],
    authorities: (reply.authorities ?? []).map((record) => record.type),
    bytes: bytes.length,
  };
}

test('a resolver finds keys, the empty place beside them, and what the zone says of itself', async (t) => {
  const { resolver } = await open(t);
  assert.deepEqual(
    (await resolver.resolveTxt(`pb12r1.7.${NAME}`)).map((strings) => strings.join('')),
    [`v=DKIM1; k=rsa; p=${KEY}`],
  );
  assert.deepEqual(
    (await resolver.resolveTxt(`PB12r2.7.Dkim.Desk.Example`)).map((strings) => strings.join('')),
    ['v=DKIM1; p='],
  );
  assert.deepEqual((await resolver.resolveNs(NAME)).toSorted(), ['ns1.desk.example', 'ns2.desk.example']);
  const soa = await resolver.resolveSoa(NAME);
  assert.deepEqual([soa.nsname, soa.hostmaster, soa.serial, soa.minttl], ['ns1.desk.example', `hostmaster.${NAME}`, 42, 300]);
  for (const name of [`pb13r1.7.${NAME}`, `pb12r1.8.${NAME}`, `pb12r3.7.${NAME}`, `www.${NAME}`, `a.pb12r1.7.${NAME}`]) {
    await assert.rejects(resolver.resolveTxt(name), { code: 'ENOTFOUND' }, name);
  }
  await assert.rejects(resolver.resolve4(`pb12r1.7.${NAME}`), { code: 'ENODATA' });
  await assert.rejects(resolver.resolveTxt(`7.${NAME}`), { code: 'ENODATA' }, 'the label between exists (RFC 8020)');
  await assert.rejects(resolver.resolveTxt('example.org'), { code: 'EREFUSED' });
});

test('every kind of question has its answer', async () => {
  const rows: [name: string, type: string, rcode: number, aa: boolean, answers: string[], authorities: string[]][] = [
    [`pb12r1.7.${NAME}`, 'TXT', 0, true, ['TXT'], []],
    [`pb12r1.7.${NAME}`, 'ANY', 0, true, ['HINFO'], []],
    [`pb12r1.7.${NAME}`, 'MX', 0, true, [], ['SOA']],
    [NAME, 'SOA', 0, true, ['SOA'], []],
    [NAME, 'NS', 0, true, ['NS', 'NS'], []],
    [NAME, 'A', 0, true, [], ['SOA']],
    [NAME, 'AXFR', 5, false, [], []],
    [`no.${NAME}`, 'TXT', 3, true, [], ['SOA']],
    [`evil${NAME}`, 'TXT', 5, false, [], []],
    ['example.org', 'TXT', 5, false, [], []],
    ['.', 'NS', 5, false, [], []],
  ];
  for (const [name, type, rcode, aa, answers, authorities] of rows) {
    const reply = await said(query(name, type));
    const got = [reply.rcode, reply.aa, reply.answers.map((each) => each.type), reply.authorities];
    assert.deepEqual(got, [rcode, aa, answers, authorities], `${type} ${name}`);
  }
  assert.equal((await said(query(NAME, 'SOA'), 'udp', zone({ find: () => Promise.reject(new Error('away')) }))).rcode, 0);
  assert.equal((await said(query(`pb12r1.7.${NAME}`, 'TXT'), 'udp', zone({ find: () => Promise.reject(new Error('away')) }))).rcode, 2);
});

test('an answer never outgrows what the client takes; the rest comes by TCP', async () => {
  const message = query(`pb12r1.7.${NAME}`, 'TXT', {}, null);
  assert.equal((await said(message)).tc, false, 'a key of 2048 bits fits even without EDNS');
  // A key of 4096 bits does not.
  const large = zone({ find: async () => ({ ...DOMAIN, keys: DOMAIN.keys.map((key) => ({ ...key, public_key: 'A'.repeat(736) })) }) });
  const plain = await said(message, 'udp', large);
  assert.ok(plain.tc && plain.answers.length === 0 && plain.bytes <= 512);
  assert.equal((await said(message, 'tcp', large)).answers.length, 1);
  for (const size of [1, 512, 700, 1232, 4096, 65_535]) {
    const reply = await said(query(`pb12r1.7.${NAME}`, 'TXT', {}, size), 'udp', large);
    assert.ok(reply.bytes <= Math.min(1232, Math.max(512, size)), `${size}: ${reply.bytes}`);
  }
});

test('malformed, forged and foreign messages get little or nothing', async () => {
  const good = query(`pb12r1.7.${NAME}`, 'TXT');
  const answer = Buffer.from(good);
  answer.writeUInt8((answer[2] ?? 0) | 0x80, 2);
  assert.equal(await answerDns(answer, 'udp', zone()), null, 'an answer is not answered: two servers would talk for ever');
  assert.equal(await answerDns(Buffer.alloc(5), 'udp', zone()), null);
  const update = Buffer.from(good);
  update.writeUInt8(0x28, 2);
  assert.equal((await said(update)).rcode, 4);
  const chaos = dnsPacket.encode({ type: 'query', id: 1, questions: [{ name: 'version.bind', type: 'TXT', class: 'CH' }] });
  assert.equal((await said(chaos)).rcode, 5);
  const badVersion = Buffer.from(good);
  badVersion.writeUInt8(1, badVersion.length - 5);
  const reply = dnsPacket.decode((await answerDns(badVersion, 'udp', zone())) ?? Buffer.alloc(0));
  assert.equal((reply.additionals?.[0] as { extendedRcode?: number } | undefined)?.extendedRcode, 1, 'BADVERS');
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 300 }), fc.boolean(), async (noise, framed) => {
      const bytes = framed ? Buffer.concat([good.subarray(0, 12), noise]) : Buffer.from(noise);
      const made = await answerDns(bytes, 'udp', zone());
      assert.ok(made === null || (made.length >= 12 && made.length <= Math.max(512, bytes.length + 200)));
    }),
    { numRuns: 2_000 },
  );
});

test('several questions on one TCP connection come back in their order, and endless ones end it', async (t) => {
  const { port } = await open(t);
  const socket = connect(port, '127.0.0.1');
  const framed = (message: Buffer) => Buffer.concat([Buffer.from([message.length >> 8, message.length & 0xff]), message]);
  const names = [`pb12r1.7.${NAME}`, NAME, `no.${NAME}`];
  const whole = Buffer.concat(names.map((name, id) => framed(query(name, 'TXT', { id }))));
  // In pieces, as TCP may bring it.
  for (let at = 0; at < whole.length; at += 7) socket.write(whole.subarray(at, at + 7));
  let unread = Buffer.alloc(0);
  const ids: number[] = [];
  while (ids.length < names.length) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    unread = Buffer.concat([unread, chunk]);
    while (unread.length >= 2 && unread.length >= 2 + unread.readUInt16BE(0)) {
      ids.push(unread.readUInt16BE(2));
      unread = unread.subarray(2 + unread.readUInt16BE(0));
    }
  }
  assert.deepEqual(ids, [0, 1, 2]);
  socket.write(Buffer.from([0xff, 0xff, 0x00]));
  await once(socket, 'close');
});

test('a source that asks more than its share hears "ask by TCP" now and then, and its neighbours nothing of it', async (t) => {
  const { port } = await open(t, { perSecond: 0.001, burst: 5, slip: 3 });
  const socket = createSocket('udp4');
  t.after(async () => void socket.close());
  const answers: Buffer[] = [];
  socket.on('message', (message) => answers.push(message));
  for (let n = 0; n < 20; n += 1) socket.send(query(`pb12r1.7.${NAME}`, 'TXT', { id: n }), port, '127.0.0.1');
  while (answers.length < 10) await once(socket, 'message');
  const truncated = answers.filter((message) => (message.readUInt8(2) & 0x02) !== 0);
  assert.equal(answers.length - truncated.length, 5);
  for (const message of truncated) {
    assert.ok(message.length <= query(`pb12r1.7.${NAME}`, 'TXT').length, 'no larger than what came in');
    const { questions } = dnsPacket.decode(message);
    assert.deepEqual(
      [questions?.length, questions?.[0]?.name, questions?.[0]?.type],
      [1, `pb12r1.7.${NAME}`, 'TXT'],
      'resolvers look for it',
    );
  }
  const cut = query(`pb12r1.7.${NAME}`, 'TXT').subarray(0, 20);
  assert.equal(truncatedAnswer(cut)?.length, 12, 'a question that breaks off does not come back');
  assert.equal(truncatedAnswer(Buffer.alloc(3)), null);
  assert.equal((await askTcp(port, query(NAME, 'SOA'))).answers?.length, 1, 'TCP proves where it comes from');
  const shares = makeShares({ perSecond: 1, burst: 2, slip: 2, sources: 2 });
  const asks = (address: string, nowMs: number) => shares(address, nowMs);
  assert.deepEqual(
    [0, 0, 0, 0, 1_000].map((at) => asks('192.0.2.1', at)),
    ['answer', 'answer', 'drop', 'truncate', 'answer'],
  );
  assert.equal(asks('192.0.3.1', 0), 'answer');
  assert.equal(networkOf('192.0.2.77'), networkOf('::ffff:192.0.2.1'));
  assert.equal(networkOf('2001:db8:1:2200::1'), networkOf('2001:db8:1:22ff:1::9'));
  assert.notEqual(networkOf('2001:db8:1:2200::1'), networkOf('2001:db8:1:2300::1'));
});

async function askTcp(port: number, message: Buffer): Promise<Packet> {
  const socket = connect(port, '127.0.0.1');
  socket.write(Buffer.concat([Buffer.from([0, message.length]), message]));
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return dnsPacket.decode(chunk.subarray(2));
}

test('what was known is said while the database is away, for an hour and no longer', async () => {
  let nowMs = 0;
  let away = false;
  let asked = 0;
  const find = makeZoneCache({
    nowMs: () => nowMs,
    read: async () => {
      asked += 1;
      if (away) throw new Error('away');
      return DOMAIN;
    },
  });
  const owner = { tenantNumber: 7, domainNumber: 12 };
  assert.deepEqual(await Promise.all([find(owner), find(owner)]), [DOMAIN, DOMAIN]);
  assert.equal(asked, 1, 'one question at the database for both');
  nowMs = 4_900;
  await find(owner);
  assert.equal(asked, 1);
  away = true;
  nowMs = 3_599_000;
  assert.equal(await find(owner), DOMAIN);
  nowMs = 3_600_000;
  await assert.rejects(find(owner), /away/);
  away = false;
  assert.equal(await find(owner), DOMAIN);
});
