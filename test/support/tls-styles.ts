// This file holds TLS reports as many reporters write them, each in its own manner, with every value that has to come out. They are made up; only the
// manners are real.
import { gzipSync } from 'node:zlib';
import { zip } from './reports.ts';

export interface StyledTlsReport {
  readonly says: string;
  readonly bytes: Buffer | string;
  /** org, id, domain of the first policy, begin, end, policies, sessions that succeeded, sessions that failed. */
  readonly report: readonly [string | null, string | null, string | null, number | null, number | null, number, number, number];
  /** Of each failure: kind, host, address of the receiver, address of the sender, sessions. */
  readonly failures?: readonly (readonly [string | null, string | null, string | null, string | null, number])[];
  readonly mx?: readonly string[];
  readonly warnings?: readonly string[];
}

const B = 1767225600;
const E = B + 86399;
const DATES = { 'start-datetime': '2026-01-01T00:00:00Z', 'end-datetime': '2026-01-01T23:59:59Z' };
const POLICY = {
  policy: {
    'policy-type': 'sts',
    'policy-string': ['version: STSv1', 'mode: enforce', 'mx: mx.club.example', 'max_age: 604800'],
    'policy-domain': 'club.example',
    'mx-host': ['mx.club.example'],
  },
  summary: { 'total-successful-session-count': 12, 'total-failure-session-count': 0 },
};
const FAILED = {
  ...POLICY,
  summary: { 'total-successful-session-count': 10, 'total-failure-session-count': 2 },
  'failure-details': [
    {
      'result-type': 'certificate-expired',
      'sending-mta-ip': '2001:DB8::0001',
      'receiving-mx-hostname': 'mx.club.example',
      'receiving-ip': '192.0.2.5',
      'failed-session-count': 2,
      'failure-reason-code': 'X509_V_ERR_CERT_HAS_EXPIRED',
    },
  ],
};
const report = (id: string, policies: unknown = [POLICY], more: object = {}) => ({
  'organization-name': 'Reporter Inc.',
  'date-range': DATES,
  'contact-info': 'tls@reporter.example',
  'report-id': id,
  policies,
  ...more,
});
const json = (id: string, policies?: unknown, more?: object) => JSON.stringify(report(id, policies, more));
const good = (id: string): StyledTlsReport['report'] => ['Reporter Inc.', id, 'club.example', B, E, 1, 12, 0];
const bad = (id: string): StyledTlsReport['report'] => ['Reporter Inc.', id, 'club.example', B, E, 1, 10, 2];
const b64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64').replace(/.{72}/g, '$&\n');
const TOP =
  'From: tls@reporter.example\nTo: d@reports.example\nSubject: Report Domain: club.example Submitter: reporter.example Report-ID: <1@r>\nTLS-Report-Domain: club.example\nTLS-Report-Submitter: reporter.example\nMessage-ID: <1@r.example>\nMIME-Version: 1.0\n';
const multipart = (type: string, body: string, encoding = 'base64') =>
  `${TOP}Content-Type: multipart/report; report-type="tlsrpt"; boundary="b"\n\n--b\nContent-Type: text/plain\n\nThis is an aggregate TLS report.\n--b\nContent-Type: ${type}\nContent-Transfer-Encoding: ${encoding}\n\n${body}\n--b--\n`;

export const TLS_STYLES: readonly StyledTlsReport[] = [
  { says: 'bare JSON', bytes: json('bare'), report: good('bare'), mx: ['mx.club.example'], warnings: [] },
  {
    says: 'Google: gzip in multipart/report, an id with signs',
    bytes: multipart(
      'application/tlsrpt+gzip; name="google.com!club.example!1!2!001.json.gz"',
      b64(gzipSync(json('2026-01-01T00:00:00Z_club.example'))),
    ),
    report: good('2026-01-01T00:00:00Z_club.example'),
  },
  {
    says: 'plain JSON in multipart/report, seven bits',
    bytes: multipart('application/tlsrpt+json', json('j7'), '7bit'),
    report: good('j7'),
  },
  {
    says: 'a part that is called application/tlsrpt',
    bytes: multipart('application/tlsrpt', b64(gzipSync(json('tl')))),
    report: good('tl'),
  },
  {
    says: 'a part that is called application/octet-stream, JSON in base64',
    bytes: multipart('application/octet-stream; name=r.json', b64(json('oc'))),
    report: good('oc'),
  },
  {
    says: 'JSON as quoted-printable',
    bytes: multipart('application/json', json('qp').replaceAll('=', '=3D').replace(/.{60}/g, '$&=\n'), 'quoted-printable'),
    report: good('qp'),
  },
  { says: 'a zip', bytes: multipart('application/zip', b64(zip([{ name: 'd/r.json', content: json('zip') }]))), report: good('zip') },
  { says: 'base64 that nobody announced', bytes: multipart('text/plain', b64(json('b64')), '7bit'), report: good('b64') },
  {
    says: 'base64 of JSON in lines that nobody announced',
    bytes: multipart('text/plain', b64(JSON.stringify(report('b64p'), null, 2)), '7bit'),
    report: good('b64p'),
  },
  {
    says: 'a failure with all its values',
    bytes: json('fail', [FAILED]),
    report: bad('fail'),
    failures: [['certificate-expired', 'mx.club.example', '192.0.2.5', '2001:db8::1', 2]],
    warnings: [],
  },
  {
    says: 'counts as texts, one value where lists belong',
    bytes: json('txt', {
      policy: { 'policy-type': 'tlsa', 'policy-string': '3 1 1 abc', 'policy-domain': 'club.example', 'mx-host': 'mx.club.example' },
      summary: { 'total-successful-session-count': '10', 'total-failure-session-count': '2' },
      'failure-details': { 'result-type': 'tlsa-invalid', 'failed-session-count': '2' },
    }),
    report: bad('txt'),
    failures: [['tlsa-invalid', null, null, null, 2]],
    mx: ['mx.club.example'],
  },
  {
    says: 'no counts for what did not fail, no contact',
    bytes: json('nc', [{ ...POLICY, summary: { 'total-successful-session-count': 12 } }], { 'contact-info': undefined }),
    report: good('nc'),
    warnings: ['count-missing'],
  },
  {
    says: 'details that differ from the sum, without host or address',
    bytes: json('df', [{ ...FAILED, 'failure-details': [{ 'result-type': 'validation-failure', 'failed-session-count': 1 }] }]),
    report: bad('df'),
    failures: [['validation-failure', null, null, null, 1]],
    warnings: ['details-differ-from-summary'],
  },
  {
    says: 'an unknown kind of failure',
    bytes: json('uk', [{ ...FAILED, 'failure-details': [{ 'result-type': 'x-own', 'failed-session-count': 2 }] }]),
    report: bad('uk'),
    failures: [['x-own', null, null, null, 2]],
  },
  {
    says: 'a domain in capitals with a dot',
    bytes: json('cap').replaceAll('"club.example"', '"Club.Example."'),
    report: ['Reporter Inc.', 'cap', 'Club.Example.', B, E, 1, 12, 0],
  },
  {
    says: 'two policies, one without its object',
    bytes: json('two', [POLICY, { summary: { 'total-successful-session-count': 3, 'total-failure-session-count': 1 } }]),
    report: ['Reporter Inc.', 'two', 'club.example', B, E, 2, 15, 1],
  },
  {
    says: 'no policy was found',
    bytes: json('nop', [{ policy: { 'policy-type': 'no-policy-found', 'policy-domain': 'club.example' }, summary: POLICY.summary }]),
    report: good('nop'),
    mx: [],
  },
  { says: 'no failures as null', bytes: json('nul', [{ ...POLICY, 'failure-details': null }]), report: good('nul'), warnings: [] },
  {
    says: 'names with underscores and capitals',
    bytes: json('und').replace(/"([a-z]+(?:-[a-z]+)+)":/g, (_, name: string) => `"${name.replaceAll('-', '_').toUpperCase()}":`),
    report: good('und'),
  },
  {
    says: 'the names of drafts',
    bytes: json('old', [
      {
        ...FAILED,
        policy: { ...POLICY.policy, 'mx-host': undefined, 'mx-host-pattern': ['*.club.example'] },
        'failure-details': [
          { 'result-type': 'starttls-not-supported', 'receiving-mx-host-name': 'mx.club.example', 'failed-session-count': 2 },
        ],
      },
    ]),
    report: bad('old'),
    mx: ['*.club.example'],
    failures: [['starttls-not-supported', 'mx.club.example', null, null, 2]],
  },
  {
    says: 'times with a fraction and a zone',
    bytes: json('tz', undefined, {
      'date-range': { 'start-datetime': '2026-01-01T01:00:00.000+01:00', 'end-datetime': '2026-01-02T00:59:59.999999999+0100' },
    }),
    report: good('tz'),
  },
  {
    says: 'times as numbers',
    bytes: json('num', undefined, { 'date-range': { 'start-datetime': B, 'end-datetime': E } }),
    report: good('num'),
  },
  {
    says: 'times as Go prints them',
    bytes: json('go', undefined, {
      'date-range': { 'start-datetime': '2026-01-01 00:00:00 +0000 UTC', 'end-datetime': '2026-01-01 23:59:59 UTC' },
    }),
    report: good('go'),
  },
  {
    says: 'days only',
    bytes: json('day', undefined, { 'date-range': { 'start-datetime': '2026-01-01', 'end-datetime': '2026-01-02' } }),
    report: ['Reporter Inc.', 'day', 'club.example', B, B + 86400, 1, 12, 0],
  },
  { says: 'an id that is a number', bytes: json('x').replace('"x"', '987654321'), report: good('987654321') },
  {
    says: 'an id beyond 2^53 that is a number',
    bytes: json('x').replace('"x"', '13190375929482517433'),
    report: good('13190375929482517433'),
  },
  { says: 'a byte order mark', bytes: `\uFEFF${json('bom')}`, report: good('bom') },
  {
    says: 'UTF-16 in a mail',
    bytes: multipart('application/json; charset=utf-16', b64(Buffer.from(`\uFEFF${json('u16')}`, 'utf16le'))),
    report: good('u16'),
  },
  {
    says: 'a line end behind gzip',
    bytes: Buffer.concat([gzipSync(json('crlf')), Buffer.from('\r\n')]),
    report: good('crlf'),
    warnings: ['bytes-behind-archive'],
  },
  { says: 'a list around the report', bytes: `[${json('list')}]`, report: good('list') },
  {
    says: 'addresses in brackets',
    bytes: json('br', [FAILED]).replace('192.0.2.5', '[192.0.2.5]'),
    report: bad('br'),
    failures: [['certificate-expired', 'mx.club.example', '192.0.2.5', '2001:db8::1', 2]],
  },
];
