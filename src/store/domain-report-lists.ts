// This file lists and shows reports about domains, with the records of each.
import { makeFilters } from './filters.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

interface DomainReportRow {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly kind: 'aggregate' | 'failure' | 'tlsrpt';
  readonly state: 'counted' | 'quarantined' | 'forged' | 'conflict';
  readonly why: string | null;
  readonly domain: string | null;
  readonly domain_id: string | null;
  readonly org_name: string | null;
  readonly org_email: string | null;
  readonly report_id: string | null;
  readonly begin_at: Date | null;
  readonly end_at: Date | null;
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
  readonly stored_at: Date;
}

export type DomainReportHead = Plain<DomainReportRow>;
export type DomainReportDetail = DomainReportHead & { readonly detail: Record<string, unknown> };

export interface DomainReportFilter {
  readonly before: string | null;
  readonly limit: number;
  readonly domain?: string | undefined;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
  /** Reports whose range touches these times. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const COLUMNS = `id, tenant_id, kind, state, why, domain, domain_id, org_name, org_email, report_id, begin_at, end_at, policy, records, total::float8 as messages,
  passed::float8 as passed, records_kept, source, inbound_mail_id, submitter, authentication, duplicates, conflict_of, warnings, stored_at`;

/** Newest first. */
export async function listDomainReports(db: Queryable, tenantId: Scope, filter: DomainReportFilter): Promise<DomainReportHead[]> {
  const filters = makeFilters()
    .add('tenant_id = ?', tenantId)
    .add('id < ?', filter.before)
    .add('domain = ?', filter.domain)
    .add('kind = ?', filter.kind)
    .add('state = ?', filter.state)
    .add('coalesce(end_at, stored_at) >= ?', filter.from)
    .add('coalesce(begin_at, stored_at) < ?', filter.to);
  const { rows } = await db.query<DomainReportRow>(
    `select ${COLUMNS} from domain_reports ${filters.where} order by id desc limit ${filters.param(filter.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

export async function findDomainReport(db: Queryable, tenantId: Scope, id: string): Promise<DomainReportDetail | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<DomainReportRow & { detail: Record<string, unknown> }>(
    `select ${COLUMNS}, detail from domain_reports ${filters.where}`,
    filters.values,
  );
  return firstRow(rows);
}

export interface ShownRecord {
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

/** The records of a report whose scope was checked, those with most messages first. */
export async function readRecords(db: Queryable, report: { id: string; tenantId: string | null }, limit: number): Promise<ShownRecord[]> {
  const { rows } = await db.query<ShownRecord>(
    `select nullif(host(r.ip), '::') as ip, n.name as ptr, r.messages::float8 as messages, t.header_from, t.dkim_domain, t.dkim_selector, t.dkim_result, t.dkim_aligned,
       t.spf_domain, t.spf_result, t.spf_aligned, t.disposition, t.reasons
     from domain_report_records r
     join domain_report_traces t on t.id = r.trace and t.tenant_id is not distinct from r.tenant_id
     left join ip_names n on n.ip = r.ip
     where r.report_id = $1 and r.tenant_id is not distinct from $2::uuid order by r.messages desc, r.line limit $3`,
    [report.id, report.tenantId, limit],
  );
  return rows;
}
