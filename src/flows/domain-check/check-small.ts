// This file checks the two records that are one line each: where TLS reports go (RFC 8460), and which picture stands beside mail (BIMI drafts).
import type { DmarcPolicy } from '../../tenancy/dns/dmarc-record.ts';
import { type DnsLookup, valuesOf } from '../../tenancy/dns/lookup.ts';
import { readTagList } from '../../tenancy/dns/tag-list.ts';
import { isTlsRptRecord, readTlsRptRecord } from '../../tenancy/dns/tls-rpt-record.ts';
import { type CheckFinding, findings, unanswered } from './finding.ts';

export interface TlsRptCheck {
  readonly record: string | null;
  readonly findings: readonly CheckFinding[];
}

export interface BimiCheck {
  readonly record: string | null;
  readonly picture: string | null;
  readonly certificate: string | null;
  readonly findings: readonly CheckFinding[];
}

export async function checkTlsRpt(lookup: DnsLookup, name: string): Promise<TlsRptCheck> {
  const { ok, note, problem } = findings('tls-rpt');
  const answer = await lookup.txt(`_smtp._tls.${name}`);
  if (!answer.ok && answer.why === 'unreachable') return { record: null, findings: [unanswered('tls-rpt', answer.detail)] };
  const records = valuesOf(answer).filter(isTlsRptRecord);
  const [record] = records;
  if (record === undefined) {
    return {
      record: null,
      findings: [
        note('missing', 'Nobody gets reports about encrypted delivery (no TLS-RPT).', 'Optional: publish one together with MTA-STS.'),
      ],
    };
  }
  if (records.length > 1)
    return { record, findings: [problem('several-records', 'Several TLS-RPT records stand there; nobody uses any of them.', 'Keep one.')] };
  const reading = readTlsRptRecord(record);
  if (!reading.ok) return { record, findings: [problem('syntax', reading.message, 'Correct the record.')] };
  return { record, findings: [ok('record', `Reports about encrypted delivery go to ${reading.rua.join(', ')}.`)] };
}

export async function checkBimi(lookup: DnsLookup, name: string, policy: DmarcPolicy | null): Promise<BimiCheck> {
  const { ok, note, warning, problem } = findings('bimi');
  const none = { record: null, picture: null, certificate: null };
  const answer = await lookup.txt(`default._bimi.${name}`);
  if (!answer.ok && answer.why === 'unreachable') return { ...none, findings: [unanswered('bimi', answer.detail)] };
  const record = valuesOf(answer).find((text) => /^v\s*=\s*BIMI1\b/i.test(text));
  if (record === undefined) return { ...none, findings: [] };
  const { tags } = readTagList(record);
  const picture = tags.get('l') || null;
  const certificate = tags.get('a') || null;
  const list: CheckFinding[] = [];
  if (picture === null && certificate === null) list.push(note('declined', 'The domain says that it has no picture (BIMI declined).'));
  else if (picture !== null && !/^https:\/\/\S+\.svgz?$/i.test(picture)) {
    list.push(
      problem(
        'picture',
        `The picture ${picture} is no SVG at an https address.`,
        'Put a square SVG (Tiny PS) at an https address into "l=".',
      ),
    );
  } else if (policy === 'none' || policy === null) {
    list.push(warning('policy', 'The picture is not shown while the DMARC policy is weaker than "quarantine".', 'Strengthen DMARC first.'));
  } else {
    const seal = certificate === null ? 'without a certificate, so only some mailbox providers show it' : 'with a certificate';
    list.push(ok('record', `A picture is published, ${seal}.`));
  }
  return { record, picture, certificate, findings: list };
}
