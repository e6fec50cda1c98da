// This file puts a finding of the report readers into the fixed form of `report parse --json` (docs/ARCHITECTURE.md §7).
import type { DomainReport, ReportFinding, ReportWarning } from '../mail/domain-reports/model.ts';

export interface ReportLine {
  readonly file: string;
  readonly kind: ReportFinding['kind'];
  readonly error: string | null;
  readonly org_name: string | null;
  readonly report_id: string | null;
  readonly domain: string | null;
  readonly begin: number | null;
  readonly end: number | null;
  readonly policy: { readonly p: string | null; readonly sp: string | null; readonly adkim: string | null; readonly aspf: string | null };
  readonly records: number | null;
  /** Sessions in a TLS report. */
  readonly total_messages: bigint | null;
  readonly pass_messages: bigint | null;
  readonly fail_messages: bigint | null;
  readonly warnings: readonly string[];
  /** For people only: not part of the form. */
  readonly refusal: ReportFinding['error'];
}

type Facts = Omit<ReportLine, 'file' | 'kind' | 'error' | 'warnings' | 'refusal'>;

const NO_POLICY = { p: null, sp: null, adkim: null, aspf: null };
const NOTHING: Facts = {
  org_name: null,
  report_id: null,
  domain: null,
  begin: null,
  end: null,
  policy: NO_POLICY,
  records: null,
  total_messages: null,
  pass_messages: null,
  fail_messages: null,
};
/** Clocks of reporters differ; a report of a time later than a day from now is wrong about it. */
const AHEAD_S_MAX = 86_400;

export function reportLine(file: string, finding: ReportFinding, nowMs: number): ReportLine {
  const facts = finding.report === null ? NOTHING : factsOf(finding.report);
  const future = Math.max(facts.begin ?? 0, facts.end ?? 0) > nowMs / 1000 + AHEAD_S_MAX;
  const warnings = [...finding.warnings.map(warningText), ...(future ? ['date-in-future'] : [])];
  return { file, kind: finding.kind, error: finding.error?.code ?? null, ...facts, warnings, refusal: finding.error };
}

/** One line of JSON. Counts beyond 2^53 are written in full, which JSON.stringify cannot do. */
export function jsonLine({ refusal: _, ...line }: ReportLine): string {
  const digits = new Map<string, string>();
  const text = JSON.stringify(line, (key, value: unknown) => {
    if (typeof value !== 'bigint') return value;
    if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
    digits.set(key, String(value));
    return `\0${key}`;
  });
  // A reporter's NUL is written with the same escape, but never as the whole value of one of our own fields.
  return `${[...digits].reduce((json, [key, number]) => json.replace(`"${key}":"\\u0000${key}"`, `"${key}":${number}`), text)}\n`;
}

function warningText({ code, detail, times }: ReportWarning): string {
  return `${code}${detail === '' ? '' : `: ${detail}`}${times > 1 ? ` (${times} times)` : ''}`;
}

function factsOf(report: DomainReport): Facts {
  switch (report.kind) {
    case 'aggregate': {
      const { p, sp, adkim, aspf, domain } = report.policy;
      return {
        org_name: report.orgName,
        report_id: report.reportId,
        domain: domain?.text ?? null,
        begin: report.beginS,
        end: report.endS,
        policy: { p, sp, adkim, aspf },
        records: report.records,
        total_messages: report.totalMessages,
        pass_messages: report.passMessages,
        fail_messages: report.totalMessages - report.passMessages,
      };
    }
    case 'tlsrpt':
      return {
        org_name: report.orgName,
        report_id: report.reportId,
        domain: report.policies.find(({ domain }) => domain !== null)?.domain?.text ?? null,
        begin: report.beginS,
        end: report.endS,
        policy: NO_POLICY,
        records: report.policies.length,
        total_messages: report.successfulSessions + report.failedSessions,
        pass_messages: report.successfulSessions,
        fail_messages: report.failedSessions,
      };
    case 'failure':
      return {
        ...NOTHING,
        report_id: report.reportId,
        domain: report.reportedDomains[0]?.text ?? null,
        records: 1,
        total_messages: 1n,
        pass_messages: 0n,
        fail_messages: 1n,
      };
  }
}
