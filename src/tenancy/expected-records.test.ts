// This file checks which records a domain is asked to publish.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../test/support/property.ts';
import { addDmarcReports } from './dmarc-addition.ts';
import { expectedRecords, mtaStsPolicy, NOTHING_AROUND, type RecordQuestion } from './expected-records.ts';

const REPORTS = 'r@reports.desk.example';
const question: RecordQuestion = {
  domain: { name: 'club.example', ownershipToken: 'abc', owned: false },
  keys: [{ selector: 'pb7', type: 'TXT', host: 'pb7._domainkey.club.example', value: 'v=DKIM1; k=rsa; p=MIIB', needed: 'required' }],
  platform: { returnPathHost: 'returns.desk.example', dkimZone: null, reportAddress: REPORTS },
  surroundings: NOTHING_AROUND,
  spf: null,
};
const lines = (given: RecordQuestion) =>
  expectedRecords(given).map(({ needed, type, host, value }) => `${needed} ${host} ${type} ${value}`);

test('a new domain publishes a token, a key, its return path and a policy that only watches', () => {
  assert.deepEqual(lines(question), [
    'required pb7._domainkey.club.example TXT v=DKIM1; k=rsa; p=MIIB',
    'required _packetboat.club.example TXT packetboat-domain=abc',
    'recommended bounce.club.example CNAME returns.desk.example',
    `recommended _dmarc.club.example TXT v=DMARC1; p=none; rua=mailto:${REPORTS}`,
  ]);
});

test('once it is owned the token is not needed any more; SPF, MTA-STS and TLS reports come only where they matter', () => {
  const given = {
    ...question,
    domain: { ...question.domain, owned: true },
    spf: 'v=spf1 mx include:spf.desk.example ~all',
    surroundings: { ...NOTHING_AROUND, mx: ['MX2.club.example', 'mx1.club.example'] },
  };
  const found = lines(given);
  assert.ok(found.includes('optional _packetboat.club.example TXT packetboat-domain=abc'));
  assert.ok(found.includes('recommended club.example TXT v=spf1 mx include:spf.desk.example ~all'));
  assert.ok(found.some((line) => /^optional _mta-sts\.club\.example TXT v=STSv1; id=[0-9a-f]{20}$/.test(line)));
  assert.ok(found.includes(`optional _smtp._tls.club.example TXT v=TLSRPTv1; rua=mailto:${REPORTS}`));
  assert.equal(
    mtaStsPolicy(['b.example', 'A.example', 'b.example']),
    'version: STSv1\nmode: testing\nmx: a.example\nmx: b.example\nmax_age: 604800\n',
  );
});

const DMARC: readonly [what: string, existing: readonly string[], expected: string][] = [
  ['a first record', [], `v=DMARC1; p=none; rua=mailto:${REPORTS}`],
  ['other texts at the name are none', ['google-site-verification=1'], `v=DMARC1; p=none; rua=mailto:${REPORTS}`],
  ['several are none', ['v=DMARC1; p=reject', 'v=DMARC1; p=none'], `v=DMARC1; p=none; rua=mailto:${REPORTS}`],
  ['a policy is kept', ['v=DMARC1; p=reject; adkim=s'], `v=DMARC1; p=reject; adkim=s; rua=mailto:${REPORTS}`],
  [
    'other report addresses are kept',
    ['v=DMARC1;p=quarantine;rua=mailto:a@b.example;'],
    `v=DMARC1; p=quarantine; rua=mailto:a@b.example,mailto:${REPORTS}`,
  ],
  ['ours is not named twice', [`v=DMARC1; p=none; rua=mailto:${REPORTS}!10m`], `v=DMARC1; p=none; rua=mailto:${REPORTS}!10m`],
  ['removed tags without effect go', ['v=DMARC1; p=reject; pct=100; ri=3600; rf=afrf'], `v=DMARC1; p=reject; rua=mailto:${REPORTS}`],
  [
    'a removed tag that some receivers still heed is not undone behind backs',
    ['v=DMARC1; p=reject; pct=20'],
    `v=DMARC1; p=reject; pct=20; rua=mailto:${REPORTS}`,
  ],
  ['a record without a policy only watches, and says so', ['v=DMARC1; fo=1'], `v=DMARC1; p=none; fo=1; rua=mailto:${REPORTS}`],
];

for (const [what, existing, expected] of DMARC) test(`DMARC: ${what}`, () => assert.equal(addDmarcReports(existing, REPORTS), expected));

test('DMARC: without a report address what is there stays to the letter', () => {
  assert.equal(addDmarcReports([' v=DMARC1;p=none '], null), 'v=DMARC1;p=none');
  assert.equal(addDmarcReports([], null), 'v=DMARC1; p=none');
});

test('DMARC: adding twice changes nothing more, and no tag is lost', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('none', 'quarantine', 'reject'),
      fc.array(fc.constantFrom('sp=reject', 'adkim=s', 'fo=1', 't=y', 'x=1'), { maxLength: 4 }),
      (policy, tags) => {
        const unique = [...new Set(tags)];
        const once = addDmarcReports([['v=DMARC1', `p=${policy}`, ...unique].join(';')], REPORTS);
        assert.equal(addDmarcReports([once], REPORTS), once);
        for (const tag of [`p=${policy}`, ...unique]) assert.ok(once.includes(tag));
        assert.doesNotMatch(once, /pct/);
      },
    ),
  );
});
