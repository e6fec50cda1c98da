// This file holds aggregate reports as many receivers write them, each in its own manner, with every value that has to come out. They are made up; only
// the manners are real.
import { gzipSync } from 'node:zlib';
import {
  auth,
  B,
  E,
  from,
  head,
  NONE,
  plain,
  published,
  range,
  record,
  result,
  row,
  type StyledReport,
  utf16,
  whole,
} from './report-text.ts';
import { zip } from './reports.ts';

export const REPORTER_STYLES: readonly StyledReport[] = [
  {
    says: 'Google: an id beyond 2^53, no envelope_from, extra contact',
    bytes: zip([
      {
        name: 'google.com!club.example!1767225600!1767311999.xml',
        content: whole(
          `<report_metadata><org_name>google.com</org_name><email>noreply-dmarc-support@google.com</email><extra_contact_info>https://support.google.com/a/answer/2466580</extra_contact_info><report_id>13190375929482517433</report_id>${range}</report_metadata>` +
            published('<adkim>r</adkim><aspf>r</aspf><p>quarantine</p><sp>reject</sp><pct>100</pct><np>reject</np>') +
            record(`${row('2001:DB8:0:0:0:0:0:25', 41, 'pass', 'fail')}${from}${auth}`) +
            record(
              `${row('203.0.113.77', 3, 'fail', 'fail', '', 'quarantine')}${from}<auth_results><spf><domain>evil.example</domain><result>softfail</result></spf></auth_results>`,
            ),
        ),
      },
    ]),
    report: ['google.com', '13190375929482517433', 'club.example', B, E, 'quarantine reject r r', 2, 44, 41],
    first: ['2001:db8::25', 'club.example', null, 'none', '', 'club.example/s1/pass', 'club.example/null/pass'],
  },
  {
    says: 'Microsoft: schemas on the root, envelope_to and envelope_from, several signatures',
    bytes: gzipSync(
      whole(
        '<version>1.0</version>' +
          head('Enterprise Outlook', '4b1c2d3e4f5a6b7c', '<extra_contact_info></extra_contact_info>') +
          '<policy_published><domain>club.example</domain><adkim>r</adkim><aspf>s</aspf><p>reject</p><sp>quarantine</sp><pct>100</pct><fo>0</fo></policy_published>' +
          record(
            `${row('198.51.100.4', 9, 'pass', 'fail', '<reason><type>local_policy</type><comment>arc=pass</comment></reason>')}<identifiers><envelope_to>hotmail.example</envelope_to><envelope_from>bounce.club.example</envelope_from><header_from>club.example</header_from></identifiers><auth_results><dkim><domain>club.example</domain><selector>s1</selector><result>pass</result></dkim><dkim><domain>esp.example</domain><selector>k2</selector><result>fail</result><human_result>body hash did not verify</human_result></dkim><spf><domain>bounce.club.example</domain><scope>mfrom</scope><result>fail</result></spf></auth_results>`,
          ),
        '<feedback xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
      ),
    ),
    report: ['Enterprise Outlook', '4b1c2d3e4f5a6b7c', 'club.example', B, E, 'reject quarantine r s', 1, 9, 9],
    first: [
      '198.51.100.4',
      'club.example',
      'bounce.club.example',
      'none',
      'local_policy:arc=pass',
      'club.example/s1/pass esp.example/k2/fail',
      'bounce.club.example/mfrom/fail',
    ],
  },
  {
    says: 'RFC 9990: namespace, np, testing, discovery method, generator, texts with a language, an extension',
    bytes: gzipSync(
      whole(
        `<version>1.0</version><report_metadata><org_name>New Receiver</org_name><email>d@new.example</email><report_id>r!9</report_id>${range}<error lang="en">one lookup failed</error><generator>reporter 2.0</generator></report_metadata>` +
          '<policy_published><domain>club.example</domain><p>reject</p><np>reject</np><testing>y</testing><discovery_method>treewalk</discovery_method><fo>1</fo></policy_published><extension><x:e xmlns:x="urn:x"><x:count>99</x:count></x:e></extension>' +
          record(
            `${row('192.0.2.8', 5, 'pass', 'pass', '<reason><type>policy_test_mode</type><comment lang="en">t=y</comment></reason>', 'pass')}${from}<auth_results><dkim><domain>club.example</domain><selector>s1</selector><result>pass</result><human_result lang="en">fine</human_result></dkim></auth_results><extension><y xmlns="urn:y">1</y></extension>`,
          ),
        '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">',
      ),
    ),
    report: ['New Receiver', 'r!9', 'club.example', B, E, 'reject null null null', 1, 5, 5],
    first: ['192.0.2.8', 'club.example', null, 'pass', 'policy_test_mode:t=y', 'club.example/s1/pass', ''],
  },
  {
    says: 'a draft namespace, every element with the prefix of the root',
    bytes: plain('d02')
      .replace('<feedback>', '<d:feedback xmlns:d="http://dmarc.org/dmarc-xml/0.2">')
      .replace(/<(\/?)(?!\?|d:)(\w)/g, '<$1d:$2'),
    report: result('d02'),
  },
  {
    says: 'the root alone with a prefix, windows-1252 with an umlaut',
    bytes: Buffer.from(
      plain('aol')
        .replace('UTF-8', 'windows-1252')
        .replace('<feedback>', '<ns1:feedback xmlns:ns1="http://dmarc.org/dmarc-xml/0.1">')
        .replace('</feedback>', '</ns1:feedback>')
        .replace('<org_name>r.example', '<org_name>Jäger & S\u00f6hne'.replace('&', '&amp;')),
      'latin1',
    ),
    report: ['Jäger & Söhne', 'aol', 'club.example', B, E, NONE, 1, 2, 2],
  },
  {
    says: 'NetEase: no declaration, times with a fraction, several SPF results',
    bytes: plain('ne')
      .replace(/^<\?xml.*?\?>\n/, '')
      .replace(String(B), `${B}.0`)
      .replace(String(E), `${E}.75`)
      .replace('</auth_results>', '<spf><domain>helo.example</domain><scope>helo</scope><result>none</result></spf></auth_results>'),
    report: result('ne'),
    first: ['192.0.2.1', 'club.example', null, 'none', '', 'club.example/s1/pass', 'club.example/null/pass helo.example/helo/none'],
  },
  {
    says: 'Cisco: an empty sp and an id with a host',
    bytes: plain('a#b@esa.example').replace('<sp>none</sp>', '<sp></sp>'),
    report: ['r.example', 'a#b@esa.example', 'club.example', B, E, 'none  r r', 1, 2, 2],
  },
  {
    says: 'Yahoo: no sp, sampled out, two reasons',
    bytes: whole(
      head('Yahoo', '1767225600.123456') +
        published('<adkim>r</adkim><aspf>r</aspf><p>reject</p><pct>50</pct>') +
        record(
          row(
            '192.0.2.9',
            1,
            'fail',
            'fail',
            '<reason><type>sampled_out</type></reason><reason><type>Mailing_List</type><comment> list </comment></reason>',
          ) +
            from +
            auth,
        ),
    ),
    report: ['Yahoo', '1767225600.123456', 'club.example', B, E, 'reject null r r', 1, 1, 0],
    first: ['192.0.2.9', 'club.example', null, 'none', 'sampled_out: mailing_list:list', 'club.example/s1/pass', 'club.example/null/pass'],
  },
  {
    says: 'titles in capitals and blanks around values',
    bytes: plain('cap')
      .replace('<dkim>pass</dkim><spf>pass', '<dkim>\n  Pass\n</dkim><spf>FAIL')
      .replace('<disposition>none', '<disposition>None '),
    report: result('cap'),
    first: ['192.0.2.1', 'club.example', null, 'none', '', 'club.example/s1/pass', 'club.example/null/pass'],
  },
  {
    says: 'element names in capitals',
    bytes: plain('up').replace(/<(\/?)([a-z_]+)>/g, (_, slash: string, name: string) => `<${slash}${name.toUpperCase()}>`),
    report: result('up'),
  },
  {
    says: 'a long comment before the root',
    bytes: plain('com').replace('<feedback>', `<!-- ${'x'.repeat(6000)} --><feedback>`),
    report: result('com'),
  },
  { says: 'white space before the declaration', bytes: `\n  ${plain('ws')}`, report: result('ws') },
  {
    says: 'a style sheet instruction',
    bytes: plain('pi').replace('<feedback>', '<?xml-stylesheet href="x.xsl"?><feedback>'),
    report: result('pi'),
  },
  { says: 'UTF-8 with a byte order mark', bytes: `\uFEFF${plain('bom')}`, report: result('bom') },
  { says: 'UTF-16, little end first, that says UTF-8', bytes: utf16(plain('u16')), report: result('u16') },
  { says: 'UTF-16, big end first', bytes: utf16(plain('u16b').replace('UTF-8', 'UTF-16'), true), report: result('u16b') },
  { says: 'UTF-16 in gzip', bytes: gzipSync(utf16(plain('u16z'))), report: result('u16z') },
  { says: 'ISO-8859-15', bytes: Buffer.from(plain('l9').replace('UTF-8', 'ISO-8859-15'), 'latin1'), report: result('l9') },
  {
    says: 'values in CDATA',
    bytes: plain('cd').replace('192.0.2.1<', '<![CDATA[192.0.2.1]]><').replace('>cd<', '><![CDATA[cd]]><'),
    report: result('cd'),
  },
  { says: 'numeric entities', bytes: plain('ne2').replace('>ne2<', '>n&#101;&#x32;<'), report: result('ne2') },
  {
    says: 'times in milliseconds',
    bytes: plain('ms').replace(String(B), `${B}000`).replace(String(E), `${E}999`),
    report: result('ms'),
    warnings: ['date-milliseconds'],
  },
  {
    says: 'times in words',
    bytes: plain('iso').replace(String(B), '2026-01-01T01:00:00+01:00').replace(String(E), '2026-01-01 23:59:59'),
    report: result('iso'),
    warnings: ['date-text'],
  },
  {
    says: 'times as mail writes them',
    bytes: plain('rfc').replace(String(B), 'Thu, 01 Jan 2026 00:00:00 +0000').replace(String(E), '01 Jan 2026 23:59:59 GMT'),
    report: result('rfc'),
    warnings: ['date-text'],
  },
  {
    says: 'times as Go prints them',
    bytes: plain('go').replace(String(B), '2026-01-01 00:00:00 +0000 UTC').replace(String(E), '2026-01-01 23:59:59.5 +0000 UTC'),
    report: result('go'),
    warnings: ['date-text'],
  },
  {
    says: 'no range',
    bytes: plain('nr').replace(range, ''),
    report: ['r.example', 'nr', 'club.example', null, null, NONE, 1, 2, 2],
    warnings: ['date-missing'],
  },
  {
    says: 'no traffic',
    bytes: plain('nt', record(row('', 0, '', '', '', '') + from)),
    report: ['r.example', 'nt', 'club.example', B, E, NONE, 1, 0, 0],
    warnings: ['source-ip-missing'],
  },
  {
    says: 'a count that is no number, one below zero, one with a fraction',
    bytes: plain(
      'cnt',
      record(row('192.0.2.1', 'many', 'pass', 'pass') + from) +
        record(row('192.0.2.2', -5, 'pass', 'pass') + from) +
        record(row('192.0.2.3', '7.0', 'fail', 'pass') + from),
    ),
    report: ['r.example', 'cnt', 'club.example', B, E, NONE, 1, 7, 7],
    warnings: ['record-left-out'],
  },
  {
    says: 'an address mapped into IPv6, and one with a port',
    bytes: plain('ip', record(row('::ffff:192.0.2.5', 1, 'pass', 'fail') + from) + record(row('192.0.2.6:25', 1, 'pass', 'fail') + from)),
    report: ['r.example', 'ip', 'club.example', B, E, NONE, 2, 2, 2],
    first: ['192.0.2.5', 'club.example', null, 'none', '', '', ''],
    warnings: [],
  },
  {
    says: 'a domain in capitals with a dot, From an address with a name beyond ASCII',
    bytes: plain('dom')
      .replace('<domain>club.example</domain><adkim>', '<domain>Club.EXAMPLE.</domain><adkim>')
      .replace('<header_from>club.example', '<header_from>Rüderclub.example'),
    report: ['r.example', 'dom', 'Club.EXAMPLE.', B, E, NONE, 1, 2, 2],
    first: ['192.0.2.1', 'xn--rderclub-65a.example', null, 'none', '', 'club.example/s1/pass', 'club.example/null/pass'],
  },
  {
    says: 'unknown elements everywhere',
    bytes: plain('unk')
      .replace('<record>', '<record><psd>u</psd><row2><count>99</count></row2>')
      .replace('<report_id>', '<region>eu</region><report_id>')
      .replace('<p>', '<t>y</t><p>'),
    report: result('unk'),
    warnings: ['unknown-element'],
  },
  { says: 'identities, as drafts named them', bytes: plain('idn').replaceAll('identifiers>', 'identities>'), report: result('idn') },
  { says: 'damage behind the end', bytes: `${plain('dmg')}\n<<<`, report: result('dmg'), warnings: ['damage-behind-report'] },
  { says: 'a NUL at the end', bytes: `${plain('nul')}\0\0`, report: result('nul') },
  {
    says: 'an ampersand that is none in the name of the reporter',
    bytes: plain('amp').replace('<org_name>r.example', '<org_name>&lt;r&gt;.example'),
    report: ['<r>.example', 'amp', 'club.example', B, E, NONE, 1, 2, 2],
  },
];
