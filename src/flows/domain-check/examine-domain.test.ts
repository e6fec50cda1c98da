// This file holds the check of a whole domain against small internets: what is right is called right, and each thing that is wrong is found.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { type Zone, zoneLookup } from '../../../test/support/zone.ts';
import { AppError } from '../../errors.ts';
import { examineDomain } from './examine-domain.ts';
import type { FetchPolicy } from './fetch-policy.ts';

const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const POLICY = 'version: STSv1\nmode: enforce\nmx: mx.club.example\nmax_age: 604800\n';
const served =
  (text: string, warnings: readonly string[] = []): FetchPolicy =>
  async () => ({ ok: true, text, warnings });

/** A domain at which everything is right. */
const GOOD: Zone = {
  'club.example': { NS: ['ns1.hoster.example'], MX: [[10, 'mx.club.example']], TXT: ['v=spf1 mx include:_spf.desk.example -all'] },
  'mx.club.example': { A: ['192.0.2.1'] },
  '_spf.desk.example': { TXT: ['v=spf1 ip4:198.51.100.0/24 -all'] },
  's1._domainkey.club.example': { TXT: [`v=DKIM1; k=rsa; p=${KEY}`] },
  '_dmarc.club.example': { TXT: ['v=DMARC1; p=reject; rua=mailto:d@club.example,mailto:r@reports.desk.example'] },
  'club.example._report._dmarc.reports.desk.example': { TXT: ['v=DMARC1'] },
  '_mta-sts.club.example': { TXT: ['v=STSv1; id=1'] },
  '_smtp._tls.club.example': { TXT: ['v=TLSRPTv1; rua=mailto:t@club.example'] },
  'default._bimi.club.example': { TXT: ['v=BIMI1; l=https://club.example/logo.svg; a=https://club.example/logo.pem'] },
};

async function examine(
  changes: Zone,
  {
    selectors = [],
    fetchPolicy = served(POLICY),
    name = 'club.example',
  }: { selectors?: string[]; fetchPolicy?: FetchPolicy; name?: string } = {},
) {
  return examineDomain({ lookup: zoneLookup({ ...GOOD, ...changes }), fetchPolicy, clock: { nowMs: () => 0 } }, name, selectors);
}

test('an address and a link mean their domain', async () => {
  for (const name of ['Info <info@Club.example>', 'https://www.club.example/page', 'CLUB.example.']) {
    const check = await examine({}, { name });
    assert.deepEqual([check.name, check.verdict], ['club.example', 'ok']);
  }
});

test('of a domain that does not exist only that is said', async () => {
  const check = await examine({}, { name: 'nowhere.example' });
  assert.deepEqual(
    check.findings.map(({ code }) => code),
    ['not-delegated'],
  );
});

test('a domain at which everything is right', async () => {
  const check = await examine({});
  assert.equal(check.verdict, 'ok', JSON.stringify(check.findings, null, 1));
  assert.deepEqual([check.spf.lookups, check.spf.voids, check.dmarc.policy, check.mx.receives], [2, 0, 'reject', true]);
  assert.deepEqual(
    check.spf.tree.map(({ depth, term, lookups }) => [depth, term, lookups]),
    [
      [0, null, 2],
      [1, 'include:_spf.desk.example', 0],
    ],
  );
  assert.deepEqual(
    check.dkim.selectors.map(({ selector, state, bits }) => [selector, state, bits]),
    [['s1', 'ok', 2048]],
  );
  assert.deepEqual(
    check.dmarc.reports.map(({ external, authorised }) => [external, authorised]),
    [
      [false, null],
      [true, true],
    ],
  );
  assert.ok(check.findings.every(({ state }) => state === 'ok' || state === 'note'));
});

const includes = (count: number): Zone =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`i${i}.example`, { TXT: ['v=spf1 -all'] }]));
const spf = (record: string, more: Zone = {}): Zone => ({ ...more, 'club.example': { ...GOOD['club.example'], TXT: [record] } });
const mx = (records: readonly (readonly [number, string])[], more: Zone = {}): Zone => ({
  ...more,
  'club.example': { ...GOOD['club.example'], MX: records },
});
const dmarc = (...records: string[]): Zone => ({ '_dmarc.club.example': { TXT: records } });

const WRONG: readonly [says: string, changes: Zone, code: string, verdict?: string, options?: Parameters<typeof examine>[1]][] = [
  ['nobody registered it', { 'club.example': { fails: [] } }, 'domain/not-delegated'],
  ['no SPF', { 'club.example': { NS: ['ns.example'], MX: [[10, 'mx.club.example']] } }, 'spf/missing', 'warning'],
  ['two SPF records', { 'club.example': { ...GOOD['club.example'], TXT: ['v=spf1 mx -all', 'v=spf1 -all'] } }, 'spf/several-records'],
  ['an error in SPF', spf('v=spf1 ipv4:192.0.2.1 -all'), 'spf/syntax'],
  ['SPF in quotes', spf('"v=spf1 mx -all"'), 'spf/nearly'],
  ['+all', spf('v=spf1 +all'), 'spf/open'],
  ['?all', spf('v=spf1 mx ?all'), 'spf/neutral', 'warning'],
  ['no end', spf('v=spf1 mx'), 'spf/no-end', 'warning'],
  ['ptr', spf('v=spf1 ptr -all'), 'spf/ptr', 'warning'],
  [
    'eleven look-ups',
    spf(
      `v=spf1 ${Object.keys(includes(11))
        .map((name) => `include:${name}`)
        .join(' ')} -all`,
      includes(11),
    ),
    'spf/lookups',
  ],
  [
    'nine look-ups',
    spf(
      `v=spf1 ${Object.keys(includes(9))
        .map((name) => `include:${name}`)
        .join(' ')} -all`,
      includes(9),
    ),
    'spf/lookups-near',
    'warning',
  ],
  ['an include that is gone', spf('v=spf1 include:gone.example -all'), 'spf/include-missing'],
  ['a name that is gone', spf('v=spf1 a:gone.example -all'), 'spf/voids-some', 'warning'],
  ['a circle', spf('v=spf1 include:a.example -all', { 'a.example': { TXT: ['v=spf1 include:club.example -all'] } }), 'spf/circle'],
  ['an include that nobody answers', spf('v=spf1 include:a.example -all', { 'a.example': { fails: true } }), 'spf/no-answer', 'unknown'],
  [
    'an exchanger without address',
    mx([[10, 'mx.gone.example']]),
    'mx/no-address',
    'problem',
    { fetchPolicy: served(POLICY.replace('mx.club', 'mx.gone')) },
  ],
  ['an exchanger that is an alias', mx([[10, 'alias.example']], { 'alias.example': { CNAME: ['mx.club.example'] } }), 'mx/alias'],
  ['an exchanger that is an address', mx([[10, '192.0.2.1']]), 'mx/address'],
  [
    'a null MX beside others',
    mx([
      [0, ''],
      [10, 'mx.club.example'],
    ]),
    'mx/null-mx-beside',
  ],
  ['no MX but an address', { 'club.example': { NS: ['ns.example'], A: ['192.0.2.1'], TXT: ['v=spf1 a -all'] } }, 'mx/implicit', 'warning'],
  ['a short DKIM key', { 's1._domainkey.club.example': { TXT: [`v=DKIM1; p=${KEY.slice(0, 100)}`] } }, 'dkim/key-key-cut'],
  ['two keys at a selector', { 's1._domainkey.club.example': { TXT: [`p=${KEY}`, `k=rsa; p=${KEY}`] } }, 'dkim/several-keys'],
  ['a key on trial', { 's1._domainkey.club.example': { TXT: [`t=y; p=${KEY}`] } }, 'dkim/key', 'warning'],
  ['a selector that was named', {}, 'dkim/selector-missing', 'problem', { selectors: ['mine'] }],
  ['no DMARC', { '_dmarc.club.example': {} }, 'dmarc/missing'],
  ['two DMARC records', dmarc('v=DMARC1; p=none', 'v=DMARC1; p=reject'), 'dmarc/several-records'],
  ['DMARC in small letters', dmarc('v=dmarc1; p=none'), 'dmarc/syntax'],
  ['a removed tag', dmarc('v=DMARC1; p=reject; pct=50; rua=mailto:d@club.example'), 'dmarc/tag', 'warning'],
  ['nobody gets reports', dmarc('v=DMARC1; p=reject'), 'dmarc/no-reports', 'warning'],
  [
    'reports to somebody who does not agree',
    dmarc('v=DMARC1; p=reject; rua=mailto:d@elsewhere.example'),
    'dmarc/report-not-authorised',
    'warning',
  ],
  ['DMARC that nobody answers', { '_dmarc.club.example': { fails: true } }, 'dmarc/no-answer', 'unknown'],
  [
    'a policy that cannot be fetched',
    {},
    'mta-sts/policy-missing',
    'problem',
    { fetchPolicy: async () => ({ ok: false, message: 'the server answers 404.' }) },
  ],
  ['a policy that is a web page', {}, 'mta-sts/policy-syntax', 'problem', { fetchPolicy: served('<html>') }],
  ['a policy without an exchanger', {}, 'mta-sts/exchanger', 'problem', { fetchPolicy: served(POLICY.replace('mx.club', 'other')) }],
  [
    'a policy of another type',
    {},
    'mta-sts/policy',
    'warning',
    { fetchPolicy: served(POLICY, ['The policy is served as "text/html"; it should be text/plain.']) },
  ],
  ['MTA-STS without an id', { '_mta-sts.club.example': { TXT: ['v=STSv1;'] } }, 'mta-sts/syntax'],
  ['TLS-RPT to nowhere', { '_smtp._tls.club.example': { TXT: ['v=TLSRPTv1; rua=club.example'] } }, 'tls-rpt/syntax'],
  ['a picture that is no SVG', { 'default._bimi.club.example': { TXT: ['v=BIMI1; l=http://club.example/logo.png'] } }, 'bimi/picture'],
  ['a picture under a weak policy', { ...dmarc('v=DMARC1; p=none; rua=mailto:d@club.example') }, 'bimi/policy', 'warning'],
];

for (const [says, changes, code, verdict, options] of WRONG) {
  test(`found: ${says}`, async () => {
    const check = await examine(changes, options);
    const codes = check.findings.map((finding) => `${finding.part}/${finding.code}`);
    assert.ok(codes.includes(code), codes.join(' '));
    if (verdict !== undefined) assert.equal(check.verdict, verdict, JSON.stringify(check.findings, null, 1));
    for (const finding of check.findings)
      if (finding.state === 'problem' || finding.state === 'warning') assert.notEqual(finding.next, null, finding.code);
  });
}

test('a null MX, a declined picture and a key taken back are no faults', async () => {
  const check = await examine({
    'club.example': { NS: ['ns.example'], MX: [[0, '']], TXT: ['v=spf1 -all'] },
    's1._domainkey.club.example': { TXT: ['v=DKIM1; p='] },
    'default._bimi.club.example': { TXT: ['v=BIMI1; l=; a='] },
  });
  assert.equal(check.verdict, 'ok', JSON.stringify(check.findings, null, 1));
  assert.deepEqual([check.mx.null_mx, check.mx.receives, check.dkim.selectors[0]?.state], [true, false, 'revoked']);
});

test('where list and walk differ both are shown', async () => {
  const check = await examine(
    {
      '_dmarc.news.club.example': { TXT: ['v=DMARC1; p=reject; psd=n; rua=mailto:d@club.example'] },
      'news.club.example': { TXT: ['v=spf1 -all'] },
    },
    { name: 'a.news.club.example' },
  );
  assert.deepEqual(
    [check.dmarc.organisational_domain.by_list, check.dmarc.organisational_domain.by_walk, check.dmarc.host],
    ['club.example', 'news.club.example', 'news.club.example'],
  );
  assert.ok(check.findings.some(({ code }) => code === 'organisational-domain'));
});

test('where every name answers only selectors that are named are looked at', async () => {
  const wild = { 'no-such-selector-packetboat-check._domainkey.club.example': { TXT: ['v=spf1 -all'] } };
  const check = await examine(wild, { selectors: ['s1'] });
  assert.deepEqual(
    check.dkim.selectors.map(({ selector }) => selector),
    ['s1'],
  );
  assert.ok(check.findings.some(({ code }) => code === 'wildcard'));
});

test('names and selectors that are none are refused', async () => {
  for (const name of ['', 'https://', 'a@', 'localhost', 'club..example', '192.0.2.1', 'x'.repeat(300)]) {
    await assert.rejects(examine({}, { name }), (error) => error instanceof AppError && error.code === 'REQUEST_INVALID', name);
  }
  await assert.rejects(examine({}, { selectors: ['a b'] }), AppError);
  await assert.rejects(examine({}, { selectors: Array.from({ length: 21 }, (_, i) => `s${i}`) }), AppError);
  assert.equal((await examine({}, { name: ' Club.Example. ' })).name, 'club.example');
});
