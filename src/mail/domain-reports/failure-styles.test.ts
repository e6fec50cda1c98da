// This file reads failure reports (RFC 6591, RFC 9991) in the manners of many reporters and holds every value against what was written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAll } from '../../../test/support/reports.ts';
import type { FailureReport } from './model.ts';

const b64 = (text: string) => Buffer.from(text).toString('base64').replace(/.{72}/g, '$&\n');
const FIELDS = `Feedback-Type: auth-failure
User-Agent: Reporter/1.0
Version: 1
Original-Mail-From: <bounce@club.example>
Original-Rcpt-To: <anna@receiver.example>
Arrival-Date: Thu, 1 Jan 2026 09:00:00 +0100
Source-IP: 192.0.2.7
Reported-Domain: club.example
Auth-Failure: dmarc
Delivery-Result: reject
Identity-Alignment: dkim, spf
DKIM-Domain: club.example
DKIM-Selector: s1
Authentication-Results: mx.receiver.example;
 dkim=fail header.d=club.example;
 spf=softfail smtp.mailfrom=club.example
`;
const ORIGINAL =
  'From: Club <info@club.example>\nTo: anna@receiver.example\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nMessage-ID: <m@club.example>\nDate: Thu, 1 Jan 2026 08:59:00 +0100\n';
const top = (id: string, subject = 'Failure report') =>
  `From: dmarc@receiver.example\nTo: d@reports.example\nSubject: ${subject}\nMessage-ID: <${id}@receiver.example>\nMIME-Version: 1.0\n`;
const part = (type: string, body: string, more = '') => `--b\nContent-Type: ${type}\n${more}\n${body}\n`;
const report = (id: string, parts: string, type = 'multipart/report; report-type=feedback-report') =>
  `${top(id)}Content-Type: ${type}; boundary="b"\n\n${part('text/plain', 'This is a failure report.')}${parts}--b--\n`;
const usual = (fields: string) =>
  part('message/feedback-report', fields) + part('message/rfc822', `${ORIGINAL}\nHello`, 'Content-Disposition: inline\n');

type Wanted = Partial<Record<keyof FailureReport, unknown>> & { ip?: string | null; domain?: string | null };
const USUAL: Wanted = {
  ip: '192.0.2.7',
  domain: 'club.example',
  authFailure: 'dmarc',
  originalSubject: 'Grüße',
  originalMessageId: '<m@club.example>',
};

const STYLES: readonly [says: string, id: string, raw: string, wanted: Wanted][] = [
  [
    'all fields, as the RFC has it',
    'rfc',
    report('rfc', usual(FIELDS)),
    {
      ...USUAL,
      deliveryResult: 'reject',
      identityAlignment: ['dkim', 'spf'],
      dkimDomain: 'club.example',
      dkimSelector: 's1',
      arrivalS: 1767254400,
      originalRecipients: ['<anna@receiver.example>'],
      authenticationResults: ['mx.receiver.example; dkim=fail header.d=club.example; spf=softfail smtp.mailfrom=club.example'],
      userAgent: 'Reporter/1.0',
    },
  ],
  ['lines that end in CRLF', 'crlf', report('crlf', usual(FIELDS)).replaceAll('\n', '\r\n'), USUAL],
  [
    'headers of the original only',
    'hdr',
    report('hdr', part('message/feedback-report', FIELDS) + part('text/rfc822-headers', ORIGINAL)),
    USUAL,
  ],
  [
    'the original in base64',
    'ob',
    report(
      'ob',
      part('message/feedback-report', FIELDS) + part('message/rfc822', b64(`${ORIGINAL}\nHello`), 'Content-Transfer-Encoding: base64\n'),
    ),
    USUAL,
  ],
  [
    'the fields in base64',
    'fb',
    report('fb', part('message/feedback-report', b64(FIELDS), 'Content-Transfer-Encoding: base64\n') + part('message/rfc822', ORIGINAL)),
    USUAL,
  ],
  [
    'the fields in quoted-printable',
    'fq',
    report(
      'fq',
      part('message/feedback-report', FIELDS.replaceAll('=', '=3D'), 'Content-Transfer-Encoding: quoted-printable\n') +
        part('message/rfc822', ORIGINAL),
    ),
    USUAL,
  ],
  [
    'multipart/mixed, the fields as text',
    'mx',
    report('mx', part('text/plain; name=feedback.txt', FIELDS) + part('message/rfc822', ORIGINAL), 'multipart/mixed'),
    USUAL,
  ],
  [
    'the fields as application/octet-stream',
    'oct',
    report(
      'oct',
      part('application/octet-stream', b64(FIELDS), 'Content-Transfer-Encoding: base64\n') + part('message/rfc822', ORIGINAL),
      'multipart/mixed',
    ),
    USUAL,
  ],
  [
    'no failure named: only SPF',
    'spf',
    report('spf', usual(FIELDS.replace('Auth-Failure: dmarc', 'Auth-Failure: SPF\nSPF-DNS: txt : club.example : "v=spf1 -all"'))),
    { ...USUAL, authFailure: 'spf', spfDns: ['txt : club.example : "v=spf1 -all"'] },
  ],
  ['names of fields in capitals', 'up', report('up', usual(FIELDS.replace(/^[A-Za-z-]+:/gm, (name) => name.toUpperCase()))), USUAL],
  ['a host behind the address', 'host', report('host', usual(FIELDS.replace('192.0.2.7', '192.0.2.7 (mail.other.example)'))), USUAL],
  ['an address of IPv6', 'v6', report('v6', usual(FIELDS.replace('192.0.2.7', 'IPv6:2001:DB8::7'))), { ...USUAL, ip: '2001:db8::7' }],
  ['no address', 'noip', report('noip', usual(FIELDS.replace(/Source-IP.*\n/, ''))), { ...USUAL, ip: null }],
  [
    'several domains',
    'sev',
    report('sev', usual(FIELDS.replace('Reported-Domain: club.example', 'Reported-Domain: Club.Example.\nReported-Domain: other.example'))),
    USUAL,
  ],
  ['several failures in one mail', 'inc', report('inc', usual(`${FIELDS}Incidents: 14\n`)), { ...USUAL, incidents: 14 }],
  ['no type, but a failure', 'nt', report('nt', usual(FIELDS.replace('Feedback-Type: auth-failure\n', ''))), USUAL],
  [
    'no Reported-Domain, a DKIM-Domain',
    'dd',
    report('dd', usual(FIELDS.replace('Reported-Domain: club.example\n', ''))),
    { ip: '192.0.2.7', authFailure: 'dmarc', dkimDomain: 'club.example' },
  ],
  [
    'attached to a mail that a person forwards',
    'fwd',
    `${top('outer', 'Fwd: report')}Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: text/plain\n\nplease look\n--o\nContent-Type: message/rfc822\n\n${report('fwd', usual(FIELDS))}\n--o--\n`,
    USUAL,
  ],
  [
    'signed with S/MIME',
    'sm',
    `${top('sm')}Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=s\n\n--s\n${report('in', usual(FIELDS)).replace(/^[\s\S]*?(?=Content-Type: multipart)/, '')}\n--s\nContent-Type: application/pkcs7-signature\nContent-Transfer-Encoding: base64\n\nMIIC\n--s--\n`,
    USUAL,
  ],
  [
    'labelled lines of a tool',
    'lab',
    `${top('lab', 'DMARC failure report for club.example')}Content-Type: text/plain\n\nA message failed.\n\nSender Domain: club.example\nSender IP Address: 192.0.2.7\nReceived Date: Thu, 1 Jan 2026 09:00:00 +0100\n`,
    { ip: '192.0.2.7', domain: 'club.example', arrivalS: 1767254400 },
  ],
];

for (const [says, id, raw, wanted] of STYLES) {
  test(`a failure report: ${says}`, async () => {
    const { findings } = await findAll(raw);
    const told = JSON.stringify(findings.map(({ kind, error, warnings }) => ({ kind, error, warnings })));
    assert.equal(findings.length, 1, told);
    const report = findings[0]?.report;
    assert.ok(report?.kind === 'failure', told);
    assert.equal(report.reportId, `<${id}@receiver.example>`);
    const seen: Record<string, unknown> = { ...report, ip: report.sourceIp?.ip ?? null, domain: report.reportedDomains[0]?.domain ?? null };
    for (const [field, value] of Object.entries(wanted)) assert.deepEqual(seen[field], value, field);
  });
}

test('complaints and bounces are no failure reports', async () => {
  const raws = [
    report('ab', usual(FIELDS.replace('auth-failure', 'abuse'))),
    report('ds', part('message/delivery-status', 'Reporting-MTA: dns; x\n\nAction: failed\n')),
  ];
  for (const raw of raws)
    assert.deepEqual(
      (await findAll(raw)).findings.map(({ kind }) => kind),
      ['none'],
    );
});
