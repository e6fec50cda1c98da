// This file names what the console reads of reports about domains.

export type ReportState = 'counted' | 'quarantined' | 'forged' | 'conflict';
export type SourceKind = 'ours' | 'provider' | 'forwarder' | 'unknown';

export interface DomainReport {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly kind: 'aggregate' | 'failure' | 'tlsrpt';
  readonly state: ReportState;
  readonly why: string | null;
  readonly domain: string | null;
  readonly domain_id: string | null;
  readonly org_name: string | null;
  readonly org_email: string | null;
  readonly report_id: string | null;
  readonly begin_at: string | null;
  readonly end_at: string | null;
  readonly policy: Readonly<Record<string, string | null>> | null;
  readonly records: number;
  readonly messages: number;
  readonly passed: number;
  readonly records_kept: boolean;
  readonly source: 'mail' | 'mailbox' | 'upload';
  readonly inbound_mail_id: string | null;
  readonly submitter: string | null;
  readonly authentication: string;
  readonly duplicates: number;
  readonly conflict_of: string | null;
  readonly warnings: readonly { readonly code: string; readonly detail: string; readonly times: number }[];
  readonly stored_at: string;
}

export interface ReportRow {
  readonly ip: string | null;
  readonly ptr: string | null;
  readonly messages: number;
  readonly header_from: string | null;
  readonly dkim_domain: string | null;
  readonly dkim_selector: string | null;
  readonly dkim_result: string;
  readonly dkim_aligned: boolean;
  readonly spf_domain: string | null;
  readonly spf_result: string;
  readonly spf_aligned: boolean;
  readonly disposition: string;
  readonly reasons: string;
}

export interface DomainReportDetail extends DomainReport {
  readonly detail: Readonly<Record<string, unknown>>;
  readonly rows: readonly ReportRow[];
}

export interface ReportsTaken {
  readonly data: readonly {
    readonly id: string;
    readonly kind: DomainReport['kind'];
    readonly domain: string | null;
    readonly state: ReportState;
    readonly outcome: 'stored' | 'duplicate' | 'conflict';
  }[];
  readonly refused: readonly { readonly code: string; readonly message: string; readonly hint: string }[];
}

interface WhyNext {
  readonly why: string;
  /** '' where nothing has to be done. */
  readonly next_step: string;
}

export interface Source extends WhyNext {
  readonly kind: SourceKind;
  readonly name: string;
  readonly messages: number;
  readonly aligned: number;
  readonly spf_aligned: number;
  readonly dkim_aligned: number;
  readonly cause: string | null;
  readonly ip_count: number;
  readonly ips: readonly { readonly ip: string; readonly ptr: string | null; readonly messages: number }[];
}

export interface DmarcView {
  readonly from: string;
  readonly to: string;
  readonly messages: number;
  readonly aligned: number;
  readonly days: readonly { readonly day: string; readonly messages: number; readonly aligned: number }[];
  readonly sources: readonly Source[];
  readonly safe_path: {
    readonly policy: string | null;
    readonly testing: boolean;
    readonly next: { readonly policy: string; readonly testing: boolean; readonly record: string; readonly evidence: string } | null;
    readonly blockers: readonly (WhyNext & { readonly code: string; readonly source: string | null; readonly messages: number })[];
    readonly evidence: string;
  };
  readonly failures: readonly (WhyNext & {
    readonly cause: string;
    readonly kind: SourceKind;
    readonly source: string;
    readonly header_from: string | null;
    readonly messages: number;
  })[];
  readonly uncounted: Readonly<Record<string, number>>;
  readonly report_address: string | null;
}

export interface TlsView {
  readonly from: string;
  readonly to: string;
  readonly sessions: number;
  readonly failed: number;
  readonly days: readonly { readonly day: string; readonly sessions: number; readonly failed: number }[];
  readonly policies: readonly { readonly type: string; readonly sessions: number; readonly failed: number }[];
  readonly reporters: readonly { readonly name: string; readonly sessions: number; readonly failed: number }[];
  readonly failures: readonly (WhyNext & { readonly result_type: string; readonly mx_host: string | null; readonly sessions: number })[];
}
