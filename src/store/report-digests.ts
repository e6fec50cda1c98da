// This file stores which organisations want the weekly mail about their reports, and which week was told last.
import type { Queryable } from './scope.ts';

export async function readReportDigest(db: Queryable, tenantId: string): Promise<{ enabled: boolean }> {
  const { rows } = await db.query<{ enabled: boolean }>('select enabled from report_digests where tenant_id = $1', [tenantId]);
  return rows[0] ?? { enabled: true };
}

export async function writeReportDigest(db: Queryable, tenantId: string, setting: { enabled: boolean }): Promise<void> {
  await db.query(
    'insert into report_digests (tenant_id, enabled) values ($1, $2) on conflict (tenant_id) do update set enabled = excluded.enabled',
    [tenantId, setting.enabled],
  );
}

export interface DigestDue {
  readonly tenantId: string;
  readonly name: string;
  readonly address: string;
  readonly language: 'en' | 'de';
}

/** Organisations in turn of their ids that were not told about the week yet, want to be, and can be reached. */
export async function digestsDue(db: Queryable, week: string, limit: number): Promise<DigestDue[]> {
  const { rows } = await db.query<DigestDue>(
    `select t.id as "tenantId", t.name, t.contact_email as address, t.language from tenants t left join report_digests d on d.tenant_id = t.id
     where t.state = 'active' and t.contact_email is not null and coalesce(d.enabled, true) and (d.week is null or d.week < $1::date)
       and exists (select from sending_domains s where s.tenant_id = t.id and s.state <> 'pending')
     order by t.id limit $2`,
    [week, limit],
  );
  return rows;
}

/** Marks the week as told; false when somebody else did. */
export async function markDigest(db: Queryable, tenantId: string, week: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into report_digests (tenant_id, week) values ($1, $2) on conflict (tenant_id) do update set week = excluded.week
     where report_digests.week is null or report_digests.week < excluded.week`,
    [tenantId, week],
  );
  return rowCount === 1;
}
