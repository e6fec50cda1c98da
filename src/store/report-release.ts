// This file lets reports count that did not: those about a domain that was verified since, and those that a person takes for genuine. It also removes what is too old.
import type pg from 'pg';
import { reportDays } from '../mail/domain-reports/report-days.ts';
import { countReport, lockReports, ownersOfDomain } from './domain-reports.ts';
import { inTransaction } from './feedback.ts';
import { makeFilters } from './filters.ts';
import type { Scope } from './scope.ts';

interface WaitingReport {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly kind: string;
  readonly state: string;
  readonly why: string | null;
  readonly domain: string | null;
  readonly records_kept: boolean;
  readonly begin_s: number | null;
  readonly end_s: number | null;
  readonly stored_s: number;
}

const COLUMNS = `id, tenant_id, kind, state, why, domain, records_kept, extract(epoch from begin_at)::float8 as begin_s, extract(epoch from end_at)::float8 as end_s,
  extract(epoch from stored_at)::float8 as stored_s`;
/** Reports looked at in one turn. */
const AT_ONCE = 200;
/** Rows deleted by one statement. */
const DROP_ROWS = 200;
/** Reports that never counted are of no use later. Days. */
const UNCOUNTED_DAYS = 30;
/** Days of reports are those of UTC. */
const TODAY = "(now() at time zone 'UTC')::date";

/** Counts waiting reports whose domain is verified by now. Answers how many. `newIds` mints one id for each organisation that gets a copy. */
export async function releaseReports(pool: pg.Pool, newId: () => string): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `select r.id from domain_reports r where r.state = 'quarantined' and r.why = 'domain-unverified' and r.records_kept and exists (
       select from sending_domains d where d.state <> 'pending' and (r.tenant_id is null or d.tenant_id = r.tenant_id)
         and (d.name = r.domain or right(r.domain, length(d.name) + 1) = '.' || d.name))
     order by r.id limit ${AT_ONCE}`,
  );
  let released = 0;
  for (const { id } of rows) released += await inTransaction(pool, (client) => releaseOne(client, id, newId));
  return released;
}

async function releaseOne(client: pg.PoolClient, id: string, newId: () => string): Promise<number> {
  await lockReports(client);
  const report = await lockReport(client, null, id);
  if (report === null || report.state !== 'quarantined' || report.why !== 'domain-unverified' || report.domain === null) return 0;
  const owners = await ownersOfDomain(client, report.domain);
  if (report.tenant_id !== null) {
    const owner = owners.find(({ tenantId }) => tenantId === report.tenant_id);
    return owner && (await letCount(client, report, owner)) ? 1 : 0;
  }
  let copies = 0;
  for (const owner of owners) {
    const copy = newId();
    if (!(await copyReport(client, report.id, copy, owner.tenantId))) continue;
    if (await letCount(client, { ...report, id: copy, tenant_id: owner.tenantId }, owner)) copies += 1;
  }
  if (owners.length > 0) await removeReports(client, [report.id]);
  return copies;
}

/** A copy of a report of nobody, with its records, for one organisation; false when it has this report already. */
async function copyReport(client: pg.PoolClient, from: string, to: string, tenantId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into domain_reports (tenant_id, id, kind, state, why, domain, org_name, org_email, report_id, key, digest, begin_at, end_at, policy, records, total, passed,
       records_kept, source, inbound_mail_id, submitter, authentication, warnings, detail, duplicates, stored_at)
     select $3, $2, kind, state, why, domain, org_name, org_email, report_id, key, digest, begin_at, end_at, policy, records, total, passed,
       records_kept, source, inbound_mail_id, submitter, authentication, warnings, detail, duplicates, stored_at
     from domain_reports where id = $1 on conflict do nothing`,
    [from, to, tenantId],
  );
  if (rowCount !== 1) return false;
  await client.query(
    `insert into domain_report_traces select $2::uuid, t.id, t.header_from, t.dkim_domain, t.dkim_selector, t.dkim_result, t.dkim_aligned, t.spf_domain, t.spf_result,
       t.spf_aligned, t.disposition, t.reasons
     from domain_report_traces t where t.tenant_id is null and t.id in (select trace from domain_report_records where report_id = $1) on conflict do nothing`,
    [from, tenantId],
  );
  await client.query(
    `insert into domain_report_records (tenant_id, report_id, line, ip, trace, messages)
     select $3, $2, line, ip, trace, messages from domain_report_records where report_id = $1`,
    [from, to, tenantId],
  );
  return true;
}

async function letCount(
  client: pg.PoolClient,
  report: WaitingReport,
  owner: { readonly tenantId: string; readonly domainId: string },
): Promise<boolean> {
  const days = reportDays({ beginS: report.begin_s, endS: report.end_s }, report.stored_s);
  if (days === null && report.kind !== 'failure') {
    await client.query(`update domain_reports set why = 'range-unusable' where id = $1`, [report.id]);
    return false;
  }
  await client.query(`update domain_reports set state = 'counted', why = null, domain_id = $2 where id = $1`, [report.id, owner.domainId]);
  if (days !== null && report.kind === 'aggregate') await countReport(client, { id: report.id, ...owner }, days);
  return true;
}

export type AcceptedReport = 'counted' | 'waits' | 'not-forged' | 'records-gone' | 'taken';

/**
 * A person says that a report is genuine although its mail does not prove it. waits: it counts once the domain is verified. taken: another report of this reporter
 * with the same id counts already. Null: there is no such report.
 */
export async function acceptReport(client: pg.PoolClient, tenantId: Scope, id: string): Promise<AcceptedReport | null> {
  await lockReports(client);
  const report = await lockReport(client, tenantId, id);
  if (report === null) return null;
  if (report.state !== 'forged') return 'not-forged';
  if (!report.records_kept) return 'records-gone';
  const { rowCount } = await client.query(
    `update domain_reports r set state = 'quarantined', why = 'domain-unverified' where id = $1
       and not exists (select from domain_reports o where o.tenant_id is not distinct from r.tenant_id and o.key = r.key and o.state in ('counted', 'quarantined'))`,
    [id],
  );
  if (rowCount !== 1) return 'taken';
  const owners = report.domain === null ? [] : await ownersOfDomain(client, report.domain);
  const owner = owners.find((each) => each.tenantId === report.tenant_id);
  return owner && (await letCount(client, report, owner)) ? 'counted' : 'waits';
}

async function lockReport(client: pg.PoolClient, tenantId: Scope, id: string): Promise<WaitingReport | null> {
  const filters = makeFilters().add('id = ?', id).add('tenant_id = ?', tenantId);
  const { rows } = await client.query<WaitingReport>(`select ${COLUMNS} from domain_reports ${filters.where} for update`, filters.values);
  return rows[0] ?? null;
}

/** Removes old reports and counts, some at a time. Answers how many reports went. */
export async function dropOldReports(pool: pg.Pool, kept: { days: number; failureDays: number }): Promise<number> {
  let dropped = 0;
  for (;;) {
    const count = await inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ id: string }>(
        `select id from domain_reports where stored_at < now() - case when kind = 'failure' then $2 when state <> 'counted' then least($1, ${UNCOUNTED_DAYS})
           else $1 end * interval '1 day' order by stored_at limit ${DROP_ROWS}`,
        [kept.days, kept.failureDays],
      );
      await removeReports(
        client,
        rows.map(({ id }) => id),
      );
      return rows.length;
    });
    dropped += count;
    if (count < DROP_ROWS) break;
  }
  await pool.query(`delete from dmarc_days where day < ${TODAY} - $1::int`, [kept.days]);
  // A month goes when its last day does.
  await pool.query(
    `delete from dmarc_sources where case when monthly then day + interval '1 month' <= ${TODAY} - $1::int else day < ${TODAY} - $1::int end`,
    [kept.days],
  );
  return dropped;
}

async function removeReports(client: pg.PoolClient, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await client.query('delete from domain_report_records where report_id = any ($1::uuid[])', [ids]);
  await client.query('delete from domain_reports where id = any ($1::uuid[])', [ids]);
}
