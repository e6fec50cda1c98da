// This file checks the analysis of reports as tables: who a source is, why a message failed, which step is safe, and what its record looks like.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../../test/support/property.ts';
import { LANGUAGES } from '../../language.ts';
import type { RecordTrace } from '../domain-reports/trace.ts';
import { type Evidence, nextStep, type SeenPolicy, safePath, seenPolicy, stepRecord } from './safe-path.ts';
import { type OwnMarks, type SourceRow, sourceOf } from './source.ts';
import { causeOf, summarise } from './summary.ts';
import { TLS_RESULTS } from './tls-summary.ts';
import { evidenceText, share, wordsOfBlocker, wordsOfFailure, wordsOfSource, wordsOfTls } from './words.ts';

const OWN: OwnMarks = {
  domain: 'verein.example',
  selectors: new Set(['pb7']),
  envelopeHosts: ['returns.desk.example'],
  addresses: new Set(['198.51.100.25']),
};
const NOTHING: RecordTrace = {
  ...{ headerFrom: 'verein.example', dkimDomain: null, dkimSelector: null, dkimResult: 'none', dkimAligned: false },
  ...{ spfDomain: null, spfResult: 'none', spfAligned: false, disposition: 'none', reasons: '' },
};
const row = (trace: Partial<RecordTrace>, more: Partial<SourceRow> = {}): SourceRow => ({
  ...{ ip: '192.0.2.1', ptr: null, messages: 1, days: null },
  ...more,
  trace: { ...NOTHING, ...trace },
});
const SIGNED = { dkimDomain: 'verein.example', dkimSelector: 'pb7', dkimResult: 'pass', dkimAligned: true };

const SOURCES: readonly [what: string, row: SourceRow, kind: string, name: string][] = [
  ['our return path', row({ spfDomain: 'returns.desk.example', spfResult: 'pass' }), 'ours', 'desk.example'],
  ['our own address', row({ spfResult: 'temperror' }, { ip: '198.51.100.25' }), 'ours', '198.51.100.0/24'],
  ['our own address, passed on', row({ reasons: 'forwarded' }, { ip: '198.51.100.25' }), 'forwarder', '198.51.100.0/24'],
  ['our key at a provider', row(SIGNED, { ptr: 'mta1.sparkpostmail.com' }), 'ours', 'SparkPost'],
  ['our key from elsewhere', row({ ...SIGNED, spfDomain: 'x.example', spfResult: 'softfail' }), 'forwarder', '192.0.2.0/24'],
  ['our key, envelope rewritten', row({ ...SIGNED, spfDomain: 'srs.alumni.example', spfResult: 'pass' }), 'forwarder', 'alumni.example'],
  ['an override reason', row({ reasons: 'mailing_list' }, { ptr: 'lists.uni.example' }), 'forwarder', 'uni.example'],
  ['arc=pass', row({ reasons: 'arc local_policy' }), 'forwarder', '192.0.2.0/24'],
  ['a name of a provider', row({}, { ptr: 'o1.ptr123.sendgrid.net' }), 'provider', 'SendGrid'],
  ['a range of a provider', row({}, { ip: '209.85.220.41' }), 'provider', 'Google'],
  ['an IPv6 range', row({}, { ip: '2a00:1450:4864:20::1' }), 'provider', 'Google'],
  ['a signer of a provider', row({ dkimDomain: 'verein.onmicrosoft.com', dkimResult: 'pass' }), 'provider', 'Microsoft 365'],
  ['a claimed signer', row({ dkimDomain: 'sendgrid.net', dkimResult: 'fail' }), 'unknown', '192.0.2.0/24'],
  ['a name that only ends alike', row({}, { ptr: 'mail.notgoogle.com' }), 'unknown', 'notgoogle.com'],
  [
    'an own server',
    row({ spfDomain: 'verein.example', spfResult: 'pass', spfAligned: true }, { ptr: 'web1.host.example' }),
    'unknown',
    'host.example',
  ],
  ['no address', row({}, { ip: null }), 'unknown', '?'],
  ['a forwarding service', row({ ...SIGNED, dkimSelector: 'other' }, { ptr: 'mx1.forwardemail.net' }), 'forwarder', 'Forward Email'],
];

for (const [what, given, kind, name] of SOURCES) {
  test(`source: ${what} is ${kind}, ${name}`, () => assert.deepEqual(sourceOf(given, OWN), { kind, name }));
}

const CAUSES: readonly [trace: Partial<RecordTrace>, kind: 'unknown' | 'forwarder', cause: string][] = [
  [{ reasons: 'forwarded' }, 'forwarder', 'forwarded'],
  [{ dkimDomain: 'verein.example', dkimResult: 'fail' }, 'unknown', 'signature-broken'],
  [{ dkimDomain: 'news.verein.example', dkimResult: 'permerror' }, 'unknown', 'signature-broken'],
  [{ dkimDomain: 'sendgrid.net', dkimResult: 'pass', spfDomain: 'sendgrid.net', spfResult: 'pass' }, 'unknown', 'signed-by-other'],
  [{ spfDomain: 'verein.example', spfResult: 'softfail' }, 'unknown', 'spf-not-listed'],
  [{ spfDomain: 'other.example', spfResult: 'pass' }, 'unknown', 'other-envelope'],
  [{ spfDomain: 'verein.example', spfResult: 'none' }, 'unknown', 'nothing'],
  [{}, 'unknown', 'nothing'],
];

test('every failure has a cause', () => {
  for (const [trace, kind, cause] of CAUSES)
    assert.equal(causeOf({ ...NOTHING, ...trace }, kind, 'verein.example'), cause, JSON.stringify(trace));
});

test('a summary loses no message, whatever the rows are', () => {
  const word = fc.constantFrom('pass', 'fail', 'none', 'softfail', 'strange');
  const rows = fc.array(
    fc.record({
      ip: fc.option(fc.ipV4()),
      ptr: fc.option(fc.domain()),
      messages: fc.nat(1000),
      days: fc.option(fc.nat(30)),
      trace: fc.record({
        ...{
          headerFrom: fc.option(fc.domain()),
          dkimDomain: fc.option(fc.domain()),
          dkimSelector: fc.option(fc.constantFrom('pb7', 's1')),
        },
        ...{ dkimResult: word, dkimAligned: fc.boolean(), spfDomain: fc.option(fc.domain()), spfResult: word, spfAligned: fc.boolean() },
        ...{ disposition: fc.constant('none'), reasons: fc.constantFrom('', 'forwarded', 'arc other') },
      }),
    }),
  );
  fc.assert(
    fc.property(rows, (given) => {
      const { groups } = summarise(given, OWN);
      assert.equal(
        groups.reduce((sum, { messages }) => sum + messages, 0),
        given.reduce((sum, { messages }) => sum + messages, 0),
      );
      assert.ok(
        groups.every(
          ({ messages, aligned, dkimAligned, spfAligned }) => aligned <= messages && aligned >= Math.max(dkimAligned, spfAligned),
        ),
      );
    }),
  );
});

const OURS = row(SIGNED, { ptr: 'mta1.sparkpostmail.com', messages: 10_000, days: 28 });
const evidence = (rows: readonly SourceRow[], reportedDays = 28): Evidence => ({
  days: 30,
  reportedDays,
  groups: summarise(rows, OWN).groups,
});
const seen = (p: SeenPolicy['p'], testing = false, sinceDays = 30): SeenPolicy => ({ p, testing, sinceDays });

const PATHS: readonly [what: string, policy: SeenPolicy | null, evidence: Evidence, expected: string][] = [
  ['nobody reported', null, evidence([]), 'no-reports'],
  ['all is well', seen('none'), evidence([OURS]), 'quarantine t'],
  ['quarantine is tested', seen('quarantine', true), evidence([OURS]), 'quarantine'],
  ['quarantine is young', seen('quarantine', true, 3), evidence([OURS]), 'too-soon'],
  ['quarantine stands', seen('quarantine'), evidence([OURS]), 'reject t'],
  ['reject is tested', seen('reject', true), evidence([OURS]), 'reject'],
  ['the path is over', seen('reject'), evidence([OURS]), ''],
  ['few days', seen('none'), evidence([OURS], 5), 'few-days'],
  ['few messages', seen('none'), evidence([row(SIGNED, { ptr: 'mta1.sparkpostmail.com', messages: 20 })]), 'few-messages'],
  [
    'own mail fails',
    seen('none'),
    evidence([OURS, row({ spfDomain: 'returns.desk.example', spfResult: 'pass' }, { ptr: 'mta2.sparkpostmail.com', messages: 900 })]),
    'own-mail-fails',
  ],
  [
    'a newsletter tool is not set up',
    seen('none'),
    evidence([OURS, row({ dkimDomain: 'mailjet.com', dkimResult: 'pass' }, { ptr: 'o1.mailjet.com', messages: 300, days: 9 })]),
    'provider-fails',
  ],
  ['a scanner', seen('none'), evidence([OURS, row({}, { messages: 8, days: 20, ip: '198.51.100.9' })]), 'unknown-steady'],
  ['a wave of abuse', seen('none'), evidence([OURS, row({}, { messages: 90_000, days: 2, ip: '198.51.100.9' })]), 'quarantine t'],
  [
    'abuse through a provider',
    seen('none'),
    evidence([OURS, row({}, { messages: 500, days: 1, ptr: 'mail1.google.com' })]),
    'quarantine t',
  ],
  [
    'forwarding that breaks',
    seen('quarantine'),
    evidence([OURS, row({ reasons: 'mailing_list' }, { messages: 200, days: 9 })]),
    'forwarding-suffers',
  ],
];

for (const [what, policy, given, expected] of PATHS) {
  test(`safe path: ${what} → ${expected || 'the end'}`, () => {
    const path = safePath(policy, given);
    const found =
      path.next === null ? path.blockers.map(({ code }) => code).join(' ') : `${path.next.policy}${path.next.testing ? ' t' : ''}`;
    assert.equal(found, expected);
  });
}

test('receivers that do not know t=y change nothing about since when a policy stands', () => {
  const day = 86_400;
  const sighting = (p: string, testing: string | null, first: number, last: number) => ({
    p,
    testing,
    firstS: first * day,
    lastS: last * day,
  });
  const cases: [ReturnType<typeof sighting>[], ReturnType<typeof seenPolicy>][] = [
    [[], null],
    [[sighting('none', null, 10, 60), sighting('none', 'n', 12, 59)], { p: 'none', testing: false, sinceDays: 50 }],
    [
      [sighting('none', null, 10, 40), sighting('quarantine', null, 40, 60), sighting('quarantine', 'y', 41, 59)],
      { p: 'quarantine', testing: true, sinceDays: 20 },
    ],
    [
      [sighting('quarantine', null, 10, 60), sighting('quarantine', 'y', 10, 50), sighting('quarantine', 'n', 50, 60)],
      { p: 'quarantine', testing: false, sinceDays: 10 },
    ],
    [[sighting('oops', null, 10, 60)], { p: 'none', testing: false, sinceDays: 50 }],
  ];
  for (const [sightings, expected] of cases) assert.deepEqual(seenPolicy(sightings, 60 * day), expected);
});

test('the path goes from none to reject in four steps and ends', () => {
  const steps: string[] = [];
  for (let at = nextStep(seen('none')); at !== null; at = nextStep({ p: at.policy, testing: at.testing }))
    steps.push(`${at.policy}${at.testing ? ' t' : ''}`);
  assert.deepEqual(steps, ['quarantine t', 'quarantine', 'reject t', 'reject']);
});

const RECORDS: readonly [existing: string | null, expected: string][] = [
  [null, 'v=DMARC1; p=quarantine; np=reject; t=y; rua=mailto:d@desk.example'],
  ['v=DMARC1; p=none; pct=20; ri=3600; rf=afrf', 'v=DMARC1; p=quarantine; np=reject; t=y; rua=mailto:d@desk.example'],
  [
    'v=DMARC1;p=none;sp=none;adkim=s;fo=1;rua=mailto:a@b.example!10m, mailto:D@desk.example;ruf=mailto:r@b.example;x=1',
    'v=DMARC1; p=quarantine; sp=none; np=reject; t=y; adkim=s; fo=1; rua=mailto:a@b.example!10m,mailto:D@desk.example; ruf=mailto:r@b.example; x=1',
  ],
];

test('a record keeps what stands there and never has a removed tag', () => {
  for (const [existing, expected] of RECORDS)
    assert.equal(stepRecord(existing, { policy: 'quarantine', testing: true }, 'd@desk.example'), expected);
  assert.equal(stepRecord('v=DMARC1; p=reject; t=y', { policy: 'reject', testing: false }, null), 'v=DMARC1; p=reject; np=reject');
});

test('everything is said in every language, and a share never hides a failure', () => {
  const { groups, failures } = summarise(
    SOURCES.map(([, given]) => given),
    OWN,
  );
  for (const language of LANGUAGES) {
    for (const group of groups) assert.ok(wordsOfSource(group, 'verein.example', language).why.length > 20);
    for (const failure of failures) assert.ok(wordsOfFailure(failure, 'verein.example', language).next.length > 20);
    for (const result of [...TLS_RESULTS, 'new-in-2031']) assert.ok(wordsOfTls(result, language).next.length > 5);
    for (const [, policy, given] of PATHS) {
      const path = safePath(policy, given);
      for (const blocker of path.blockers) assert.ok(wordsOfBlocker(blocker, language).next.length > 5);
      assert.doesNotMatch(evidenceText(path, language), /undefined|NaN/);
    }
  }
  assert.equal(share(99_999, 100_000, 'en'), '99.99 %');
  assert.equal(share(0, 0, 'de'), '0 %');
});
