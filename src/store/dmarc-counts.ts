// This file reads what reports counted for a domain: by day, and by source over any range of days. Whole months of a range come from their sums, so that a year of a million
// records is a few tens of thousands of rows.

import type { TlsDetail } from '../mail/domain-reports/tls-detail.ts';
import type { RecordTrace } from '../mail/domain-reports/trace.ts';
import type { Queryable } from './scope.ts';

export interface DomainKey {
  readonly tenantId: string;
  readonly domainId: string;
}

/** Days such as `2026-03-01`, both included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

export interface DmarcDay {
  readonly day: string;
  readonly messages: number;
  readonly aligned: number;
}

export async function readDmarcDays(db: Queryable, { tenantId, domainId }: DomainKey, { from, to }: DayRange): Promise<DmarcDay[]> {
  const { rows } = await db.query<DmarcDay>(
    `select day::text, messages::float8, aligned::float8 from dmarc_days where tenant_id = $1 and domain_id = $2 and day between $3 and $4 order by day`,
    [tenantId, domainId, from, to],
  );
  return rows;
}

/** Lets the sums of this transaction stay in memory: a year of a large domain has some 100,000 pairs of address and trace, which take 25 MB. */
export async function allowLargeSums(db: Queryable): Promise<void> {
  await db.query(`select set_config('work_mem', '32MB', true)`);
}

export interface DmarcSourceRow {
  /** Null: the reporter named none. */
  readonly ip: string | null;
  readonly ptr: string | null;
  readonly messages: number;
  /** Days on which it was seen; null where sums of months were read. */
  readonly days: number | null;
  readonly trace: RecordTrace;
}

/** Pairs of address and trace that are read; what is beyond the largest of them is a long tail of single messages, told as one. */
export const SOURCES_MAX = 5_000;

/** The largest sources of a range. `daily`: only days are read, and each source says on how many it was seen; for short ranges. */
export async function readDmarcSources(
  db: Queryable,
  { tenantId, domainId }: DomainKey,
  range: DayRange & { readonly daily: boolean },
): Promise<DmarcSourceRow[]> {
  const { monthFrom, monthTo } = range.daily ? { monthFrom: range.from, monthTo: range.from } : wholeMonths(range);
  // Addresses and traces come apart: a few hundred traces would otherwise be written thousands of times.
  const { rows } = await db.query<{ ip: string; ptr: string | null; messages: number; days: number; trace: string }>({
    name: 'read-dmarc-sources',
    text: `with picked as (
        select ip, trace, messages from dmarc_sources where tenant_id = $1 and domain_id = $2 and not monthly and day >= $3 and day < $5
        union all
        select ip, trace, messages from dmarc_sources where tenant_id = $1 and domain_id = $2 and monthly and day >= $5 and day < $6
        union all
        select ip, trace, messages from dmarc_sources where tenant_id = $1 and domain_id = $2 and not monthly and day >= $6 and day <= $4
      ), largest as (
        select ip, trace, sum(messages)::float8 as messages, count(*)::int as days from picked group by ip, trace order by 3 desc, ip, trace limit ${SOURCES_MAX}
      )
      select host(l.ip) as ip, n.name as ptr, l.messages, l.days, l.trace from largest l left join ip_names n on n.ip = l.ip`,
    values: [tenantId, domainId, range.from, range.to, monthFrom, monthTo],
  });
  const traces = await readTraces(db, tenantId, [...new Set(rows.map(({ trace }) => trace))]);
  return rows.flatMap(({ ip, ptr, messages, days, trace: id }) => {
    const trace = traces.get(id);
    return trace === undefined ? [] : [{ ip: ip === '::' ? null : ip, ptr, messages, days: range.daily ? days : null, trace }];
  });
}

async function readTraces(db: Queryable, tenantId: string, ids: readonly string[]): Promise<Map<string, RecordTrace>> {
  const { rows } = await db.query<RecordTrace & { id: string }>(
    `select id, header_from as "headerFrom", dkim_domain as "dkimDomain", dkim_selector as "dkimSelector", dkim_result as "dkimResult", dkim_aligned as "dkimAligned",
       spf_domain as "spfDomain", spf_result as "spfResult", spf_aligned as "spfAligned", disposition, reasons
     from domain_report_traces where tenant_id = $1 and id = any ($2::uuid[])`,
    [tenantId, ids],
  );
  return new Map(rows.map(({ id, ...trace }) => [id, trace]));
}

/** The first day of the first whole month, and the first day after the last; both the day behind the range when it holds none. */
function wholeMonths({ from, to }: DayRange): { monthFrom: string; monthTo: string } {
  const first = from.endsWith('-01') ? from : monthAfter(from, 1);
  const behind = dayAfter(to);
  const last = behind.endsWith('-01') ? behind : monthAfter(behind, 0);
  return first < last ? { monthFrom: first, monthTo: last } : { monthFrom: behind, monthTo: behind };
}

function monthAfter(day: string, months: number): string {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + months, 1)).toISOString().slice(0, 10);
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

export interface ReportedPolicy {
  readonly p: string | null;
  readonly testing: string | null;
  /** Seconds since 1970: the first and the last report that saw it. */
  readonly firstS: number;
  readonly lastS: number;
}

/** Policies that receivers saw at the domain itself since then, the newest first. */
export async function readReportedPolicies(
  db: Queryable,
  { tenantId, domainId }: DomainKey,
  { domain, sinceS }: { domain: string; sinceS: number },
): Promise<ReportedPolicy[]> {
  const { rows } = await db.query<ReportedPolicy>(
    `select lower(policy->>'p') as p, lower(policy->>'testing') as testing, extract(epoch from min(end_at))::float8 as "firstS",
       extract(epoch from max(end_at))::float8 as "lastS"
     from domain_reports where tenant_id = $1 and domain_id = $2 and kind = 'aggregate' and state = 'counted' and domain = $3 and end_at >= to_timestamp($4::float8)
     group by 1, 2 order by 4 desc`,
    [tenantId, domainId, domain, sinceS],
  );
  return rows;
}

/** Selectors of every key the domain ever had here: reports speak of the past. */
export async function readSelectors(db: Queryable, { tenantId, domainId }: DomainKey): Promise<string[]> {
  const { rows } = await db.query<{ selector: string }>(
    'select lower(selector) as selector from dkim_keys where tenant_id = $1 and domain_id = $2',
    [tenantId, domainId],
  );
  return rows.map(({ selector }) => selector);
}

export interface TlsReportRow {
  readonly orgName: string | null;
  readonly beginS: number | null;
  readonly endS: number | null;
  readonly storedS: number;
  readonly detail: TlsDetail;
}

/** A year of a report a day from thirty reporters. */
const TLS_REPORTS_MAX = 12_000;

/** TLS reports that touch the range, the newest first. */
export async function readTlsReports(db: Queryable, { tenantId, domainId }: DomainKey, { from, to }: DayRange): Promise<TlsReportRow[]> {
  const { rows } = await db.query<TlsReportRow>(
    `select org_name as "orgName", extract(epoch from begin_at)::float8 as "beginS", extract(epoch from end_at)::float8 as "endS",
       extract(epoch from stored_at)::float8 as "storedS", detail
     from domain_reports where tenant_id = $1 and domain_id = $2 and kind = 'tlsrpt' and state = 'counted'
       and end_at >= $3::timestamp at time zone 'UTC' and coalesce(begin_at, end_at) < ($4::timestamp + interval '1 day') at time zone 'UTC'
     order by end_at desc limit ${TLS_REPORTS_MAX}`,
    [tenantId, domainId, from, to],
  );
  return rows;
}

/** Reports about a domain that came since then and do not count, by state. */
export async function countUncounted(
  db: Queryable,
  { tenantId, domain, sinceS }: { tenantId: string; domain: string; sinceS: number },
): Promise<Readonly<Record<string, number>>> {
  const { rows } = await db.query<{ state: string; reports: number }>(
    `select state, count(*)::int as reports from domain_reports where tenant_id = $1 and domain = $2 and state <> 'counted' and stored_at >= to_timestamp($3::float8)
     group by state`,
    [tenantId, domain, sinceS],
  );
  return Object.fromEntries(rows.map(({ state, reports }) => [state, reports]));
}
