// This file holds the readers of records against tables of real and broken ones, and checks that no text can break them.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { readDkimKey, sameDkimKey } from './dkim-record.ts';
import { chooseDmarcRecord, effectivePolicy, readDmarcRecord, writeDmarcRecord } from './dmarc-record.ts';
import { mtaStsCovers, readMtaStsPolicy, readMtaStsRecord } from './mta-sts-record.ts';
import { mergeSpf } from './spf-merge.ts';
import { readSpfRecord } from './spf-record.ts';
import { readTlsRptRecord } from './tls-rpt-record.ts';

const spki = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'der', type: 'spki' });
const RSA = spki(2048).toString('base64');
const SHORT = spki(512).toString('base64');
const ED25519 = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(12).toString('base64');

const KEYS: readonly [says: string, text: string, reading: { bits?: number | null; revoked?: boolean; warnings?: number } | string][] = [
  ['RSA with 2048 bits', `v=DKIM1; k=rsa; p=${RSA}`, { bits: 2048, revoked: false, warnings: 0 }],
  ['without version and kind', `p=${RSA}`, { bits: 2048 }],
  ['with white space in the key', `v=DKIM1; p=${RSA.slice(0, 70)}\t ${RSA.slice(70)} ;`, { bits: 2048 }],
  ['RSA with 1024 bits', `v=DKIM1; p=${spki(1024).toString('base64')}`, { bits: 1024, warnings: 1 }],
  ['RSA with 512 bits', `v=DKIM1; p=${SHORT}`, 'key-short'],
  [
    'a bare RSA key',
    `v=DKIM1; p=${generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'der', type: 'pkcs1' }).toString('base64')}`,
    { bits: 1024 },
  ],
  ['Ed25519', `v=DKIM1; k=ed25519; p=${ED25519}`, { bits: null, revoked: false }],
  ['Ed25519 with its ASN.1', `v=DKIM1; k=ed25519; p=MCowBQYDK2VwAyEA${ED25519}`, 'key-broken'],
  ['an RSA key that says Ed25519', `v=DKIM1; k=ed25519; p=${RSA}`, 'key-broken'],
  ['a key taken back', 'v=DKIM1; p=', { revoked: true, bits: null }],
  ['on trial', `v=DKIM1; t=y:s; p=${RSA}`, { bits: 2048, warnings: 1 }],
  ['no key', 'v=DKIM1; k=rsa', 'no-key'],
  ['another version', `v=DKIM2; p=${RSA}`, 'version'],
  ['the version at the end', `p=${RSA}; v=DKIM1`, 'version'],
  ['for another service', `v=DKIM1; s=tls; p=${RSA}`, 'service'],
  ['cut off', `v=DKIM1; p=${RSA.slice(0, 200)}`, 'key-cut'],
  ['not base64', `v=DKIM1; p=${RSA.slice(0, 100)}"${RSA.slice(100)}`, 'not-base64'],
  ['base64 of nothing', `v=DKIM1; p=${Buffer.from('hello world').toString('base64')}`, 'key-broken'],
];

for (const [says, text, expected] of KEYS) {
  test(`a DKIM key: ${says}`, () => {
    const reading = readDkimKey(text);
    if (typeof expected === 'string') return assert.equal(reading.ok ? 'read' : reading.fault, expected);
    assert.ok(reading.ok, reading.ok ? '' : reading.message);
    const { bits, revoked, warnings } = reading.value;
    const all = { bits, revoked, warnings: warnings.length };
    assert.deepEqual({ ...all, ...expected }, all);
  });
}

test('two ways to write a DKIM key are one key', () => {
  assert.ok(sameDkimKey(`v=DKIM1; k=rsa; p=${RSA}`, `p=${RSA.slice(0, 9)} ${RSA.slice(9)}`));
  assert.ok(!sameDkimKey(`p=${RSA}`, `k=ed25519; p=${RSA}`));
  assert.ok(!sameDkimKey('', ''));
});

const DMARC: readonly [text: string, expected: Record<string, unknown> | string, warnings: number][] = [
  ['v=DMARC1; p=reject', { p: 'reject', sp: null, np: null, adkim: 'relaxed', aspf: 'relaxed', fo: ['0'], rua: [], t: false, psd: 'u' }, 0],
  ['v=DMARC1;p=none;rua=mailto:a@b.example!10m, https://c.example/r', { rua: ['mailto:a@b.example', 'https://c.example/r'] }, 0],
  [
    'v=DMARC1; sp=reject; np=reject; p=quarantine; t=y; psd=n; fo=1:d; adkim=s; aspf=S',
    { p: 'quarantine', sp: 'reject', np: 'reject', t: true, psd: 'n', fo: ['1', 'd'], adkim: 'strict', aspf: 'strict' },
    0,
  ],
  ['v=DMARC1; p=reject; pct=50; ri=86400; rf=afrf', { p: 'reject' }, 3],
  ['v=DMARC1; p=Reject; x=1; nonsense', { p: 'reject' }, 2],
  ['v=DMARC1; rua=mailto:a@b.example', { p: 'none' }, 1],
  ['v=DMARC1', { p: 'none' }, 1],
  ['v=DMARC1; p=refuse; rua=mailto:a@b.example', { p: 'none' }, 2],
  ['v=DMARC1; p=reject; sp=maybe; rua=mailto:a@b.example', { p: 'none', sp: null }, 2],
  ['v=DMARC1; p=reject; sp=maybe', 'unusable', 0],
  ['v=DMARC1; p=reject; rua=a@b.example', { rua: [] }, 1],
  ['v = DMARC1 ; p = reject', { p: 'reject' }, 0],
  ['V=DMARC1; p=reject', 'letter-case', 0],
  ['v=dmarc1; p=reject', 'letter-case', 0],
  ['v=DMARC10; p=reject', 'not-dmarc', 0],
  ['p=reject; v=DMARC1', 'not-dmarc', 0],
  ['', 'not-dmarc', 0],
];

for (const [text, expected, warnings] of DMARC) {
  test(`a DMARC record: ${text || 'nothing'}`, () => {
    const reading = readDmarcRecord(text);
    if (typeof expected === 'string') return assert.equal(reading.ok ? 'read' : reading.fault, expected);
    assert.ok(reading.ok);
    assert.deepEqual({ ...reading.value, ...expected }, reading.value);
    assert.equal(reading.value.warnings.length, warnings, reading.value.warnings.join(' '));
  });
}

test('several DMARC records count as none, other texts do not count', () => {
  assert.equal(chooseDmarcRecord(['v=DMARC1; p=none', 'v=DMARC1; p=reject']).kind, 'several');
  assert.equal(chooseDmarcRecord(['google=1', 'v=DMARC1; p=none']).kind, 'record');
  assert.equal(chooseDmarcRecord(['google=1']).kind, 'none');
  assert.equal(chooseDmarcRecord(['v=dmarc1; p=none']).kind, 'unusable');
});

test('test mode lowers the policy one step, names below have their own', () => {
  const read = (text: string) => {
    const reading = readDmarcRecord(text);
    assert.ok(reading.ok);
    return reading.value;
  };
  const places = ['itself', 'below', 'below-and-absent'] as const;
  const of = (text: string) => places.map((place) => effectivePolicy(read(text), place));
  assert.deepEqual(of('v=DMARC1; p=reject'), ['reject', 'reject', 'reject']);
  assert.deepEqual(of('v=DMARC1; p=reject; sp=none'), ['reject', 'none', 'none']);
  assert.deepEqual(of('v=DMARC1; p=none; np=reject'), ['none', 'none', 'reject']);
  assert.deepEqual(of('v=DMARC1; p=reject; sp=quarantine; t=y'), ['quarantine', 'none', 'none']);
});

test('what is written reads back, and removed tags are never written', () => {
  const policy = fc.constantFrom('none' as const, 'quarantine' as const, 'reject' as const);
  const optional = fc.option(policy, { nil: null });
  const alignment = fc.constantFrom('relaxed' as const, 'strict' as const);
  const fields = fc.record({ p: policy, sp: optional, np: optional, adkim: alignment, aspf: alignment, t: fc.boolean() });
  fc.assert(
    fc.property(fields, (wanted) => {
      const text = writeDmarcRecord({ ...wanted, rua: ['mailto:a@b.example'] });
      assert.doesNotMatch(text, /\b(pct|rf|ri)=/);
      const reading = readDmarcRecord(text);
      assert.ok(reading.ok && reading.value.warnings.length === 0);
      assert.deepEqual({ ...reading.value, ...wanted }, reading.value);
    }),
  );
});

const MERGES: readonly [found: readonly string[], add: readonly string[], record: string | null][] = [
  [[], ['include:p.example'], 'v=spf1 include:p.example ~all'],
  [['google=1'], ['include:p.example'], 'v=spf1 include:p.example ~all'],
  [['v=spf1 mx -all'], ['include:p.example'], 'v=spf1 mx include:p.example -all'],
  [['v=spf1 mx include:P.example -all'], ['include:p.example'], 'v=spf1 mx include:P.example -all'],
  [['v=spf1 mx ~all', 'v=spf1 mx ip4:192.0.2.1/32 -all'], ['ip4:192.0.2.1'], 'v=spf1 mx ip4:192.0.2.1/32 -all'],
  [['v=spf1 mx +all'], ['a'], 'v=spf1 mx a ~all'],
  [['v=spf1 mx'], ['a'], 'v=spf1 mx a ~all'],
  [['v=spf1 ?all'], ['a'], 'v=spf1 a ?all'],
  [['v=spf1 redirect=_spf.h.example'], ['include:p.example'], 'v=spf1 include:p.example redirect=_spf.h.example'],
  [['v=spf1 redirect=_spf.h.example', 'v=spf1 mx -all'], ['a'], 'v=spf1 mx a include:_spf.h.example -all'],
  [['v=spf1 -all include:x.example'], ['include:x.example'], 'v=spf1 include:x.example -all'],
  [['v=spf1 mx exp=why.example x=1 -all'], ['a'], 'v=spf1 mx a -all x=1 exp=why.example'],
  [['v=spf1 ipv4:192.0.2.1 -all'], ['a'], null],
  [[], ['nonsense'], null],
];

for (const [found, add, record] of MERGES) {
  test(`SPF merged: ${found.join(' + ') || 'nothing'} and ${add.join(' ')}`, () => {
    const merged = mergeSpf(found, add);
    assert.equal(merged.ok ? merged.value.record : null, record);
    if (merged.ok) assert.ok(readSpfRecord(merged.value.record).ok);
  });
}

const POLICY = 'version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n';
const POLICIES: readonly [says: string, text: string, ok: boolean][] = [
  ['the one of RFC 8461', POLICY, true],
  ['with LF alone', POLICY.replaceAll('\r', ''), true],
  ['unknown keys', `${POLICY}other: x\n`, true],
  ['no version', POLICY.replace('version: STSv1\r\n', ''), false],
  ['another mode', POLICY.replace('enforce', 'strict'), false],
  ['no exchanger', POLICY.replace(/mx:.*\r\n/g, ''), false],
  ['mode none without an exchanger', 'version: STSv1\nmode: none\nmax_age: 0\n', true],
  ['an age beyond a year', POLICY.replace('604800', '31557601'), false],
  ['an age that is no number', POLICY.replace('604800', 'week'), false],
  ['a star in the middle', POLICY.replace('*.example.net', 'mx.*.example.net'), false],
  ['an HTML page', '<!doctype html><html>', false],
];

for (const [says, text, ok] of POLICIES) {
  test(`an MTA-STS policy: ${says}`, () => {
    assert.equal(readMtaStsPolicy(text).ok, ok);
  });
}

test('an MTA-STS policy of nothing but blanks is read at once', () => {
  const blanks = ' '.repeat(60_000);
  const before = process.cpuUsage();
  // A lone carriage return ends no line, and the words behind it are none of the policy.
  for (const text of [`a:${blanks.slice(0, 3_000)}\rx`, `a: x${blanks}x`, `a${blanks}x`, `${blanks}:`])
    assert.equal(readMtaStsPolicy(text).ok, false);
  // It takes milliseconds; in time that grows with the square or the cube, minutes. Nothing in between is measured.
  assert.ok(process.cpuUsage(before).user < 20_000_000);
});

test('blanks around the colon of an MTA-STS policy do not count', () => {
  const policy = readMtaStsPolicy('version : STSv1 \r\nmode:\tenforce\t\r\nmx:mx.example.com\r\nmax_age:  604800 \r\n: nothing\r\n');
  assert.deepEqual(policy.ok && { ...policy.value, warnings: policy.value.warnings.length }, {
    mode: 'enforce',
    mx: ['mx.example.com'],
    maxAgeS: 604_800,
    warnings: 1,
  });
});

test('a star of MTA-STS stands for one label', () => {
  const patterns = ['mail.example.com', '*.example.net'];
  const covered = ['MAIL.example.com.', 'mx1.example.net', 'example.net', 'a.b.example.net', 'example.com'].map((name) =>
    mtaStsCovers(patterns, name),
  );
  assert.deepEqual(covered, [true, true, false, false, false]);
});

test('MTA-STS and TLS-RPT records', () => {
  assert.deepEqual(readMtaStsRecord('v=STSv1; id=20260101T000000;'), { ok: true, id: '20260101T000000' });
  for (const text of ['v=STSv1', 'v=STSv1; id=', 'v=STSv1; id=a-b', `v=STSv1; id=${'1'.repeat(33)}`])
    assert.equal(readMtaStsRecord(text).ok, false);
  assert.deepEqual(readTlsRptRecord('v=TLSRPTv1;rua=mailto:a@b.example,https://c.example'), {
    ok: true,
    rua: ['mailto:a@b.example', 'https://c.example'],
  });
  for (const text of ['v=TLSRPTv1', 'v=TLSRPTv1; rua=http://c.example', 'v=TLSRPTv1; rua=']) assert.equal(readTlsRptRecord(text).ok, false);
});

test('no text breaks a reader', () => {
  const tag = fc
    .tuple(fc.constantFrom('v', 'p', 'k', 'rua', 'id', 'sp', 'fo', 't', 'a b'), fc.string({ maxLength: 20 }))
    .map(([name, value]) => `${name}=${value}`);
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .tuple(
        fc.constantFrom('v=DKIM1; ', 'v=DMARC1; ', 'v=STSv1; ', 'v=TLSRPTv1; ', 'v=spf1 ', 'version: STSv1\n'),
        fc.array(tag, { maxLength: 6 }),
      )
      .map(([head, tags]) => head + tags.join('; ')),
  );
  fc.assert(
    fc.property(text, (written) => {
      for (const read of [readDkimKey, readDmarcRecord, readMtaStsRecord, readMtaStsPolicy, readTlsRptRecord, readSpfRecord])
        assert.equal(typeof read(written).ok, 'boolean');
      mergeSpf([written], ['a']);
      chooseDmarcRecord([written]);
    }),
    { numRuns: 500 },
  );
});
