// This file checks what a mail proves of its From, over a zone that is a literal.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { dkimSign } from 'mailauth';
import { zoneLookup } from '../../../test/support/zone.ts';
import { judgeReport } from '../../flows/read-report-mails.ts';
import { makeDkimSigner } from '../../mail/dkim.ts';
import type { DomainReport } from '../../mail/domain-reports/model.ts';
import { authenticateMail } from './authenticate-mail.ts';
import { mailauthResolver } from './mailauth-resolver.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const KEY = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const ZONE = {
  's1._domainkey.reporter.example': { TXT: [KEY] },
  's1._domainkey.away.example': { fails: true as const },
  's1._domainkey.listed.example': { TXT: [KEY] },
  '_dmarc.listed.example': { TXT: ['v=DMARC1; p=none'] },
  'listed.example': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
  '_dmarc.strict.example': { TXT: ['v=DMARC1; p=reject; adkim=s; aspf=s'] },
  'reporter.example': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
  'mail.reporter.example': { TXT: ['v=spf1 mx -all'], MX: [[10, 'mx.reporter.example']] as const },
  'mx.reporter.example': { A: ['192.0.2.2'] },
  'strict.example': { TXT: ['v=spf1 -all'] },
  'out.strict.example': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
  'slow.example': { fails: true as const },
};

const mailFrom = (from: string) => Buffer.from(`From: ${from}\r\nSubject: Report\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nHello\r\n`);
const signed = (from: string, domain: string) => makeDkimSigner({ domain, selector: 's1', privateKey }).sign(mailFrom(from), Date.now());

/** A mail whose signature covers the first line of its body, and what somebody wrote behind it. */
async function lengthened(from: string, domain: string): Promise<Buffer> {
  const raw = mailFrom(from);
  const key = { signingDomain: domain, selector: 's1', privateKey: PEM };
  const options = { canonicalization: 'relaxed/relaxed', algorithm: 'rsa-sha256', ...key };
  const signatureData = [{ ...key, maxBodyLength: 'Hello\r\n'.length }];
  const { signatures } = await dkimSign(raw, Object.assign(options, { signatureData }));
  return Buffer.concat([Buffer.from(signatures), raw, Buffer.from('<feedback>forged</feedback>\r\n')]);
}

const CASES: readonly [
  what: string,
  raw: () => Buffer | Promise<Buffer>,
  way: { remoteAddress?: string; mailFrom?: string },
  result: string,
][] = [
  ['a signature of the domain', () => signed('dmarc@reporter.example', 'reporter.example'), {}, 'pass'],
  ['a signature of the parent', () => signed('dmarc@news.reporter.example', 'reporter.example'), {}, 'pass'],
  ['a signature of somebody else', () => signed('dmarc@victim.example', 'reporter.example'), {}, 'fail'],
  [
    'a changed mail',
    async () => Buffer.from(String(await signed('dmarc@reporter.example', 'reporter.example')).replace('Hello', 'Hullo')),
    {},
    'fail',
  ],
  ['the right server', () => mailFrom('dmarc@reporter.example'), { remoteAddress: '192.0.2.1', mailFrom: 'b@reporter.example' }, 'pass'],
  [
    'a server of the MX',
    () => mailFrom('dmarc@reporter.example'),
    { remoteAddress: '192.0.2.2', mailFrom: 'b@mail.reporter.example' },
    'pass',
  ],
  ['another server', () => mailFrom('dmarc@reporter.example'), { remoteAddress: '198.51.100.1', mailFrom: 'b@reporter.example' }, 'fail'],
  ['strict alignment', () => mailFrom('dmarc@strict.example'), { remoteAddress: '192.0.2.1', mailFrom: 'b@out.strict.example' }, 'fail'],
  ['from a mailbox, unsigned', () => mailFrom('dmarc@reporter.example'), { mailFrom: 'b@reporter.example' }, 'fail'],
  ['the key is not answered', () => signed('dmarc@away.example', 'away.example'), {}, 'unreachable'],
  ['SPF is not answered', () => mailFrom('dmarc@slow.example'), { remoteAddress: '192.0.2.1', mailFrom: 'b@slow.example' }, 'unreachable'],
  ['a signature of the beginning alone', () => lengthened('dmarc@reporter.example', 'reporter.example'), {}, 'fail'],
  ['the same where a policy is published', () => lengthened('dmarc@listed.example', 'listed.example'), {}, 'fail'],
  [
    'the same from the right server',
    () => lengthened('dmarc@listed.example', 'listed.example'),
    { remoteAddress: '192.0.2.1', mailFrom: 'b@listed.example' },
    'pass',
  ],
  ['no From', () => Buffer.from('Subject: x\r\n\r\nx\r\n'), {}, 'none'],
  ['two authors', () => mailFrom('a@reporter.example, b@victim.example'), {}, 'none'],
];

for (const [what, raw, way, expected] of CASES) {
  test(`${what}: ${expected}`, async () => {
    const input = { remoteAddress: '', mailFrom: '', ...way, raw: await raw(), hostname: 'desk.example' };
    const { result } = await authenticateMail({ ...input, resolve: mailauthResolver(zoneLookup(ZONE)) });
    assert.equal(result, expected);
  });
}

test('of a mail with thousands of signatures the first are looked at', async () => {
  // Every length is a digest of the whole body of its own: all of them keep the process busy for minutes.
  const signature = (n: number) =>
    `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=reporter.example; s=s${n}; l=${n}; h=from; bh=aaaa; b=aaaa\r\n`;
  const body = Buffer.from('x y\r\n'.repeat(400_000));
  const startedMs = performance.now();
  for (const count of [1_500, 5_000]) {
    const head = `${Array.from({ length: count }, (_, n) => signature(n + 100_000)).join('')}From: dmarc@reporter.example\r\n\r\n`;
    const input = { raw: Buffer.concat([Buffer.from(head), body]), remoteAddress: '', mailFrom: '', hostname: 'desk.example' };
    const { result } = await authenticateMail({ ...input, resolve: mailauthResolver(zoneLookup(ZONE)) });
    assert.equal(result, 'fail');
  }
  assert.equal(performance.now() - startedMs < 8_000, true);
});

test('the signatures of those who passed a mail on do not hide that of its author', async () => {
  const raw = await signed('dmarc@reporter.example', 'reporter.example');
  const passed = 'DKIM-Signature: v=1; a=rsa-sha256; d=list.example; s=s; h=from; bh=aaaa; b=aaaa\r\n'.repeat(6);
  const input = { raw: Buffer.concat([Buffer.from(passed), raw]), remoteAddress: '', mailFrom: '', hostname: 'desk.example' };
  const { result } = await authenticateMail({ ...input, resolve: mailauthResolver(zoneLookup(ZONE)) });
  assert.equal(result, 'pass');
});

test('a report is believed when its mail proves the domain that it claims to come from', () => {
  const proof = (domain: string, result: 'pass' | 'fail' = 'pass') => ({ result, domain });
  // Only these fields are looked at.
  const report = (orgName: string | null, email: string | null) => ({ kind: 'aggregate', orgName, email }) as DomainReport;
  const cases: [DomainReport, ReturnType<typeof proof>, string | null, string][] = [
    [report('google.com', 'noreply-dmarc-support@google.com'), proof('google.com'), null, 'pass'],
    [report('Outlook.com', 'dmarcreport@microsoft.com'), proof('microsoft.com'), 'protection.outlook.com', 'pass'],
    [report('Some Company', null), proof('anything.example'), null, 'pass'],
    [report('google.com', 'noreply@google.com'), proof('evil.example'), null, 'mismatch'],
    [report('google.com', 'noreply@google.com'), proof('google.com', 'fail'), 'google.com', 'fail'],
    [report('google.com.evil.example', 'x@evil.example'), proof('evil.example'), null, 'pass'],
  ];
  for (const [given, by, submitter, expected] of cases) {
    const judged = judgeReport(given, by, submitter);
    assert.deepEqual([judged.authentication, judged.proven], [expected, expected === 'pass'], JSON.stringify([given, by]));
  }
});
