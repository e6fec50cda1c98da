// This file stores what is settled about From addresses that are written anew: what the operator allows a tenant, what the tenant agreed to, which address becomes
// which, and how many recipients a day had it so.
import type { Rewriting } from '../tenancy/rewriting.ts';
import { labelOf, localPartOf } from '../tenancy/rewriting.ts';
import type { Queryable } from './scope.ts';

export interface RewritingSetting {
  readonly allowed: boolean;
  readonly as_is: boolean;
  /** Null: the desk's own. */
  readonly daily_cap: number | null;
  /** Label below the rewriting domain; null: not settled yet. */
  readonly label: string | null;
  readonly consented_at: string | null;
  readonly consented_by: string | null;
  /** Recipients today (UTC) that had From written anew. */
  readonly used_today: number;
}

/** Numbers tried behind a label or local part that is taken; beyond it somebody makes names on purpose. */
const NUMBERS_MAX = 1_000;

/** What counts for one sender; null where nothing is settled and the desk has no rewriting domain. */
export async function readRewriting(
  db: Queryable,
  tenantId: string,
  about: { readonly address: string; readonly rewriteDomain: string | null },
): Promise<Rewriting | null> {
  const { rows } = await db.query<{
    organisation: string;
    allowed: boolean | null;
    as_is: boolean | null;
    agreed: boolean;
    label: string | null;
    local: string | null;
  }>({
    name: 'read-rewriting',
    text: `select t.name as organisation, w.allowed, w.as_is, w.consented_at is not null as agreed, w.label, a.local_part as local
      from tenants t left join tenant_rewriting w on w.tenant_id = t.id
        left join rewritten_addresses a on a.tenant_id = t.id and a.address = $2 where t.id = $1`,
    values: [tenantId, about.address],
  });
  const [row] = rows;
  const { rewriteDomain } = about;
  if (!row || (rewriteDomain === null && row.as_is !== false)) return null;
  const { organisation, label, local } = row;
  return {
    possible: rewriteDomain !== null,
    allowed: row.allowed === true,
    agreed: row.agreed,
    asIs: row.as_is !== false,
    address: rewriteDomain !== null && label !== null && local !== null ? `${local}@${label}.${rewriteDomain}` : null,
    organisation,
  };
}

export async function readRewritingSetting(db: Queryable, tenantId: string): Promise<RewritingSetting> {
  const { rows } = await db.query<Omit<RewritingSetting, 'consented_at'> & { consented_at: Date | null }>(
    `select w.allowed, w.as_is, w.daily_cap, w.label, w.consented_at, w.consented_by, coalesce(d.recipients, 0) as used_today
     from tenant_rewriting w left join rewriting_days d on d.tenant_id = w.tenant_id and d.day = (now() at time zone 'utc')::date
     where w.tenant_id = $1`,
    [tenantId],
  );
  const [row] = rows;
  if (!row) return { allowed: false, as_is: true, daily_cap: null, label: null, consented_at: null, consented_by: null, used_today: 0 };
  return { ...row, consented_at: row.consented_at?.toISOString() ?? null };
}

export interface RewritingChange {
  readonly allowed?: boolean | undefined;
  readonly as_is?: boolean | undefined;
  readonly daily_cap?: number | null | undefined;
  /** Who agrees, or null to take that back. */
  readonly consentedBy?: string | null | undefined;
}

/** Changes what is given; the tenant gets its label with the first change, and addresses for its senders once rewriting is allowed. */
export async function writeRewritingSetting(db: Queryable, tenantId: string, change: RewritingChange): Promise<void> {
  await ensureLabel(db, tenantId);
  await db.query(
    `update tenant_rewriting set allowed = coalesce($2, allowed), as_is = coalesce($3, as_is), daily_cap = case when $4 then $5 else daily_cap end,
       consented_at = case when not $6 then consented_at when $7::text is null then null else coalesce(consented_at, now()) end,
       consented_by = case when not $6 then consented_by when $7::text is null then null else coalesce(consented_by, $7) end, updated_at = now()
     where tenant_id = $1`,
    [
      tenantId,
      change.allowed ?? null,
      change.as_is ?? null,
      change.daily_cap !== undefined,
      change.daily_cap ?? null,
      change.consentedBy !== undefined,
      change.consentedBy ?? null,
    ],
  );
  await settleAddresses(db, tenantId);
}

async function ensureLabel(db: Queryable, tenantId: string): Promise<void> {
  const { rows } = await db.query<{ name: string; there: boolean }>(
    `select name, exists (select from tenant_rewriting w where w.tenant_id = t.id) as there from tenants t where id = $1`,
    [tenantId],
  );
  const [tenant] = rows;
  if (!tenant || tenant.there) return;
  for (const label of numbered(labelOf(tenant.name))) {
    const made = await db.query('insert into tenant_rewriting (tenant_id, label) values ($1, $2) on conflict do nothing', [
      tenantId,
      label,
    ]);
    if (made.rowCount === 1) return;
    const { rowCount } = await db.query('select from tenant_rewriting where tenant_id = $1', [tenantId]);
    if (rowCount === 1) return;
  }
  throw new Error('no label is left for this organisation');
}

/** Gives every sender of a tenant that may have From written anew the address it becomes; those that have one keep it. */
export async function settleAddresses(db: Queryable, tenantId: string): Promise<void> {
  const { rows } = await db.query<{ address: string }>(
    `select s.address from senders s join tenant_rewriting w on w.tenant_id = s.tenant_id and w.allowed
     where s.tenant_id = $1 and not exists (select from rewritten_addresses a where a.tenant_id = s.tenant_id and a.address = s.address) order by s.id`,
    [tenantId],
  );
  for (const { address } of rows) {
    for (const local of numbered(localPartOf(address))) {
      const made = await db.query(
        'insert into rewritten_addresses (tenant_id, local_part, address) values ($1, $2, $3) on conflict (tenant_id, local_part) do nothing',
        [tenantId, local, address],
      );
      if (made.rowCount === 1) break;
    }
  }
}

function* numbered(name: string): Generator<string> {
  yield name;
  for (let n = 2; n <= NUMBERS_MAX; n += 1) yield `${name}-${n}`;
}

/** Whose address a mail came to that answers a rewritten From; null: nobody's, or its sender is gone or no longer confirmed. */
export async function findRewritten(
  db: Queryable,
  to: { readonly label: string; readonly localPart: string },
): Promise<{ tenantId: string; tenantNumber: number; address: string } | null> {
  const { rows } = await db.query<{ tenantId: string; tenantNumber: number; address: string }>({
    name: 'find-rewritten',
    text: `select a.tenant_id as "tenantId", t.number as "tenantNumber", a.address
      from tenant_rewriting w join tenants t on t.id = w.tenant_id join rewritten_addresses a on a.tenant_id = w.tenant_id
        join senders s on s.tenant_id = a.tenant_id and s.address = a.address and s.verified_at is not null
      where w.label = $1 and a.local_part = $2`,
    values: [to.label, to.localPart],
  });
  return rows[0] ?? null;
}

/** Takes so many places of a tenant's day, or none: false when its cap would be passed. */
export async function takeRewritingPlaces(
  db: Queryable,
  tenantId: string,
  places: { recipients: number; presetCap: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `with cap as (select coalesce((select daily_cap from tenant_rewriting where tenant_id = $1), $3::int) as most)
     insert into rewriting_days (tenant_id, day, recipients) select $1, (now() at time zone 'utc')::date, $2::int from cap where $2::int <= most
     on conflict (tenant_id, day) do update set recipients = rewriting_days.recipients + excluded.recipients
       where rewriting_days.recipients + excluded.recipients <= (select most from cap)`,
    [tenantId, places.recipients, places.presetCap],
  );
  return rowCount === 1;
}

/** Places that are left of a tenant's day. */
export async function rewritingPlacesLeft(db: Queryable, tenantId: string, presetCap: number): Promise<number> {
  const { rows } = await db.query<{ left: number }>(
    `select greatest(0, coalesce((select daily_cap from tenant_rewriting where tenant_id = $1), $2::int)
       - coalesce((select recipients from rewriting_days where tenant_id = $1 and day = (now() at time zone 'utc')::date), 0)) as left`,
    [tenantId, presetCap],
  );
  return rows[0]?.left ?? 0;
}

/** Takes as many of so many places of a tenant's day as are left; returns how many. */
export async function takeSomeRewritingPlaces(
  db: Queryable,
  tenantId: string,
  places: { recipients: number; presetCap: number },
): Promise<number> {
  // The row is there before it is locked, so that two who take count one after the other.
  await db.query(
    `insert into rewriting_days (tenant_id, day, recipients) values ($1, (now() at time zone 'utc')::date, 0) on conflict do nothing`,
    [tenantId],
  );
  const { rows } = await db.query<{ taken: number }>(
    `with had as (
       select recipients from rewriting_days where tenant_id = $1 and day = (now() at time zone 'utc')::date for update
     ), t as (
       select greatest(0, least($2::int, coalesce((select daily_cap from tenant_rewriting where tenant_id = $1), $3::int) - had.recipients)) as taken from had
     )
     update rewriting_days d set recipients = d.recipients + t.taken from t
     where d.tenant_id = $1 and d.day = (now() at time zone 'utc')::date returning t.taken`,
    [tenantId, places.recipients, places.presetCap],
  );
  return rows[0]?.taken ?? 0;
}

/** Gives places back that were taken for a message nobody accepted. */
export async function returnRewritingPlaces(db: Queryable, tenantId: string, recipients: number): Promise<void> {
  await db.query(
    `update rewriting_days set recipients = greatest(0, recipients - $2::int) where tenant_id = $1 and day = (now() at time zone 'utc')::date`,
    [tenantId, recipients],
  );
}

/** Removes days that nobody counts any more. */
export async function forgetRewritingDays(db: Queryable, beforeMs: number): Promise<void> {
  await db.query('delete from rewriting_days where day < to_timestamp($1::float8 / 1000)', [beforeMs]);
}
