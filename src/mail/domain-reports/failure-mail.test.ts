import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAll } from '../../../test/support/reports.ts';
import type { FailureReport } from './model.ts';

const FIELDS =
  'Feedback-Type: auth-failure\r\nUser-Agent: Filter/1.0\r\nVersion: 1\r\nOriginal-Mail-From: <a@verein.example>\r\nOriginal-Rcpt-To: <b@receiver.example>\r\n' +
  'Arrival-Date: Tue, 05 May 2026 08:00:00 +0200\r\nSource-IP: 192.0.2.7 (host.example)\r\nReported-Domain: Verein.Example\r\nReported-Domain: other.example\r\n' +
  'Authentication-Results: mx.receiver.example;\r\n\tdmarc=fail header.from=verein.example\r\nAuth-Failure: dmarc\r\nDelivery-Result: Reject\r\nIdentity-Alignment: DKIM, spf\r\n' +
  'DKIM-Domain: verein.example\r\nDKIM-Identity: @verein.example\r\nDKIM-Selector: s1\r\nSPF-DNS: txt : verein.example : "v=spf1 -all"\r\nIncidents: 3\r\nOriginal-Envelope-Id: e1\r\n';
const ORIGINAL = 'From: Club <a@verein.example>\r\nSubject: =?utf-8?q?F=C3=A4llig?=\r\nMessage-ID: <o1@verein.example>\r\n\r\nHello\r\n';
const part = (type: string, content: string, encoding = '') => `--b\r\nContent-Type: ${type}\r\n${encoding}\r\n${content}\r\n`;
const mail = (parts: string, type = 'multipart/report; report-type=feedback-report') =>
  `From: dmarc@receiver.example\r\nSubject: FW: DMARC failure report\r\nMessage-ID: <f1@receiver.example>\r\nContent-Type: ${type}; boundary=b\r\n\r\n${parts}--b--\r\n`;
const TEXT = part('text/plain', 'A message failed.');
const WHOLE = mail(TEXT + part('message/feedback-report', FIELDS) + part('message/rfc822', ORIGINAL));

async function failure(raw: string): Promise<FailureReport> {
  const { findings } = await findAll(raw);
  assert.equal(findings.length, 1);
  assert.ok(findings[0]?.report?.kind === 'failure');
  return findings[0].report;
}

test('every field of a failure report has its place', async () => {
  assert.deepEqual(await failure(WHOLE), {
    kind: 'failure',
    reportId: '<f1@receiver.example>',
    userAgent: 'Filter/1.0',
    version: '1',
    authFailure: 'dmarc',
    deliveryResult: 'reject',
    sourceIp: { text: '192.0.2.7 (host.example)', ip: '192.0.2.7' },
    reportedDomains: [
      { text: 'Verein.Example', domain: 'verein.example' },
      { text: 'other.example', domain: 'other.example' },
    ],
    originalMailFrom: '<a@verein.example>',
    originalRecipients: ['<b@receiver.example>'],
    originalEnvelopeId: 'e1',
    arrivalDate: 'Tue, 05 May 2026 08:00:00 +0200',
    arrivalS: 1777960800,
    authenticationResults: ['mx.receiver.example;\tdmarc=fail header.from=verein.example'],
    identityAlignment: ['dkim', 'spf'],
    dkimDomain: 'verein.example',
    dkimIdentity: '@verein.example',
    dkimSelector: 's1',
    spfDns: ['txt : verein.example : "v=spf1 -all"'],
    incidents: 3,
    originalFrom: 'Club <a@verein.example>',
    originalSubject: 'Fällig',
    originalMessageId: '<o1@verein.example>',
  });
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

const FORMS: readonly [because: string, raw: string][] = [
  ['line ends of LF alone', WHOLE.replaceAll('\r\n', '\n')],
  [
    'the part in base64, in multipart/mixed',
    mail(TEXT + part('message/feedback-report', base64(FIELDS), 'Content-Transfer-Encoding: base64\r\n'), 'multipart/mixed'),
  ],
  ['the part as a text', mail(TEXT + part('text/plain', FIELDS))],
  [
    'the fields in a text that a person forwards',
    mail(part('text/plain', `See below.\r\n\r\n${FIELDS.replace(/^(?=[A-Z])/gm, '  ')}`), 'multipart/mixed'),
  ],
  ['the original as headers only', mail(part('message/feedback-report', FIELDS) + part('text/rfc822-headers', ORIGINAL))],
  ['no type but Auth-Failure', mail(part('message/feedback-report', FIELDS.replace('Feedback-Type: auth-failure\r\n', '')))],
  [
    'the report attached to a mail',
    `From: c@example.com\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n${WHOLE}\r\n--o--\r\n`,
  ],
];

for (const [because, raw] of FORMS) {
  test(`${because}: read`, async () => {
    const { reportId, sourceIp, reportedDomains, authFailure } = await failure(raw);
    assert.deepEqual(
      [reportId, sourceIp?.ip, reportedDomains[0]?.domain, authFailure],
      ['<f1@receiver.example>', '192.0.2.7', 'verein.example', 'dmarc'],
    );
  });
}

test('labelled lines make a report where there is no machine-readable part', async () => {
  const text =
    '  Sender Domain: verein.example\r\n  Sender IP Address: 192.0.2.7\r\n  Received date: Tue, 05 May 2026 08:00:00 +0200\r\n\r\n----- copy\r\nSource-IP: 192.0.2.99\r\n';
  const report = await failure(mail(part('text/plain', text)));
  assert.deepEqual([report.sourceIp?.ip, report.reportedDomains[0]?.domain, report.arrivalS], ['192.0.2.7', 'verein.example', 1777960800]);
});

test('a complaint is no failure report, and what the original carries is not opened', async () => {
  const complaint = await findAll(
    mail(TEXT + part('message/feedback-report', FIELDS.replace('auth-failure', 'abuse').replace('Auth-Failure: dmarc\r\n', ''))),
  );
  assert.deepEqual(
    complaint.findings.map(({ kind }) => kind),
    ['none'],
  );
  const original = `Subject: x\r\nContent-Type: text/xml\r\n\r\n<feedback><report_metadata><report_id>1</report_id></report_metadata></feedback>\r\n`;
  const { findings } = await findAll(mail(part('message/feedback-report', FIELDS) + part('message/rfc822', original)));
  assert.deepEqual(
    findings.map(({ kind }) => kind),
    ['failure'],
  );
});
