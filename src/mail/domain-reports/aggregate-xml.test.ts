import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DECLARATION, feedback, findAll, METADATA, POLICY, RECORD, REPORT } from '../../../test/support/reports.ts';
import type { AggregateReport } from './model.ts';

async function aggregate(xml: string | Buffer): Promise<{ report: AggregateReport; warnings: string[] }> {
  const { findings } = await findAll(xml);
  const [finding] = findings;
  assert.equal(findings.length, 1);
  assert.equal(finding?.error, null);
  assert.ok(finding?.report?.kind === 'aggregate');
  return { report: finding.report, warnings: finding.warnings.map(({ code }) => code) };
}

async function refusal(xml: string | Buffer): Promise<string> {
  const { findings } = await findAll(xml);
  assert.equal(findings.length, 1);
  return `${findings[0]?.kind} ${findings[0]?.error?.code}`;
}

test('every field of a report has its place', async () => {
  const xml =
    `${DECLARATION}<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"><version>1.0</version><report_metadata><org_name>Receiver </org_name><email>d@r.example</email>` +
    '<extra_contact_info>https://r.example</extra_contact_info><report_id>18446744073709551617</report_id><date_range><begin>1735689600</begin><end>1735775999</end></date_range>' +
    '<error lang="en">one record lost</error><generator>G 1</generator></report_metadata><policy_published><domain>Verein.Example.</domain><p>none</p><sp>quarantine</sp><np>reject</np>' +
    '<adkim>r</adkim><aspf>s</aspf><fo>1</fo><testing>y</testing><discovery_method>treewalk</discovery_method></policy_published><extension/>' +
    '<record><row><source_ip>2001:DB8:0:0:0:0:0:A</source_ip><count>3</count><policy_evaluated><disposition>Pass</disposition><dkim>Fail</dkim><spf> PASS </spf>' +
    '<reason><type>Mailing_List</type><comment lang="en">arc=pass</comment></reason></policy_evaluated></row><identifiers><header_from>a.verein.example</header_from>' +
    '<envelope_from>b.example</envelope_from><envelope_to>c.example</envelope_to></identifiers><auth_results><dkim><domain>D.example</domain><selector>s</selector><result>pass</result>' +
    '<human_result lang="en">ok</human_result></dkim><dkim><domain>e.example</domain><result>fail</result></dkim><spf><domain>b.example</domain><scope>mfrom</scope><result>pass</result></spf></auth_results></record></feedback>';
  const { findings, records } = await findAll(xml);
  const [finding] = findings;
  assert.deepEqual(finding, {
    kind: 'aggregate',
    error: null,
    warnings: [],
    report: {
      kind: 'aggregate',
      version: '1.0',
      namespace: 'urn:ietf:params:xml:ns:dmarc-2.0',
      orgName: 'Receiver',
      email: 'd@r.example',
      extraContactInfo: 'https://r.example',
      reportId: '18446744073709551617',
      beginS: 1735689600,
      endS: 1735775999,
      errors: ['one record lost'],
      generator: 'G 1',
      policy: {
        domain: { text: 'Verein.Example.', domain: 'verein.example' },
        p: 'none',
        sp: 'quarantine',
        np: 'reject',
        adkim: 'r',
        aspf: 's',
        fo: '1',
        pct: null,
        testing: 'y',
        discoveryMethod: 'treewalk',
      },
      records: 1,
      totalMessages: 3n,
      passMessages: 3n,
    },
  });
  assert.deepEqual(records, [
    {
      sourceIp: { text: '2001:DB8:0:0:0:0:0:A', ip: '2001:db8::a' },
      count: 3n,
      disposition: 'pass',
      dkim: 'fail',
      spf: 'pass',
      passed: true,
      reasons: [{ type: 'mailing_list', comment: 'arc=pass' }],
      headerFrom: { text: 'a.verein.example', domain: 'a.verein.example' },
      envelopeFrom: 'b.example',
      envelopeTo: 'c.example',
      dkimResults: [
        { domain: { text: 'D.example', domain: 'd.example' }, selector: 's', result: 'pass', humanResult: 'ok' },
        { domain: { text: 'e.example', domain: 'e.example' }, selector: null, result: 'fail', humanResult: null },
      ],
      spfResults: [{ domain: { text: 'b.example', domain: 'b.example' }, scope: 'mfrom', result: 'pass', humanResult: null }],
    },
  ]);
});

const count = (text: string) => RECORD.replace('<count>7</count>', text);
const dates = (begin: string, end: string) => METADATA.replace('1735775999', end).replace('<begin>1735689600', `<begin>${begin}`);
const counted = (content: string) => feedback(METADATA + POLICY + content);

/** What is written, total and warnings that come of it. */
const QUIRKS: readonly [because: string, xml: string | Buffer, total: bigint, warnings: readonly string[]][] = [
  ['a byte order mark', `\uFEFF${REPORT}`, 7n, []],
  ['UTF-16 with a mark', Buffer.from(`\uFEFF${REPORT.replace('UTF-8', 'UTF-16')}`, 'utf16le'), 7n, []],
  ['UTF-16 without a mark', Buffer.from(REPORT.replace('UTF-8', 'UTF-16'), 'utf16le'), 7n, []],
  ['UTF-16 big-endian', Buffer.from(`\uFEFF${REPORT}`, 'utf16le').swap16(), 7n, []],
  ['UTF-16 only in the declaration', REPORT.replace('UTF-8', 'utf-16'), 7n, []],
  ['an encoding nobody knows', REPORT.replace('UTF-8', 'x-none-such'), 7n, ['unknown-encoding']],
  ['a byte that is not UTF-8', Buffer.from(REPORT.replace('Receiver', 'R\xe9'), 'latin1'), 7n, ['invalid-bytes']],
  ['white space before the declaration', `\r\n  ${REPORT}`, 7n, []],
  ['no declaration', REPORT.slice(DECLARATION.length), 7n, []],
  ['a comment, a CDATA section', REPORT.replace('<org_name>Receiver', '<!-- x --><org_name><![CDATA[Re<c>]]>'), 7n, []],
  ['a prefix everywhere', prefixed(REPORT), 7n, []],
  [
    'a prefix on the root alone',
    REPORT.replace('<feedback>', '<n:feedback xmlns:n="urn:x">').replace('</feedback>', '</n:feedback>'),
    7n,
    [],
  ],
  [
    'a schema around the report',
    `${DECLARATION}<xs:schema xmlns:xs="u">${REPORT.slice(DECLARATION.length)}</xs:schema>`,
    7n,
    ['report-wrapped'],
  ],
  [
    'a schema that is not closed',
    `${DECLARATION}<xs:schema xmlns:xs="u">${REPORT.slice(DECLARATION.length)}`,
    7n,
    ['report-wrapped', 'damage-behind-report'],
  ],
  ['bytes behind the end', `${REPORT}\0\0`, 7n, ['damage-behind-report']],
  ['unknown elements', counted(`<psd>y</psd>${RECORD.replace('</row>', '<x><count>99</count></x></row>')}`), 7n, ['unknown-element']],
  ['foreign records in an extension', counted(`<extension><e:x xmlns:e="u">${RECORD}</e:x></extension>${RECORD}`), 7n, []],
  [
    'a record of another namespace',
    counted(`<e:record xmlns:e="u"><row><count>9</count></row></e:record>${RECORD}`),
    7n,
    ['unknown-element'],
  ],
  [
    'a record with another default namespace',
    counted(`<record xmlns="u"><row><count>9</count></row></record>${RECORD}`),
    7n,
    ['unknown-element'],
  ],
  ['a count twice', counted(count('<count>7</count><count>9</count>')), 7n, []],
  ['a count with a fraction of nothing', counted(count('<count> 7.0 </count>')), 7n, []],
  ['a count beyond 2^53', counted(count('<count>9007199254740993</count>')), 9007199254740993n, []],
  ['a count beyond 2^63', counted(count('<count>9223372036854775808</count>') + RECORD), 7n, ['record-left-out']],
  ['a negative count', counted(count('<count>-5</count>') + RECORD), 7n, ['record-left-out']],
  ['a word for a count', counted(count('<count>seven</count>') + RECORD), 7n, ['record-left-out']],
  ['no count', counted(count('') + RECORD), 7n, ['count-missing']],
  ['a record about no traffic', counted(RECORD.replace('192.0.2.10', '').replace('<count>7<', '<count>0<')), 0n, ['source-ip-missing']],
  ['an address that is none', counted(RECORD.replace('192.0.2.10', '192.0.2.999')), 7n, ['source-ip-invalid']],
  ['times with a fraction', feedback(dates('1735689600.0', '1735775999.9') + POLICY + RECORD), 7n, []],
  ['times in milliseconds', feedback(dates('1735689600000', '1735775999999') + POLICY + RECORD), 7n, ['date-milliseconds']],
  ['times as text', feedback(dates('2025-01-01', '2025-01-01 23:59:59') + POLICY + RECORD), 7n, ['date-text']],
  ['times the wrong way round', feedback(dates('1735775999', '1735689600') + POLICY + RECORD), 7n, ['dates-swapped']],
  [
    'a misspelt range',
    feedback(METADATA.replaceAll('date_range', 'data_range') + POLICY + RECORD),
    7n,
    ['unknown-element', 'date-missing'],
  ],
  ['no policy', feedback(METADATA + RECORD), 7n, ['domain-missing']],
  ['an empty name of the organisation', REPORT.replace('Receiver', ''), 7n, ['org-name-missing']],
  ['no records', feedback(METADATA + POLICY), 0n, ['no-records']],
];

for (const [because, xml, total, warnings] of QUIRKS) {
  test(`${because}: read, with the right total`, async () => {
    const found = await aggregate(xml);
    assert.equal(found.report.totalMessages, total);
    assert.deepEqual(found.warnings, warnings);
    assert.equal(found.report.reportId, 'r-1');
  });
}

function prefixed(xml: string): string {
  return xml.replace(/<(\/?)(?=[a-z])/g, '<$1d:').replace('<d:feedback', '<d:feedback xmlns:d="http://dmarc.org/dmarc-xml/0.1"');
}

test('fractions, milliseconds and texts come to the same seconds', async () => {
  for (const [begin, end] of [
    ['1735689600.0', '1735775999.9'],
    ['1735689600000', '1735775999999'],
    ['2025-01-01', '2025-01-01 23:59:59'],
    ['2025-01-01T01:00:00+01:00', '2025-01-01T23:59:59Z'],
  ] as const) {
    const { report } = await aggregate(feedback(dates(begin, end) + POLICY + RECORD));
    assert.deepEqual([report.beginS, report.endS], [1735689600, 1735775999], begin);
  }
});

test('an absent policy tag is null, an empty one is empty', async () => {
  const absent = await aggregate(feedback(METADATA + POLICY.replace('<sp>reject</sp>', '') + RECORD));
  const empty = await aggregate(feedback(METADATA + POLICY.replace('<sp>reject</sp>', '<sp></sp>') + RECORD));
  assert.deepEqual([absent.report.policy.sp, empty.report.policy.sp], [null, '']);
});

test('only evaluated results make a message pass', async () => {
  const { report } = await aggregate(counted(RECORD.replace('<dkim>pass</dkim>', '<dkim>fail</dkim>')));
  assert.deepEqual([report.totalMessages, report.passMessages], [7n, 0n]);
});

test('a text that could be code stays a text', async () => {
  const { report } = await aggregate(REPORT.replace('Receiver', '&lt;img src=x onerror=alert(1)&gt; &#x41;&amp;'));
  assert.equal(report.orgName, '<img src=x onerror=alert(1)> A&');
});

const REFUSED: readonly [because: string, xml: string, refused: string][] = [
  [
    'a document type',
    REPORT.replace('<feedback>', '<!DOCTYPE feedback [<!ENTITY x SYSTEM "file:///etc/passwd">]><feedback>'),
    'none REPORT_DTD_REFUSED',
  ],
  ['an entity beyond the five', REPORT.replace('Receiver', '&x;'), 'aggregate REPORT_MALFORMED'],
  ['a raw angle bracket', REPORT.replace('<header_from>', '<header_from><<'), 'aggregate REPORT_MALFORMED'],
  ['cut off in the middle', REPORT.slice(0, -200), 'aggregate REPORT_MALFORMED'],
  ['cut off before its last tag', REPORT.slice(0, -'</feedback>'.length), 'aggregate REPORT_MALFORMED'],
  [
    'tags that cross',
    REPORT.replace('</row></record>', '</record></row>').replace('</identifiers>', '</row>'),
    'aggregate REPORT_MALFORMED',
  ],
  ['two reports in one document', `${DECLARATION}<a>${REPORT.slice(DECLARATION.length).repeat(2)}</a>`, 'aggregate REPORT_MALFORMED'],
  ['a feedback element about nothing', feedback(''), 'aggregate REPORT_MALFORMED'],
  ['elements too deep', counted(`<x>${'<y>'.repeat(100)}`), 'aggregate REPORT_LIMIT'],
  ['a text without end', REPORT.replace('Receiver', 'x'.repeat(70_000)), 'aggregate REPORT_LIMIT'],
  ['a text in many sections', REPORT.replace('Receiver', '<![CDATA[xxxxxxxxxxxxxxxx]]>'.repeat(5000)), 'aggregate REPORT_LIMIT'],
  ['an attribute without end', REPORT.replace('<org_name>', `<org_name a="${'x'.repeat(200_000)}">`), 'aggregate REPORT_LIMIT'],
  ['a comment without end', REPORT.replace('<org_name>', `<!--${'x'.repeat(200_000)}--><org_name>`), 'aggregate REPORT_LIMIT'],
  ['another root', '<html><body>feedback</body></html>', 'none REPORT_NOT_FOUND'],
  ['nothing', '', 'none REPORT_NOT_FOUND'],
  ['a word', 'Test file', 'none REPORT_NOT_FOUND'],
];

for (const [because, xml, refused] of REFUSED) {
  test(`${because}: refused with ${refused.split(' ')[1]}`, async () => assert.equal(await refusal(xml), refused));
}
