// This file builds reports, archives and mails for the tests of the report readers; the zip writer can lie, as hostile ones do.
import { crc32, deflateRawSync } from 'node:zlib';
import type { AggregateRecord, ReportFinding } from '../../src/mail/domain-reports/model.ts';
import { bytesOf, readReports } from '../../src/mail/domain-reports/read-reports.ts';

export const RECORD =
  '<record><row><source_ip>192.0.2.10</source_ip><count>7</count><policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>' +
  '<identifiers><header_from>verein.example</header_from></identifiers><auth_results><dkim><domain>verein.example</domain><selector>s1</selector><result>pass</result></dkim>' +
  '<spf><domain>bounce.example</domain><scope>mfrom</scope><result>fail</result></spf></auth_results></record>';
export const METADATA =
  '<report_metadata><org_name>Receiver</org_name><email>d@receiver.example</email><report_id>r-1</report_id><date_range><begin>1735689600</begin><end>1735775999</end></date_range></report_metadata>';
export const POLICY =
  '<policy_published><domain>verein.example</domain><adkim>r</adkim><aspf>s</aspf><p>none</p><sp>reject</sp><pct>100</pct></policy_published>';
export const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
export const REPORT = feedback(METADATA + POLICY + RECORD);

export function feedback(content: string): string {
  return `${DECLARATION}<feedback>${content}</feedback>`;
}

export interface Found {
  readonly findings: ReportFinding[];
  readonly records: AggregateRecord[];
}

/** Everything found in bytes; `cuts` are where they are cut into pieces. */
export async function findAll(bytes: Buffer | string, cuts: readonly number[] = []): Promise<Found> {
  const all = Buffer.from(bytes);
  const findings: ReportFinding[] = [];
  const records: AggregateRecord[] = [];
  const source = cuts.length === 0 ? bytesOf(all) : pieces(all, cuts);
  for await (const finding of readReports(source, { onRecord: (record) => records.push(record) })) findings.push(finding);
  return { findings, records };
}

async function* pieces(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  for (let i = 1; i < at.length; i += 1) yield bytes.subarray(at[i - 1], at[i]);
}

export interface Member {
  readonly name: string;
  readonly content: Buffer | string;
  /** Lies about the check sum or says that it is encrypted. */
  readonly lie?: 'sum' | 'encrypted';
}

/** A zip as PKWARE's APPNOTE 4.3 has it, deflated. */
export function zip(members: readonly Member[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, lie } of members) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const flags = lie === 'encrypted' ? 1 : 0;
    const sum = lie === 'sum' ? 1 : crc32(bytes);
    const common = [u16(20), u16(flags), u16(8), u32(0), u32(sum), u32(packed.length), u32(bytes.length), u16(name.length), u16(0)];
    const local = Buffer.concat([u32(0x04034b50), ...common, Buffer.from(name), packed]);
    directory.push(Buffer.concat([u32(0x02014b50), u16(20), ...common, u16(0), u16(0), u16(0), u32(0), u32(offset), Buffer.from(name)]));
    files.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.concat([
    u32(0x06054b50),
    u16(0),
    u16(0),
    u16(members.length),
    u16(members.length),
    u32(central.length),
    u32(offset),
    u16(0),
  ]);
  return Buffer.concat([...files, central, end]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A report mail with one attachment. */
export function mailWith(
  content: Buffer | string,
  headers = 'Content-Type: application/octet-stream; name="x"\r\nContent-Transfer-Encoding: base64',
): string {
  return (
    'From: dmarc@receiver.example\r\nTo: reports@desk.example\r\nSubject: Report Domain: verein.example\r\nMessage-ID: <m1@receiver.example>\r\nMIME-Version: 1.0\r\n' +
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Your feedback report &lt;feedback&gt; is attached.</p>\r\n' +
    `--b\r\n${headers}\r\n\r\n${Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n--b--\r\n`
  );
}
