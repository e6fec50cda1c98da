// This file says what a report holds once it is read: aggregate (RFC 7489 appendix C, RFC 9990), failure (RFC 6591, RFC 9991) and TLS reports (RFC 8460).
// Times are whole seconds since 1970, UTC. Texts are trimmed and otherwise as the reporter wrote them: escape them before a person or a spreadsheet sees them.
import type { ErrorCode } from '../../errors.ts';

export type ReportKind = 'aggregate' | 'failure' | 'tlsrpt';

/** Something odd that did not stop the reading. */
export interface ReportWarning {
  /** Stable, kebab-case. */
  readonly code: string;
  /** Where, or which value, of the first time. */
  readonly detail: string;
  readonly times: number;
}

/** An address as reported, and in its one normal form when it is one. */
export interface ReportedIp {
  readonly text: string;
  /** Canonical IPv4 or IPv6 text, null when the text is no address. */
  readonly ip: string | null;
}

/** A name as reported, and as names are compared. */
export interface ReportedDomain {
  readonly text: string;
  /** Lower case, A-labels, without the last dot; null when it is no domain name. */
  readonly domain: string | null;
}

export interface AggregateReport {
  readonly kind: 'aggregate';
  readonly version: string | null;
  /** XML namespace of the root; null when it has none. */
  readonly namespace: string | null;
  readonly orgName: string | null;
  readonly email: string | null;
  readonly extraContactInfo: string | null;
  /** Text, never a number: Google's are beyond 2^53. */
  readonly reportId: string | null;
  readonly beginS: number | null;
  readonly endS: number | null;
  readonly errors: readonly string[];
  readonly generator: string | null;
  readonly policy: PublishedPolicy;
  readonly records: number;
  /** Exact beyond 2^53. */
  readonly totalMessages: bigint;
  /** A message passes when DMARC evaluated DKIM or SPF to `pass`; raw results never count. */
  readonly passMessages: bigint;
}

/** `policy_published`; null means absent, an empty text that the element was empty. */
export interface PublishedPolicy {
  readonly domain: ReportedDomain | null;
  readonly p: string | null;
  readonly sp: string | null;
  readonly np: string | null;
  readonly adkim: string | null;
  readonly aspf: string | null;
  readonly fo: string | null;
  readonly pct: string | null;
  readonly testing: string | null;
  readonly discoveryMethod: string | null;
}

export interface AggregateRecord {
  /** Null when the reporter named none. */
  readonly sourceIp: ReportedIp | null;
  readonly count: bigint;
  /** `none`, `quarantine`, `reject`, `pass` …, lower case; empty when not given. */
  readonly disposition: string;
  /** Aligned results, lower case. */
  readonly dkim: string;
  readonly spf: string;
  readonly passed: boolean;
  readonly reasons: readonly OverrideReason[];
  readonly headerFrom: ReportedDomain | null;
  readonly envelopeFrom: string | null;
  readonly envelopeTo: string | null;
  readonly dkimResults: readonly DkimResult[];
  readonly spfResults: readonly SpfResult[];
}

export interface OverrideReason {
  /** `forwarded`, `mailing_list`, `policy_test_mode` …, lower case. */
  readonly type: string;
  readonly comment: string | null;
}

/** A raw result, not an aligned one. */
export interface DkimResult {
  readonly domain: ReportedDomain | null;
  readonly selector: string | null;
  readonly result: string;
  readonly humanResult: string | null;
}

export interface SpfResult {
  readonly domain: ReportedDomain | null;
  /** `mfrom` or `helo`; null when not given. */
  readonly scope: string | null;
  readonly result: string;
  readonly humanResult: string | null;
}

export interface TlsReport {
  readonly kind: 'tlsrpt';
  readonly orgName: string | null;
  readonly contactInfo: string | null;
  readonly reportId: string | null;
  readonly beginS: number | null;
  readonly endS: number | null;
  readonly policies: readonly TlsPolicy[];
  readonly successfulSessions: bigint;
  readonly failedSessions: bigint;
}

export interface TlsPolicy {
  /** `sts`, `tlsa`, `no-policy-found`, or what else the reporter wrote. */
  readonly type: string | null;
  readonly strings: readonly string[];
  readonly domain: ReportedDomain | null;
  readonly mxHosts: readonly string[];
  readonly successfulSessions: bigint;
  readonly failedSessions: bigint;
  readonly failures: readonly TlsFailure[];
}

export interface TlsFailure {
  /** `certificate-expired` … (RFC 8460 §4.3); unknown ones are kept. */
  readonly resultType: string | null;
  readonly sendingMtaIp: ReportedIp | null;
  readonly receivingMxHostname: string | null;
  readonly receivingMxHelo: string | null;
  readonly receivingIp: ReportedIp | null;
  readonly failedSessions: bigint;
  readonly additionalInformation: string | null;
  readonly failureReasonCode: string | null;
}

/** One message that failed. It holds personal data: keep it short, show it to few. */
export interface FailureReport {
  readonly kind: 'failure';
  /** Message-ID of the report mail. */
  readonly reportId: string | null;
  readonly userAgent: string | null;
  readonly version: string | null;
  /** `dmarc`, `spf`, `bodyhash` …, lower case. */
  readonly authFailure: string | null;
  readonly deliveryResult: string | null;
  readonly sourceIp: ReportedIp | null;
  readonly reportedDomains: readonly ReportedDomain[];
  readonly originalMailFrom: string | null;
  readonly originalRecipients: readonly string[];
  readonly originalEnvelopeId: string | null;
  readonly arrivalDate: string | null;
  readonly arrivalS: number | null;
  readonly authenticationResults: readonly string[];
  /** `dkim`, `spf`, lower case. */
  readonly identityAlignment: readonly string[];
  readonly dkimDomain: string | null;
  readonly dkimIdentity: string | null;
  readonly dkimSelector: string | null;
  readonly spfDns: readonly string[];
  readonly incidents: number | null;
  readonly originalFrom: string | null;
  readonly originalSubject: string | null;
  readonly originalMessageId: string | null;
}

export type DomainReport = AggregateReport | FailureReport | TlsReport;

/** What was found: a report, or one that had to be refused. */
export type ReportFinding =
  | { readonly kind: ReportKind; readonly report: DomainReport; readonly error: null; readonly warnings: readonly ReportWarning[] }
  | {
      /** `none` when it was refused before it showed what it is, or when there is no report at all (REPORT_NOT_FOUND). */
      readonly kind: ReportKind | 'none';
      readonly report: null;
      readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string };
      readonly warnings: readonly ReportWarning[];
    };
