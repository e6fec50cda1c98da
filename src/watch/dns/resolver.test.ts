// This file holds the resolver against servers on loopback that answer well, badly, late or not at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeAnswer, type FakeDns, fakeDns } from '../../../test/fakes/dns-server.ts';
import { makeDnsLookup } from './resolver.ts';

/** Never waited for in full: every question under it is answered. */
const PATIENT_MS = 30_000;
/** Waited for in full where nobody answers; long enough that an answer is not overtaken by it on a busy machine. */
const SHORT_MS = 1_000;

const NXDOMAIN: FakeAnswer = { rcode: 3, authority: [{ name: 'club.example', type: 'SOA', value: 'ns1.club.example' }] };
const NODATA: FakeAnswer = { authority: [{ name: 'club.example', type: 'SOA', value: 'ns1.club.example' }] };

/** A zone whose name server is the fake itself. */
function clubZone(more: (name: string, type: string) => FakeAnswer | null): (name: string, type: string) => FakeAnswer {
  return (name, type) => {
    const own = more(name, type);
    if (own) return own;
    if (`${type} ${name}` === 'NS club.example') return { answers: [{ type: 'NS', value: 'ns1.club.example' }] };
    if (`${type} ${name}` === 'A ns1.club.example') return { answers: [{ type: 'A', value: '127.0.0.1' }] };
    return name === 'club.example' || name === 'ns1.club.example' ? NODATA : NXDOMAIN;
  };
}

async function open(t: { after(close: () => Promise<void>): void }, answer: (name: string, type: string) => FakeAnswer): Promise<FakeDns> {
  const server = await fakeDns(answer);
  t.after(() => server.close());
  return server;
}

const at = (server: FakeDns) => ({ address: '127.0.0.1', port: server.port });
const direct = (server: FakeDns) => ({
  servers: [at(server)],
  authoritative: true,
  authoritativePort: server.port,
  allowPrivate: true,
  timeoutMs: PATIENT_MS,
});

test('who only refers to other servers has not said that there is nothing', async (t) => {
  const server = await open(t, () => ({
    authority: [{ name: 'club.example', type: 'NS', value: 'ns9.club.example' }],
    authoritative: false,
  }));
  const lookup = makeDnsLookup({ servers: [at(server)], authoritative: false, timeoutMs: PATIENT_MS });
  const answer = await lookup.txt('_dmarc.club.example');
  assert.deepEqual(answer, {
    ok: false,
    why: 'unreachable',
    detail: '_dmarc.club.example is served by ns9.club.example, and no answer came from there',
  });
});

test('the zone is found and its servers are asked themselves, without recursion', async (t) => {
  const server = await open(
    t,
    clubZone((name, type) =>
      `${type} ${name}` === 'TXT _dmarc.club.example' ? { answers: [{ type: 'TXT', value: 'v=DMARC1; p=none', ttlS: 300 }] } : null,
    ),
  );
  const lookup = makeDnsLookup(direct(server));
  assert.deepEqual(await lookup.txt('_DMARC.Club.Example.'), { ok: true, values: ['v=DMARC1; p=none'], ttlS: 300 });
  assert.deepEqual(server.asked, [
    'NS _dmarc.club.example!',
    'NS club.example!',
    'A ns1.club.example!',
    'AAAA ns1.club.example!',
    'TXT _dmarc.club.example',
  ]);
  await lookup.txt('club.example');
  assert.deepEqual(server.asked.slice(5), ['TXT club.example'], 'the zone is known by now');
});

test('what was published after a look that found nothing is seen, though the resolver still remembers nothing', async (t) => {
  let published = false;
  const zone = await open(
    t,
    clubZone((name, type) =>
      published && `${type} ${name}` === 'TXT new.club.example' ? { answers: [{ type: 'TXT', value: 'here' }] } : null,
    ),
  );
  const remembers = await open(
    t,
    clubZone(() => null),
  );
  const lookup = makeDnsLookup({ ...direct(zone), servers: [at(remembers)], cacheMaxS: 0 });
  assert.equal((await lookup.txt('new.club.example')).ok, false);
  published = true;
  assert.deepEqual(await lookup.txt('new.club.example'), { ok: true, values: ['here'], ttlS: 60 });
});

test('no name, no such record and no answer are three things, of which two are facts', async (t) => {
  const server = await open(
    t,
    clubZone((name) => (name.startsWith('broken.') ? { rcode: 2 } : name.startsWith('silent.') ? { misbehave: 'silent' } : null)),
  );
  const lookup = makeDnsLookup({ servers: [at(server)], authoritative: false, timeoutMs: SHORT_MS });
  const whys = await Promise.all(
    ['gone.club.example', 'club.example', 'broken.club.example', 'silent.club.example', 'not..a.name'].map((name) => lookup.txt(name)),
  );
  assert.deepEqual(
    whys.map((answer) => (answer.ok ? 'ok' : `${answer.why}: ${answer.detail}`)),
    [
      'missing: there is no name gone.club.example',
      'missing: club.example has no TXT record',
      'unreachable: 127.0.0.1 answers SERVFAIL',
      'unreachable: 127.0.0.1 does not answer',
      'missing: not..a.name cannot be a name in DNS',
    ],
  );
});

test('the next resolver is asked when one does not answer', async (t) => {
  const refuses = await open(t, () => ({ rcode: 5 }));
  const works = await open(
    t,
    clubZone((_, type) =>
      type === 'MX'
        ? {
            answers: [
              { type: 'MX', value: 'MX1.club.example', preference: 10 },
              { type: 'MX', value: '' },
            ],
          }
        : null,
    ),
  );
  const lookup = makeDnsLookup({ servers: [at(refuses), at(works)], authoritative: false, timeoutMs: PATIENT_MS });
  assert.deepEqual(await lookup.mx('club.example'), {
    ok: true,
    values: [
      { exchange: 'mx1.club.example', preference: 10 },
      { exchange: '', preference: 0 },
    ],
    ttlS: 60,
  });
});

test('an answer that does not fit is asked for again over TCP', async (t) => {
  const long = 'x'.repeat(2_000);
  const server = await open(t, () => ({ misbehave: 'truncate', answers: [{ type: 'TXT', value: long }] }));
  const lookup = makeDnsLookup({ servers: [at(server)], authoritative: false, timeoutMs: PATIENT_MS });
  assert.deepEqual(await lookup.txt('club.example'), { ok: true, values: [long], ttlS: 60 });
  assert.deepEqual(server.asked, ['TXT club.example!', 'TXT club.example!/tcp']);
});

test('a forged answer with another id is passed over, garbage is no answer', async (t) => {
  const server = await open(t, (name) => ({
    misbehave: name.startsWith('g') ? 'garbage' : 'forge-first',
    answers: [{ type: 'A', value: '192.0.2.1' }],
  }));
  const lookup = makeDnsLookup({ servers: [at(server)], authoritative: false, timeoutMs: SHORT_MS });
  assert.deepEqual(await lookup.a('club.example'), { ok: true, values: ['192.0.2.1'], ttlS: 60 });
  assert.equal((await lookup.a('garbage.example')).ok, false);
});

test('aliases are followed over zones; a circle of them ends', async (t) => {
  const aliases: Readonly<Record<string, string>> = {
    'bounce.club.example': 'in.desk.example',
    'a.club.example': 'b.club.example',
    'b.club.example': 'a.club.example',
  };
  const server = await open(
    t,
    clubZone((name, type) => {
      const alias = aliases[name];
      if (alias !== undefined && type !== 'NS') return { answers: [{ type: 'CNAME', value: alias, ttlS: 20 }] };
      if (name === 'in.desk.example' && type === 'TXT') return { answers: [{ type: 'TXT', value: 'v=spf1 -all' }] };
      return null;
    }),
  );
  const lookup = makeDnsLookup({ servers: [at(server)], authoritative: false, timeoutMs: PATIENT_MS });
  assert.deepEqual(await lookup.txt('bounce.club.example'), { ok: true, values: ['v=spf1 -all'], ttlS: 20 });
  assert.deepEqual(await lookup.cname('bounce.club.example'), { ok: true, values: ['in.desk.example'], ttlS: 20 });
  const circle = await lookup.txt('a.club.example');
  assert.equal(circle.ok ? '' : circle.why, 'missing');
});

test('a delegation below is followed to its own servers', async (t) => {
  const server = await open(
    t,
    clubZone((name, type) => {
      if (!name.endsWith('sub.club.example')) return null;
      // To the resolver the lower zone is not known yet; the servers of the upper one point down.
      if (type === 'NS') return NODATA;
      if (type === 'A') return { answers: [{ type: 'A', value: '127.0.0.1' }] };
      return server.asked.filter((each) => each === `TXT ${name}`).length > 1
        ? { answers: [{ type: 'TXT', value: 'down here' }] }
        : { authoritative: false, authority: [{ name: 'sub.club.example', type: 'NS', value: 'ns.sub.club.example' }] };
    }),
  );
  const lookup = makeDnsLookup(direct(server));
  assert.deepEqual(await lookup.txt('x.sub.club.example'), { ok: true, values: ['down here'], ttlS: 60 });
});

test('name servers at private addresses are not asked unless allowed; the resolver has to do', async (t) => {
  const server = await open(
    t,
    clubZone((name, type) => (type === 'TXT' && name === 'club.example' ? { answers: [{ type: 'TXT', value: 'by the resolver' }] } : null)),
  );
  const lookup = makeDnsLookup({ ...direct(server), allowPrivate: false });
  assert.deepEqual(await lookup.txt('club.example'), { ok: true, values: ['by the resolver'], ttlS: 60 });
  assert.ok(
    server.asked.every((question) => question.endsWith('!')),
    'nothing was asked without recursion',
  );
});

test('a server that is named for a zone and does not know it is passed over', async (t) => {
  const server = await open(
    t,
    clubZone((name, type) => (type === 'TXT' ? { authoritative: false, answers: [{ type: 'TXT', value: `by ${name}` }] } : null)),
  );
  const lookup = makeDnsLookup(direct(server));
  assert.deepEqual(await lookup.txt('club.example'), { ok: true, values: ['by club.example'], ttlS: 60 });
  assert.deepEqual(server.asked.slice(-2), ['TXT club.example', 'TXT club.example!']);
});

test('equal questions are asked once, and again when their time is over', async (t) => {
  const server = await open(t, () => ({ answers: [{ type: 'A', value: '192.0.2.1', ttlS: 5 }] }));
  let nowMs = 0;
  const lookup = makeDnsLookup({ servers: [at(server)], authoritative: false, clock: { monotonicMs: () => nowMs } });
  await Promise.all(Array.from({ length: 50 }, () => lookup.a('club.example')));
  assert.equal(server.asked.length, 1);
  nowMs = 4_999;
  await lookup.a('club.example');
  assert.equal(server.asked.length, 1);
  nowMs = 5_001;
  await lookup.a('club.example');
  assert.equal(server.asked.length, 2);
});

test('names of an address are asked for in reverse', async (t) => {
  const server = await open(t, () => ({ answers: [{ type: 'PTR', value: 'mail.club.example' }] }));
  const lookup = makeDnsLookup({ servers: [at(server)], authoritative: false });
  assert.deepEqual(await lookup.ptr('192.0.2.1'), { ok: true, values: ['mail.club.example'], ttlS: 60 });
  assert.deepEqual(server.asked, ['PTR 1.2.0.192.in-addr.arpa!']);
});

test('an answer that came while the process stood still is read, although its time is up', async (t) => {
  const standStillMs = 60;
  const server = await open(t, (name, type) => {
    // The answer goes out first.
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, standStillMs));
    return type === 'TXT' && name === 'club.example' ? { answers: [{ type: 'TXT', value: 'here', ttlS: 300 }] } : NXDOMAIN;
  });
  const lookup = makeDnsLookup({ servers: [at(server)], authoritative: false, timeoutMs: standStillMs / 2 });
  assert.deepEqual(await lookup.txt('club.example'), { ok: true, values: ['here'], ttlS: 300 });
});
