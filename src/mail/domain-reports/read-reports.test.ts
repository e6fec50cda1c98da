import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fc } from '../../../test/support/property.ts';
import { feedback, findAll, METADATA, mailWith, POLICY, RECORD, REPORT, zip } from '../../../test/support/reports.ts';

const SECOND = REPORT.replace('r-1', 'r-2');
const AGGREGATE = 'aggregate r-1';

/** `kind id` of a report, `kind CODE` of a refusal; warnings behind it. */
async function outcome(bytes: Buffer | string, cuts: readonly number[] = []): Promise<string[]> {
  const { findings } = await findAll(bytes, cuts);
  return findings.map(({ kind, report, error, warnings }) => {
    const what = report === null ? error?.code : report.reportId;
    return [`${kind} ${what}`, ...warnings.map(({ code }) => code)].join(' ');
  });
}

const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);
const big = feedback(METADATA + POLICY + RECORD.repeat(2000));
const nested = (depth: number): Buffer => (depth === 0 ? Buffer.from(REPORT) : zip([{ name: 'a.zip', content: nested(depth - 1) }]));
const flip = (bytes: Buffer, at: number) => Buffer.from(bytes.map((byte, i) => (i === at ? byte ^ 0xff : byte)));
const gz = gzipSync(REPORT);

const INPUTS: readonly [because: string, bytes: Buffer | string, expected: readonly string[]][] = [
  ['bare XML', REPORT, [AGGREGATE]],
  ['gzip', gz, [AGGREGATE]],
  ['gzip in two members', Buffer.concat([gzipSync(REPORT.slice(0, 300)), gzipSync(REPORT.slice(300))]), [AGGREGATE]],
  ['gzip with a line end behind it', Buffer.concat([gz, Buffer.from('\r\n')]), [`${AGGREGATE} bytes-behind-archive`]],
  ['gzip in gzip', gzipSync(gz), [AGGREGATE]],
  ['gzip with a name, a comment and extras', named(gz), [AGGREGATE]],
  ['gzip cut off', half(gzipSync(big)), ['aggregate REPORT_ARCHIVE_DAMAGED']],
  ['gzip without its check sum', gz.subarray(0, -8), ['none REPORT_ARCHIVE_DAMAGED']],
  ['gzip with another check sum', flip(gz, gz.length - 8), ['none REPORT_ARCHIVE_DAMAGED']],
  ['gzip of something else', gzipSync('Test file'), ['none REPORT_NOT_FOUND']],
  ['a gzip header alone', Buffer.from([0x1f, 0x8b]), ['none REPORT_ARCHIVE_DAMAGED']],
  ['zip', zip([{ name: 'r.xml', content: REPORT }]), [AGGREGATE]],
  ['zip whose member has no name', zip([{ name: '', content: REPORT }]), [AGGREGATE]],
  ['zip whose member is a path', zip([{ name: '../../etc/passwd', content: REPORT }]), [AGGREGATE]],
  [
    'zip with two reports and a text',
    zip([
      { name: 'a', content: REPORT },
      { name: 'b', content: 'Read me' },
      { name: 'c', content: SECOND },
    ]),
    [AGGREGATE, 'aggregate r-2'],
  ],
  ['zip with gzip inside', zip([{ name: 'r.xml.gz', content: gz }]), [AGGREGATE]],
  [
    'zip with a damaged member',
    zip([
      { name: 'a', content: REPORT, lie: 'sum' },
      { name: 'c', content: SECOND },
    ]),
    ['none REPORT_ARCHIVE_DAMAGED', 'aggregate r-2'],
  ],
  ['zip with an encrypted member', zip([{ name: 'a', content: REPORT, lie: 'encrypted' }]), ['none REPORT_ARCHIVE_DAMAGED']],
  ['zip cut off', half(zip([{ name: 'a', content: REPORT }])), ['none REPORT_ARCHIVE_DAMAGED']],
  ['zip without members', zip([]), ['none REPORT_NOT_FOUND']],
  ['zip with many members', zip(Array.from({ length: 21 }, () => ({ name: 'a', content: REPORT }))), ['none REPORT_LIMIT']],
  ['zip in zip in zip', nested(3), [AGGREGATE]],
  ['zips nested deeper', nested(4), ['none REPORT_LIMIT']],
  ['a mail with zip', mailWith(zip([{ name: 'a', content: REPORT }])), [AGGREGATE]],
  [
    'a mail that is the gzip alone',
    `From: a@example.com\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n${gz.toString('base64')}\r\n`,
    [AGGREGATE],
  ],
  [
    'a mail whose attachment says it is a picture',
    mailWith(gz, 'Content-Type: image/png\r\nContent-Transfer-Encoding: base64'),
    [AGGREGATE],
  ],
  [
    'a mail whose attachment says it is HTML',
    mailWith(REPORT, 'Content-Type: text/html\r\nContent-Transfer-Encoding: base64'),
    [AGGREGATE],
  ],
  ['a mail whose attachment forgot its encoding', mailWith(gz, 'Content-Type: application/gzip'), [AGGREGATE]],
  ['a mail with LF alone', mailWith(gz).replaceAll('\r\n', '\n'), [AGGREGATE]],
  [
    'a mail in quoted-printable',
    `Subject: x\nContent-Type: text/xml\nContent-Transfer-Encoding: quoted-printable\n\n${REPORT.replaceAll('=', '=3D')}`,
    [AGGREGATE],
  ],
  [
    'a mail attached to a mail',
    `From: b@example.com\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n${mailWith(gz)}\r\n--o--\r\n`,
    [AGGREGATE],
  ],
  ['a mail out of a mailbox file', `From dmarc@receiver.example Mon Jan  1 00:00:00 2026\n${mailWith(gz)}`, [AGGREGATE]],
  ['a mail without a report', 'From: a@example.com\r\nSubject: Hello\r\n\r\n{ "not": "a report" }\r\n', ['none REPORT_NOT_FOUND']],
  ['a mail with a damaged attachment', mailWith(half(gzipSync(big))), ['aggregate REPORT_ARCHIVE_DAMAGED']],
];

function named(bytes: Buffer): Buffer {
  const flags = Buffer.from(bytes.subarray(0, 10));
  flags[3] = 4 | 8 | 16 | 2;
  return Buffer.concat([flags, Buffer.from([3, 0, 1, 2, 3]), Buffer.from('name\0comment\0'), Buffer.from([0, 0]), bytes.subarray(10)]);
}

for (const [because, bytes, expected] of INPUTS) {
  test(`${because}: ${expected.join(', ')}`, async () => assert.deepEqual(await outcome(bytes), expected));
}

test('a bomb of spaces ends at the first limits, in gzip and in zip', async () => {
  const spaces = feedback(METADATA + POLICY + ' '.repeat(30_000_000));
  assert.deepEqual(await outcome(gzipSync(spaces)), ['aggregate REPORT_LIMIT']);
  assert.deepEqual(await outcome(zip([{ name: 'a', content: spaces }])), ['aggregate REPORT_LIMIT']);
});

test('a bomb of valid records ends at the ratio', async () => {
  const records = `${METADATA}${POLICY}${`<!--${'x'.repeat(3000)}--><record/>`.repeat(10_000)}`;
  const { findings } = await findAll(gzipSync(feedback(records)));
  assert.equal(findings.length, 1);
  assert.match(findings[0]?.error?.message ?? '', /bytes for each of its own/);
});

test('a report is the same however its bytes are cut', async () => {
  const text = Buffer.from(feedback(METADATA.replace('Receiver', 'Verein Österreich €') + POLICY + RECORD.repeat(3)));
  for (const bytes of [text, gzipSync(text), Buffer.from(mailWith(gzipSync(text))), text.subarray(0, -20)]) {
    const whole = await findAll(bytes);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), async (cuts) => {
        assert.deepEqual(await findAll(bytes, cuts), whole);
      }),
      { numRuns: 50 },
    );
  }
});

test('random bytes, and random damage to real forms, give a finding and never throw', async () => {
  const forms = [Buffer.from(REPORT), gz, zip([{ name: 'a', content: REPORT }]), Buffer.from(mailWith(gz)), Buffer.from(TLS)];
  const damaged = fc
    .tuple(fc.constantFrom(...forms), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), fc.nat())
    .map(([form, edits, cut]) => {
      const bytes = Buffer.from(form);
      for (const [at, value] of edits) bytes[at % bytes.length] = value;
      return cut % 4 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
    });
  const random = fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes));
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged, random), async (bytes) => {
      const { findings } = await findAll(bytes);
      assert.ok(findings.length > 0);
      for (const { error, report } of findings) assert.ok((error === null) !== (report === null));
    }),
    { numRuns: 500 },
  );
});

const TLS = JSON.stringify({ 'organization-name': 'T', 'report-id': 't-1', policies: [] });

const CORPUS = new URL('../../../../shared/corpus/dmarc/', import.meta.url);
const skip = existsSync(CORPUS) ? false : 'the folder of labelled reports is not here';

interface Labelled {
  readonly file: string;
  readonly kind: string;
  readonly report_id?: string;
  readonly records?: number;
  readonly total_messages?: number;
  readonly pass_messages?: number;
}

test('every labelled report is read as its label says', { skip }, async () => {
  const rows = readFileSync(new URL('index.jsonl', CORPUS), 'utf8').trim().split('\n');
  for (const row of rows) {
    // The folder's own form.
    const label = JSON.parse(row) as Labelled;
    const { findings, records } = await findAll(readFileSync(new URL(label.file, CORPUS)));
    const [finding] = findings;
    assert.equal(finding?.kind, label.kind, label.file);
    if (finding?.report?.kind !== 'aggregate') continue;
    const { reportId, totalMessages, passMessages } = finding.report;
    assert.deepEqual(
      [reportId, records.length, Number(totalMessages), Number(passMessages)],
      [label.report_id, label.records, label.total_messages, label.pass_messages],
      label.file,
    );
  }
});
