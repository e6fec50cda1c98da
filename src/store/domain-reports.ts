// This file stores reports about domains: the head of each, its records in batches, and what it counts. All of one input is one transaction of the caller, so that a crash in
// the middle leaves nothing of it. Reports are written by the owner role; organisations only read theirs.
import type pg from 'pg';
import type { DayShare } from '../mail/domain-reports/report-days.ts';
import type { RecordTrace } from '../mail/domain-reports/trace.ts';
import { plainArray, textArray } from './arrays.ts';
import { jsonText } from './json-text.ts';
import type { Queryable } from './scope.ts';

export type ReportState = 'counted' | 'quarantined' | 'forged' | 'conflict';

export interface NewReport {
  readonly id: string;
  readonly tenantId: string | null;
  readonly kind: 'aggregate' | 'failure' | 'tlsrpt';
  readonly state: ReportState;
  readonly why: string | null;
  readonly domain: string | null;
  readonly domainId: string | null;
  readonly orgName: string | null;
  readonly orgEmail: string | null;
  readonly reportId: string | null;
  readonly key: Buffer;
  readonly digest: Buffer;
  readonly beginS: number | null;
  readonly endS: number | null;
  readonly policy: Readonly<Record<string, string | null>> | null;
  readonly records: number;
  readonly total: bigint;
  readonly passed: bigint;
  readonly recordsKept: boolean;
  readonly source: 'mail' | 'mailbox' | 'upload';
  readonly inboundMailId: string | null;
  readonly submitter: string | null;
  readonly authentication: string;
  readonly warnings: readonly unknown[];
  readonly detail: Readonly<Record<string, unknown>>;
  readonly conflictOf: string | null;
}

/** Domains that a name is covered by: the name itself and those above it. */
export interface DomainOwner {
  readonly tenantId: string;
  readonly domainId: string;
}

/** Who has shown that a domain is theirs: the owner of the name itself or of the nearest above it, one entry for each organisation. */
export async function ownersOfDomain(db: Queryable, domain: string): Promise<DomainOwner[]> {
  const labels = domain.split('.');
  const names = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
  const { rows } = await db.query<DomainOwner>(
    `select distinct on (tenant_id) tenant_id as "tenantId", id as "domainId" from sending_domains
     where name = any ($1::text[]) and state <> 'pending' order by tenant_id, length(name) desc`,
    [names],
  );
  return rows;
}

/** The tenant of a reporting address while it and its domain are there; null else. */
export async function tenantOfReportAddress(db: Queryable, token: { tenantNumber: number; domainId: string }): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    'select t.id from tenants t join sending_domains d on d.tenant_id = t.id where t.number = $1 and d.id = $2',
    [token.tenantNumber, token.domainId],
  );
  return rows[0]?.id ?? null;
}

/** One storing at a time: reports share traces, days and sources, and two that met them in different order would wait for each other. Until the transaction ends. */
export async function lockReports(client: pg.PoolClient): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtext('packetboat domain reports'))`);
}

/** Stores the head of a report; false when one is there that this one repeats or contradicts. Two nodes with the same report wait for each other here. */
export async function insertReport(client: pg.PoolClient, report: NewReport): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into domain_reports (tenant_id, id, kind, state, why, domain, domain_id, org_name, org_email, report_id, key, digest, begin_at, end_at, policy,
       records, total, passed, records_kept, source, inbound_mail_id, submitter, authentication, warnings, detail, conflict_of)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, to_timestamp($13::float8), to_timestamp($14::float8), $15, $16, $17, $18, $19, $20, $21, $22,
       $23, $24, $25, $26) on conflict do nothing`,
    [
      report.tenantId,
      report.id,
      report.kind,
      report.state,
      report.why,
      report.domain,
      report.domainId,
      storable(report.orgName),
      storable(report.orgEmail),
      storable(report.reportId),
      report.key,
      report.digest,
      report.beginS,
      report.endS,
      report.policy === null ? null : jsonText(report.policy),
      report.records,
      report.total,
      report.passed,
      report.recordsKept,
      report.source,
      report.inboundMailId,
      report.submitter,
      report.authentication,
      jsonText(report.warnings),
      jsonText(report.detail),
      report.conflictOf,
    ],
  );
  return rowCount === 1;
}

export interface FirstReport {
  readonly id: string;
  readonly digest: Buffer;
  readonly inboundMailId: string | null;
}

/** The report that has this key already: among those that are proven, or among those that are not. */
export async function findFirstReport(client: pg.PoolClient, report: NewReport): Promise<FirstReport | null> {
  const { rows } = await client.query<FirstReport>(
    `select id, digest, inbound_mail_id as "inboundMailId" from domain_reports
     where tenant_id is not distinct from $1 and key = $2
       and case when $3 = 'forged' then state = 'forged' and digest = $4 else state in ('counted', 'quarantined') end`,
    [report.tenantId, report.key, report.state, report.digest],
  );
  return rows[0] ?? null;
}

export async function countDuplicate(client: pg.PoolClient, id: string): Promise<void> {
  await client.query('update domain_reports set duplicates = duplicates + 1 where id = $1', [id]);
}

/** Records of reports that do not count and were kept for a tenant (null: for nobody) in the last day. */
export async function uncountedToday(client: pg.PoolClient, tenantId: string | null): Promise<number> {
  const { rows } = await client.query<{ records: number }>(
    `select coalesce(sum(records), 0)::float8 as records from domain_reports
     where tenant_id is not distinct from $1 and state in ('quarantined', 'forged') and records_kept and stored_at > now() - interval '1 day'`,
    [tenantId],
  );
  return rows[0]?.records ?? 0;
}

export interface RecordRow {
  readonly line: number;
  /** Canonical text; null: none was named. */
  readonly ip: string | null;
  readonly traceId: string;
  readonly trace: RecordTrace;
  readonly messages: bigint;
}

/** Adds a batch of records to reports; `reports` are copies of one report for several organisations. */
export async function insertRecords(
  client: pg.PoolClient,
  reports: readonly { readonly id: string; readonly tenantId: string | null }[],
  rows: readonly RecordRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const traces = [...new Map(rows.map((row) => [row.traceId, row.trace])).entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  const tenants = [...new Set(reports.map(({ tenantId }) => tenantId))];
  await client.query({
    name: 'insert-report-traces',
    text: `insert into domain_report_traces (tenant_id, id, header_from, dkim_domain, dkim_selector, dkim_result, dkim_aligned, spf_domain, spf_result, spf_aligned,
        disposition, reasons)
      select o.tenant_id, t.* from unnest($1::uuid[]) as o(tenant_id) cross join unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[],
        $8::text[], $9::text[], $10::bool[], $11::text[], $12::text[]) as t
      on conflict do nothing`,
    values: [
      plainArray(tenants),
      plainArray(traces.map(([id]) => id)),
      textArray(traces.map(([, trace]) => trace.headerFrom)),
      textArray(traces.map(([, trace]) => trace.dkimDomain)),
      textArray(traces.map(([, trace]) => trace.dkimSelector)),
      textArray(traces.map(([, trace]) => trace.dkimResult)),
      plainArray(traces.map(([, trace]) => String(trace.dkimAligned))),
      textArray(traces.map(([, trace]) => trace.spfDomain)),
      textArray(traces.map(([, trace]) => trace.spfResult)),
      plainArray(traces.map(([, trace]) => String(trace.spfAligned))),
      textArray(traces.map(([, trace]) => trace.disposition)),
      textArray(traces.map(([, trace]) => trace.reasons)),
    ],
  });
  await client.query({
    name: 'insert-report-records',
    text: `insert into domain_report_records (tenant_id, report_id, line, ip, trace, messages)
      select o.tenant_id, o.report_id, t.* from unnest($1::uuid[], $2::uuid[]) as o(tenant_id, report_id)
      cross join unnest($3::int[], $4::inet[], $5::uuid[], $6::int8[]) as t`,
    values: [
      plainArray(reports.map(({ tenantId }) => tenantId)),
      plainArray(reports.map(({ id }) => id)),
      plainArray(rows.map(({ line }) => line)),
      plainArray(rows.map(({ ip }) => ip ?? NO_IP)),
      plainArray(rows.map((row) => row.traceId)),
      plainArray(rows.map(({ messages }) => String(messages))),
    ],
  });
}

/** Stands for "none named" in a key. */
export const NO_IP = '::';

/** Counts the stored records of a report for a domain, by day and source; addresses without a name are queued to be looked up. */
export async function countReport(
  client: pg.PoolClient,
  report: { readonly id: string; readonly tenantId: string; readonly domainId: string },
  days: { readonly shares: readonly DayShare[]; readonly totalS: number },
): Promise<void> {
  const { tenantId, domainId, id } = report;
  const shares = [
    plainArray(days.shares.map(({ day }) => day)),
    plainArray(days.shares.map(({ fromS }) => fromS)),
    plainArray(days.shares.map(({ toS }) => toS)),
    days.totalS,
  ];
  await client.query({
    name: 'count-report-sources',
    text: `with grouped as materialized (
        select ip, trace, sum(messages) as messages from domain_report_records where report_id = $3 group by ip, trace
      ), shared as materialized (
        select d.day, ip, trace, case when $7::int8 = 1 then messages else floor(messages * d.to_s / $7) - floor(messages * d.from_s / $7) end::int8 as messages
        from grouped cross join unnest($4::date[], $5::int8[], $6::int8[]) as d(day, from_s, to_s)
      ), daily as (
        select false as monthly, day, ip, trace, messages from shared
        union all
        select true, date_trunc('month', day)::date, ip, trace, sum(messages)::int8 from shared group by 2, 3, 4
      )
      insert into dmarc_sources (tenant_id, domain_id, monthly, day, ip, trace, messages)
      select $1::uuid, $2::uuid, monthly, day, ip, trace, messages from daily where messages > 0 order by monthly, day, ip, trace
      on conflict (tenant_id, domain_id, monthly, day, ip, trace) do update set messages = dmarc_sources.messages + excluded.messages`,
    values: [tenantId, domainId, id, ...shares],
  });
  await client.query({
    name: 'count-report-days',
    text: `with grouped as (
        select t.dkim_aligned or t.spf_aligned as aligned, r.ip, r.trace, sum(r.messages) as messages
        from domain_report_records r join domain_report_traces t on t.id = r.trace and t.tenant_id = r.tenant_id
        where r.report_id = $3 group by 1, 2, 3
      ), shared as (
        select d.day, aligned, case when $7::int8 = 1 then messages else floor(messages * d.to_s / $7) - floor(messages * d.from_s / $7) end::int8 as messages
        from grouped cross join unnest($4::date[], $5::int8[], $6::int8[]) as d(day, from_s, to_s)
      )
      insert into dmarc_days (tenant_id, domain_id, day, messages, aligned)
      select $1::uuid, $2::uuid, day, sum(messages)::int8, coalesce(sum(messages) filter (where aligned), 0)::int8 from shared group by day order by day
      on conflict (tenant_id, domain_id, day) do update set messages = dmarc_days.messages + excluded.messages, aligned = dmarc_days.aligned + excluded.aligned`,
    values: [tenantId, domainId, id, ...shares],
  });
  await client.query({
    name: 'queue-ip-names',
    text: `insert into ip_names (ip) select distinct ip from domain_report_records where report_id = $1 and ip <> '::' order by ip on conflict do nothing`,
    values: [id],
  });
}

/** PostgreSQL's text holds no NUL. */
function storable(text: string | null): string | null {
  return text?.replaceAll('\0', '\ufffd') ?? null;
}
