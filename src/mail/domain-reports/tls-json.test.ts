import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { findAll, mailWith } from '../../../test/support/reports.ts';
import type { ReportFinding, TlsReport } from './model.ts';

const DETAIL = {
  'result-type': 'certificate-expired',
  'sending-mta-ip': '2001:db8:abcd:12::1',
  'receiving-mx-hostname': 'mx1.verein.example',
  'receiving-mx-helo': 'mx',
  'receiving-ip': '203.0.113.56',
  'failed-session-count': 3,
  'additional-information': 'https://r.example/1',
  'failure-reason-code': 'X',
};
const POLICY = {
  policy: {
    'policy-type': 'sts',
    'policy-string': ['version: STSv1', 'mode: testing'],
    'policy-domain': 'Verein.Example.',
    'mx-host': ['*.verein.example'],
  },
  summary: { 'total-successful-session-count': 5326, 'total-failure-session-count': 3 },
  'failure-details': [DETAIL],
};
const REPORT = {
  'organization-name': 'Receiver',
  'date-range': { 'start-datetime': '2016-04-01T00:00:00Z', 'end-datetime': '2016-04-01T23:59:59Z' },
  'contact-info': 'tls@receiver.example',
  'report-id': '2016-04-01T00:00:00Z_verein.example',
  policies: [POLICY],
};

async function read(content: string | object): Promise<{ finding: ReportFinding; report: TlsReport; warnings: string[] }> {
  const { findings } = await findAll(typeof content === 'string' ? content : JSON.stringify(content));
  const [finding] = findings;
  assert.equal(findings.length, 1);
  assert.ok(finding?.report?.kind === 'tlsrpt', finding?.error?.message ?? 'no TLS report');
  return { finding, report: finding.report, warnings: finding.warnings.map(({ code }) => code) };
}

test('every field of a TLS report has its place', async () => {
  const { report, warnings } = await read(REPORT);
  assert.deepEqual(warnings, []);
  assert.deepEqual(report, {
    kind: 'tlsrpt',
    orgName: 'Receiver',
    contactInfo: 'tls@receiver.example',
    reportId: '2016-04-01T00:00:00Z_verein.example',
    beginS: 1459468800,
    endS: 1459555199,
    successfulSessions: 5326n,
    failedSessions: 3n,
    policies: [
      {
        type: 'sts',
        strings: ['version: STSv1', 'mode: testing'],
        domain: { text: 'Verein.Example.', domain: 'verein.example' },
        mxHosts: ['*.verein.example'],
        successfulSessions: 5326n,
        failedSessions: 3n,
        failures: [
          {
            resultType: 'certificate-expired',
            sendingMtaIp: { text: '2001:db8:abcd:12::1', ip: '2001:db8:abcd:12::1' },
            receivingMxHostname: 'mx1.verein.example',
            receivingMxHelo: 'mx',
            receivingIp: { text: '203.0.113.56', ip: '203.0.113.56' },
            failedSessions: 3n,
            additionalInformation: 'https://r.example/1',
            failureReasonCode: 'X',
          },
        ],
      },
    ],
  });
});

const policies = (entry: unknown) => ({ ...REPORT, policies: [entry] });
const QUIRKS: readonly [because: string, content: string | object, sessions: readonly [bigint, bigint], warnings: readonly string[]][] = [
  [
    'counts as texts',
    policies({ ...POLICY, summary: { 'total-successful-session-count': '43', 'total-failure-session-count': ' 3 ' } }),
    [43n, 3n],
    [],
  ],
  ['a count missing', policies({ policy: POLICY.policy, summary: { 'total-successful-session-count': 1 } }), [1n, 0n], ['count-missing']],
  [
    'a negative count',
    policies({ policy: POLICY.policy, summary: { 'total-successful-session-count': -1, 'total-failure-session-count': 0 } }),
    [0n, 0n],
    ['count-invalid'],
  ],
  ['a count that a double cannot hold', JSON.stringify(policies(POLICY)).replace('5326', '9007199254740993'), [9007199254740993n, 3n], []],
  [
    'one value where a list belongs',
    policies({ ...POLICY, policy: { ...POLICY.policy, 'mx-host': 'mx', 'policy-string': 'x' }, 'failure-details': DETAIL }),
    [5326n, 3n],
    [],
  ],
  ['one policy without a list', { ...REPORT, policies: POLICY }, [5326n, 3n], []],
  ['details that differ', policies({ ...POLICY, 'failure-details': [DETAIL, DETAIL] }), [5326n, 3n], ['details-differ-from-summary']],
  ['a policy without a domain', policies({ ...POLICY, policy: { 'policy-type': 'no-policy-found' } }), [5326n, 3n], ['domain-missing']],
  ['no policy at all', policies({ summary: POLICY.summary }), [5326n, 3n], ['domain-missing']],
  ['a word among the policies', { ...REPORT, policies: [POLICY, 'x'] }, [5326n, 3n], ['policy-left-out']],
  ['no dates', { ...REPORT, 'date-range': undefined }, [5326n, 3n], ['date-missing']],
  [
    'underscores and capitals in names',
    JSON.stringify(REPORT).replaceAll('date-range', 'date_range').replace('organization-name', 'Organization-Name'),
    [5326n, 3n],
    [],
  ],
  ['a byte order mark', `\uFEFF${JSON.stringify(REPORT)}`, [5326n, 3n], []],
];

for (const [because, content, [successful, failed], warnings] of QUIRKS) {
  test(`${because}: read, with the right sums`, async () => {
    const found = await read(content);
    assert.deepEqual([found.report.successfulSessions, found.report.failedSessions], [successful, failed]);
    assert.deepEqual(found.warnings, warnings);
  });
}

test('a TLS report is found in gzip in a mail', async () => {
  const { findings } = await findAll(
    mailWith(gzipSync(JSON.stringify(REPORT)), 'Content-Type: application/tlsrpt+gzip\r\nContent-Transfer-Encoding: base64'),
  );
  assert.deepEqual(
    findings.map(({ kind }) => kind),
    ['tlsrpt'],
  );
});

const REFUSED: readonly [because: string, text: string, code: string][] = [
  ['other JSON', '{"a":1}', 'REPORT_NOT_FOUND'],
  ['JSON cut off', JSON.stringify(REPORT).slice(0, -9), 'REPORT_MALFORMED'],
  ['lists too deep', `{"policies":${'['.repeat(100_000)}`, 'REPORT_LIMIT'],
  ['too many values', `{"policies":[${'0,'.repeat(600_000)}0]}`, 'REPORT_LIMIT'],
  ['too many policies', JSON.stringify({ ...REPORT, policies: Array.from({ length: 1001 }, () => ({})) }), 'REPORT_LIMIT'],
];

for (const [because, text, code] of REFUSED) {
  test(`${because}: ${code}`, async () => {
    const { findings } = await findAll(text);
    assert.deepEqual(
      findings.map(({ error }) => error?.code),
      [code],
    );
  });
}
