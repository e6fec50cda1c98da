// This file reads TLS reports (RFC 8460 §4): JSON with the liberties that reporters take: counts as strings, one value where a list belongs, missing sums.
import { isWithin } from './json-bounds.ts';
import { REPORT_LIMITS } from './limits.ts';
import type { TlsFailure, TlsPolicy, TlsReport } from './model.ts';
import { malformed, ReportLimit } from './refusal.ts';
import { makeReportText } from './report-text.ts';
import { readCount, readDomain, readEpoch, readIp } from './values.ts';
import type { WarningList } from './warnings.ts';

/** An object of parsed JSON; names are compared in lower case, `_` as `-`. */
type Json = ReadonlyMap<string, unknown>;

/** The report, those of a list, or none when the JSON is something else. Throws AppError: REPORT_MALFORMED, REPORT_LIMIT. */
export function readTlsReports(bytes: Buffer, warnings: WarningList): TlsReport[] {
  const decoder = makeReportText(warnings);
  const text = decoder.write(bytes) + decoder.end();
  if (!isWithin(text)) {
    throw new ReportLimit(
      `The JSON nests deeper than ${REPORT_LIMITS.jsonDepthMax} or has more than ${REPORT_LIMITS.jsonValuesMax} values.`,
    );
  }
  const roots = listOf(parse(text)).slice(0, REPORT_LIMITS.reportsMax);
  return roots.flatMap((each) => {
    const root = objectOf(each);
    return root !== null && isReport(root) ? [reportOf(root, warnings)] : [];
  });
}

function isReport(root: Json): boolean {
  const named = root.has('organization-name') || root.has('report-id') || root.has('date-range');
  return root.has('policies') && named;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, exactly);
  } catch (error) {
    throw malformed(`The JSON cannot be read: ${error instanceof Error ? error.message : error}`, error);
  }
}

/** A number that a double cannot hold stays the text it is: ids and counts have to be exact. */
function exactly(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && !Number.isSafeInteger(value) ? (context?.source ?? value) : value;
}

function reportOf(root: Json, warnings: WarningList): TlsReport {
  const range = objectOf(root.get('date-range')) ?? new Map<string, unknown>();
  const entries = listOf(root.get('policies'));
  if (entries.length > REPORT_LIMITS.tlsPoliciesMax)
    throw new ReportLimit(`The report has more than ${REPORT_LIMITS.tlsPoliciesMax} policies.`);
  const budget = { details: REPORT_LIMITS.tlsDetailsMax };
  const policies: TlsPolicy[] = [];
  for (const entry of entries) {
    const object = objectOf(entry);
    if (object === null) warnings.add('policy-left-out');
    else policies.push(policyOf(object, warnings, budget));
  }
  const orgName = textOf(root.get('organization-name'));
  const reportId = textOf(root.get('report-id'));
  const beginS = dateOf(range.get('start-datetime'), warnings);
  const endS = dateOf(range.get('end-datetime'), warnings);
  if (beginS === null || endS === null) warnings.add('date-missing');
  else if (endS < beginS) warnings.add('dates-swapped');
  if (!orgName) warnings.add('org-name-missing');
  if (!reportId) warnings.add('report-id-missing');
  if (policies.every(({ domain }) => domain === null)) warnings.add('domain-missing');
  return {
    kind: 'tlsrpt',
    orgName,
    contactInfo: textOf(root.get('contact-info')),
    reportId,
    beginS,
    endS,
    policies,
    successfulSessions: policies.reduce((sum, policy) => sum + policy.successfulSessions, 0n),
    failedSessions: policies.reduce((sum, policy) => sum + policy.failedSessions, 0n),
  };
}

function policyOf(entry: Json, warnings: WarningList, budget: { details: number }): TlsPolicy {
  const policy = objectOf(entry.get('policy')) ?? new Map<string, unknown>();
  const summary = objectOf(entry.get('summary')) ?? new Map<string, unknown>();
  const failures: TlsFailure[] = [];
  for (const detail of listOf(entry.get('failure-details'))) {
    const object = objectOf(detail);
    budget.details -= 1;
    if (budget.details < 0) throw new ReportLimit(`The report has more than ${REPORT_LIMITS.tlsDetailsMax} failure details.`);
    if (object === null) warnings.add('failure-detail-left-out');
    else failures.push(failureOf(object, warnings));
  }
  const failedSessions = countOf(summary.get('total-failure-session-count'), warnings);
  const detailed = failures.reduce((sum, failure) => sum + failure.failedSessions, 0n);
  if (failures.length > 0 && detailed !== failedSessions) warnings.add('details-differ-from-summary', `${detailed} and ${failedSessions}`);
  return {
    type: textOf(policy.get('policy-type')),
    strings: textsOf(policy.get('policy-string')),
    domain: readDomain(textOf(policy.get('policy-domain')) ?? ''),
    mxHosts: textsOf(policy.get('mx-host') ?? policy.get('mx-host-pattern')),
    successfulSessions: countOf(summary.get('total-successful-session-count'), warnings),
    failedSessions,
    failures,
  };
}

function failureOf(detail: Json, warnings: WarningList): TlsFailure {
  return {
    resultType: textOf(detail.get('result-type')),
    sendingMtaIp: readIp(textOf(detail.get('sending-mta-ip')) ?? ''),
    receivingMxHostname: textOf(detail.get('receiving-mx-hostname') ?? detail.get('receiving-mx-host-name')),
    receivingMxHelo: textOf(detail.get('receiving-mx-helo')),
    receivingIp: readIp(textOf(detail.get('receiving-ip')) ?? ''),
    failedSessions: countOf(detail.get('failed-session-count'), warnings),
    additionalInformation: textOf(detail.get('additional-information') ?? detail.get('additional-info-uri')),
    failureReasonCode: textOf(detail.get('failure-reason-code') ?? detail.get('failure-error-code')),
  };
}

/** Missing is 0; what is no count is 0 with a warning. */
function countOf(value: unknown, warnings: WarningList): bigint {
  if (value === undefined || value === null) {
    warnings.add('count-missing');
    return 0n;
  }
  const count = readCount(textOf(value) ?? '');
  if (count === null) warnings.add('count-invalid', textOf(value) ?? '');
  return count ?? 0n;
}

function dateOf(value: unknown, warnings: WarningList): number | null {
  const text = textOf(value);
  if (text === null) return null;
  const read = readEpoch(text);
  if (read === null) warnings.add('date-invalid', text);
  return read?.seconds ?? null;
}

function objectOf(value: unknown): Json | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return new Map(Object.entries(value).map(([key, member]) => [key.toLowerCase().replaceAll('_', '-'), member]));
}

/** A list, or the one value that stands where a list belongs. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function textsOf(value: unknown): string[] {
  return listOf(value).flatMap((entry) => textOf(entry) ?? []);
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.slice(0, REPORT_LIMITS.textCharsMax).trim() : null;
}
