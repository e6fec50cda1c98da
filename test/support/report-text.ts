// This file writes aggregate reports piece by piece, for tests of how receivers write them and how they send them.

export interface StyledReport {
  readonly says: string;
  readonly bytes: Buffer | string;
  /** org_name, report_id, domain, begin, end, `p sp adkim aspf`, records, messages, messages that pass. */
  readonly report: readonly [
    org: string | null,
    id: string | null,
    domain: string | null,
    begin: number | null,
    end: number | null,
    policy: string,
    records: number,
    total: number,
    pass: number,
  ];
  /** Of the first record: address, header_from, envelope_from, disposition, reasons, `domain/selector/result` of DKIM, `domain/scope/result` of SPF. */
  readonly first?: readonly [
    ip: string | null,
    from: string | null,
    envelope: string | null,
    disposition: string,
    reasons: string,
    dkim: string,
    spf: string,
  ];
  readonly warnings?: readonly string[];
}

export const B = 1767225600;
export const E = B + 86399;
export const range = `<date_range><begin>${B}</begin><end>${E}</end></date_range>`;
export const head = (org: string, id: string, more = '') =>
  `<report_metadata><org_name>${org}</org_name><email>noreply@${org}</email>${more}<report_id>${id}</report_id>${range}</report_metadata>`;
export const published = (more = '<adkim>r</adkim><aspf>r</aspf><p>none</p><sp>none</sp><pct>100</pct>') =>
  `<policy_published><domain>club.example</domain>${more}</policy_published>`;
export const row = (ip: string, count: string | number, dkim: string, spf: string, more = '', disposition = 'none') =>
  `<row><source_ip>${ip}</source_ip><count>${count}</count><policy_evaluated><disposition>${disposition}</disposition><dkim>${dkim}</dkim><spf>${spf}</spf>${more}</policy_evaluated></row>`;
export const from = '<identifiers><header_from>club.example</header_from></identifiers>';
export const auth =
  '<auth_results><dkim><domain>club.example</domain><selector>s1</selector><result>pass</result></dkim><spf><domain>club.example</domain><result>pass</result></spf></auth_results>';
export const record = (content: string) => `<record>${content}</record>`;
export const whole = (content: string, root = '<feedback>') =>
  `<?xml version="1.0" encoding="UTF-8" ?>\n${root}${content}</${/^<([\w:]+)/.exec(root)?.[1]}>`;
export const plain = (id: string, records = record(row('192.0.2.1', 2, 'pass', 'pass') + from + auth)) =>
  whole(head('r.example', id) + published() + records);
export const NONE = 'none none r r';
export const utf16 = (text: string, big = false) => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return big ? bytes.swap16() : bytes;
};
export const b64 = (bytes: Buffer | string, width = 76) =>
  Buffer.from(bytes)
    .toString('base64')
    .replace(new RegExp(`.{${width}}`, 'g'), '$&\r\n');
export const TOP =
  'From: noreply@r.example\r\nTo: d@reports.example\r\nSubject: Report domain: club.example Submitter: r.example Report-ID: 1\r\nMessage-ID: <1@r.example>\r\nMIME-Version: 1.0\r\n';
export const mail = (headers: string, body: string) => `${TOP}${headers}\r\n\r\n${body}\r\n`;
export const result = (id: string): StyledReport['report'] => ['r.example', id, 'club.example', B, E, NONE, 1, 2, 2];
