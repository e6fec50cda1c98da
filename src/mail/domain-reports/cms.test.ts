// This file reads reports that S/MIME signed and wrapped, in lengths of both kinds, and says of encrypted ones what they are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fc } from '../../../test/support/property.ts';
import { findAll, REPORT } from '../../../test/support/reports.ts';
import { looksLikeCms, openCms } from './cms.ts';
import { mayHoldReport } from './may-hold-report.ts';

const ends = Buffer.of(0, 0);
/** An element of a known length, or (pieces) one that ends with two zero bytes. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([Buffer.of(tag, 0x84), length, content]);
}
const open = (tag: number, ...parts: Buffer[]) => Buffer.concat([Buffer.of(tag, 0x80), ...parts, ends]);
const oid = (last: number) => Buffer.from(`06092a864886f70d0107${last.toString(16).padStart(2, '0')}`, 'hex');
const VERSION = Buffer.of(0x02, 1, 1);
const DIGESTS = der(0x31);

const signed = (content: Buffer | string) =>
  der(0x30, oid(2), der(0xa0, der(0x30, VERSION, DIGESTS, der(0x30, oid(1), der(0xa0, der(0x04, Buffer.from(content)))), der(0x31))));
/** As signers that stream write it. */
function streamed(content: string): Buffer {
  const pieces = content.match(/[\s\S]{1,100}/g)?.map((piece) => der(0x04, Buffer.from(piece))) ?? [];
  const encapsulated = open(0x30, oid(1), open(0xa0, open(0x24, ...pieces)));
  return open(0x30, oid(2), open(0xa0, open(0x30, VERSION, DIGESTS, encapsulated, der(0x31))));
}
const encrypted = der(0x30, oid(3), der(0xa0, der(0x30, VERSION, der(0x31), der(0x30, oid(1), der(0x80, Buffer.alloc(40, 7))))));

const HEAD = 'From: r@reporter.example\r\nTo: d@reports.example\r\nSubject: Report\r\nMIME-Version: 1.0\r\n';
const mail = (cms: Buffer, type = 'application/pkcs7-mime; smime-type=signed-data; name=smime.p7m') =>
  `${HEAD}Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${cms.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`;
const PACKED = `Content-Type: application/gzip; name=r.xml.gz\r\nContent-Transfer-Encoding: base64\r\n\r\n${gzipSync(REPORT).toString('base64')}\r\n`;
const FAILURE = `Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: message/feedback-report\r\n
Feedback-Type: auth-failure\r\nVersion: 1\r\nSource-IP: 192.0.2.7\r\nReported-Domain: club.example\r\nAuth-Failure: dmarc\r\n\r\n--b--\r\n`;
const LETTER = 'Content-Type: text/plain\r\n\r\nWhere is my newsletter?\r\n';

const ROWS: readonly (readonly [because: string, bytes: Buffer | string, expected: string])[] = [
  ['a packed report in a signed mail', mail(signed(PACKED)), 'aggregate r-1'],
  ['one that was streamed', mail(streamed(PACKED)), 'aggregate r-1'],
  ['by content, whatever the type', mail(signed(PACKED), 'application/octet-stream; name=x'), 'aggregate r-1'],
  ['signed twice', mail(signed(mail(signed(PACKED)))), 'aggregate r-1'],
  ['a failure report', mail(signed(FAILURE)), 'failure null'],
  ['a file that somebody signed', signed(REPORT), 'aggregate r-1'],
  ['that file in a mail', mail(signed(REPORT)), 'aggregate r-1'],
  ['a letter of a person', mail(signed(LETTER)), 'none REPORT_NOT_FOUND'],
  ['encrypted', mail(encrypted, 'application/pkcs7-mime; smime-type=enveloped-data'), 'none REPORT_ENCRYPTED'],
  ['an encrypted file', encrypted, 'none REPORT_ENCRYPTED'],
  ['cut off', signed(REPORT).subarray(0, 400), 'none REPORT_ARCHIVE_DAMAGED'],
  ['a signature alone', der(0x30, oid(2), der(0xa0, der(0x30, VERSION, DIGESTS, der(0x30, oid(1))))), 'none REPORT_ARCHIVE_DAMAGED'],
];

test('a report that S/MIME signed and wrapped is read; one that is encrypted says so', async () => {
  for (const [because, bytes, expected] of ROWS) {
    const { findings } = await findAll(bytes);
    assert.deepEqual(
      findings.map(({ kind, report, error }) => `${kind} ${report === null ? error?.code : report.reportId}`),
      [expected],
      because,
    );
  }
});

test('mail of people is not taken for reports because it is signed or encrypted', () => {
  assert.equal(mayHoldReport(Buffer.from(mail(signed(PACKED)))), true);
  assert.equal(mayHoldReport(Buffer.from(mail(signed(LETTER)))), false);
  assert.equal(mayHoldReport(Buffer.from(mail(encrypted))), false);
});

test('whatever was changed or cut, opening ends without an exception, and what is whole comes out whole', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 700 }), fc.nat(), fc.nat(255), (text, at, byte) => {
      const content = Buffer.from(text);
      for (const whole of [signed(content), streamed(content.toString('latin1'))]) {
        assert.ok(looksLikeCms(whole));
        const changed = Buffer.from(whole);
        changed[at % changed.length] = byte;
        openCms(changed);
        openCms(whole.subarray(0, at % whole.length));
      }
      assert.deepEqual(openCms(signed(content)), { kind: 'signed', content });
    }),
  );
});

test('pieces in pieces and a million of them end at the limits', () => {
  let deep = der(0x04, Buffer.from('x'));
  for (let n = 0; n < 2_000; n += 1) deep = open(0x24, deep);
  const around = (octets: Buffer) => open(0x30, oid(2), open(0xa0, open(0x30, VERSION, DIGESTS, open(0x30, oid(1), open(0xa0, octets)))));
  assert.equal(openCms(around(deep)).kind, 'empty');
  const piece = der(0x04, Buffer.from('x'));
  assert.equal(openCms(around(open(0x24, Buffer.concat(Array.from({ length: 1_000_000 }, () => piece))))).kind, 'empty');
});
