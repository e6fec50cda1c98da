// This file says which report a report is: by its key (who reports, under which id, about which domain) and by a digest of everything it says. The same key with the same
// digest came twice; the same key with another digest is a contradiction. The digest is made of values, not of bytes: packed anew, a report is still the same.
import { createHash } from 'node:crypto';
import type { AggregateRecord, DomainReport } from './model.ts';

export interface ReportDigest {
  /** Every record of an aggregate report, in order. */
  record(record: AggregateRecord): void;
  /** SHA-256. */
  end(report: DomainReport): Buffer;
}

export function makeReportDigest(): ReportDigest {
  const hash = createHash('sha256');
  return {
    record(record) {
      hash.update(line(Object.values(record)));
    },
    end(report) {
      return hash.update(line([report])).digest();
    },
  };
}

/** The key. A report without an id is known by what it says, so it can come twice but contradict nothing. */
export function reportKey(report: DomainReport, digest: Buffer): Buffer {
  if (report.reportId === null || report.reportId === '') return digest;
  return createHash('sha256')
    .update(line([report.kind, reporterOf(report), report.reportId, domainOfReport(report)]))
    .digest();
}

/** Who reports: its name, else its address; lower case. Failure reports name nobody, their id is a Message-ID. */
function reporterOf(report: DomainReport): string {
  if (report.kind === 'failure') return '';
  const contact = report.kind === 'aggregate' ? report.email : report.contactInfo;
  return (report.orgName || contact || '').toLowerCase();
}

/** The domain a report is about, as names are compared; null when it names none. */
export function domainOfReport(report: DomainReport): string | null {
  if (report.kind === 'aggregate') return report.policy.domain?.domain ?? null;
  const named = report.kind === 'failure' ? report.reportedDomains : report.policies.map(({ domain }) => domain);
  return named.find((each) => each !== null && each.domain !== null)?.domain ?? null;
}

function line(values: readonly unknown[]): string {
  return `${JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}\n`;
}
