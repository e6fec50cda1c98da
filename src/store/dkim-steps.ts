// This file is the store's half of the DKIM chores: keys whose time has come, taken for a while so that two runners never look at one together, and
// what became of them. It works for all tenants; on-demand looks name the domain, whose tenant was checked before.
import type { KeyAlgorithm, KeyState } from '../tenancy/dkim-keys.ts';
import type { Queryable } from './scope.ts';

export interface DueKey {
  readonly id: string;
  readonly tenantId: string;
  readonly domainId: string;
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: KeyAlgorithm;
  readonly state: KeyState;
  readonly public_key: string;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  readonly ttlS: number | null;
  /** Another key of this domain and algorithm signs now. */
  readonly replaces: boolean;
}

const COLUMNS = `k.id, k.tenant_id as "tenantId", k.domain_id as "domainId", d.name as domain, k.selector, k.algorithm, k.state, k.public_key,
  extract(epoch from k.state_since)::float8 * 1000 as "sinceMs", k.seen_ttl_s as "ttlS",
  exists (select from dkim_keys a where a.domain_id = k.domain_id and a.algorithm = k.algorithm and a.state = 'active') as replaces`;

/** Takes keys that are due, the longest waiting first; they are due again after `seconds`, should the runner die. */
export async function takeDueKeys(db: Queryable, take: { limit: number; seconds: number }): Promise<DueKey[]> {
  const { rows } = await db.query<DueKey>(
    `update dkim_keys k set due_at = now() + $2 * interval '1 second' from sending_domains d
     where d.id = k.domain_id and k.id in (
       select id from dkim_keys where state in ('new', 'published', 'retiring') and due_at <= now() order by due_at limit $1 for update skip locked)
     returning ${COLUMNS}`,
    [take.limit, take.seconds],
  );
  return rows;
}

/** The keys of one domain that may move, whether due or not. */
export async function readMovingKeys(db: Queryable, domainId: string): Promise<DueKey[]> {
  const { rows } = await db.query<DueKey>(
    `select ${COLUMNS} from dkim_keys k join sending_domains d on d.id = k.domain_id
     where k.domain_id = $1 and k.state in ('new', 'published', 'retiring') order by k.id`,
    [domainId],
  );
  return rows;
}

/** Writes what a look found, and where the key stands now. False: somebody else moved it meanwhile, and nothing was written. */
export async function noteKeyStep(
  db: Queryable,
  key: { id: string; state: KeyState },
  step: { to: 'new' | 'published' | null; dueMs: number; looked: boolean; ttlS: number | null; trouble: string | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update dkim_keys set state = coalesce($3, state), state_since = case when $3 is null then state_since else now() end,
       due_at = to_timestamp($4::float8 / 1000), checked_at = case when $5 then now() else checked_at end, seen_ttl_s = coalesce($6, seen_ttl_s),
       trouble = case when $5 then $7 else trouble end
     where id = $1 and state = $2`,
    [key.id, key.state, step.to, step.dueMs, step.looked, step.ttlS, step.trouble],
  );
  return rowCount === 1;
}

/**
 * Lets a key sign in place of the one that does; in a transaction that holds the domain. Answers the selector that signs no more (null: none
 * did), or false when the key is no longer what it was.
 */
export async function switchDkimKey(db: Queryable, key: DueKey, retireMs: number): Promise<{ retired: string | null } | false> {
  const { rows } = await db.query<{ selector: string }>(
    `update dkim_keys set state = 'retiring', state_since = now(), due_at = now() + $3 * interval '1 millisecond'
     where domain_id = $1 and algorithm = $2 and state = 'active' and exists (select from dkim_keys where id = $4 and state in ('new', 'published'))
     returning selector`,
    [key.domainId, key.algorithm, retireMs, key.id],
  );
  const { rowCount } = await db.query(
    `update dkim_keys set state = 'active', state_since = now(), checked_at = now(), trouble = null where id = $1 and state in ('new', 'published')`,
    [key.id],
  );
  if (rowCount !== 1) return false;
  // Whoever looks at its records may find it proven again.
  await db.query('update sending_domains set next_check_at = now() where id = $1 and not authenticated and proven_at is not null', [
    key.domainId,
  ]);
  return { retired: rows[0]?.selector ?? null };
}

/** Ends a key: its record is empty from now on, and its private half is gone. False: it was not retiring any more. */
export async function revokeDkimKey(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update dkim_keys set state = 'revoked', state_since = now(), private_key = null, trouble = null where id = $1 and state = 'retiring'`,
    [id],
  );
  return rowCount === 1;
}

/**
 * Takes an algorithm off a domain: what signs begins to retire, what was never seen is revoked at once; in a transaction that holds the domain.
 */
export async function retireAlgorithm(
  db: Queryable,
  tenantId: string,
  of: { domainId: string; algorithm: KeyAlgorithm; retireMs: number },
): Promise<void> {
  await db.query(
    `update dkim_keys set state = case when state = 'active' then 'retiring' else 'revoked' end, state_since = now(), trouble = null,
       due_at = now() + $4 * interval '1 millisecond', private_key = case when state = 'active' then private_key end
     where tenant_id = $1 and domain_id = $2 and algorithm = $3 and state in ('new', 'published', 'active')`,
    [tenantId, of.domainId, of.algorithm, of.retireMs],
  );
}

/** Domains with a signing key older than its kind may get, which nothing replaces yet; those of the oldest keys first. Ages in days; null: never. */
export async function readAgedKeys(
  db: Queryable,
  age: { delegatedDays: number | null; txtDays: number | null; limit: number },
): Promise<{ tenantId: string; domainId: string; algorithm: KeyAlgorithm }[]> {
  const { rows } = await db.query<{ tenantId: string; domainId: string; algorithm: KeyAlgorithm }>(
    `select k.tenant_id as "tenantId", k.domain_id as "domainId", k.algorithm from dkim_keys k join sending_domains d on d.id = k.domain_id
     where k.state = 'active' and d.authenticated
       and k.state_since < now() - case when k.target is null then $2::int else $1::int end * interval '1 day'
       and not exists (select from dkim_keys o where o.domain_id = k.domain_id and o.algorithm = k.algorithm and o.state in ('new', 'published', 'retiring'))
     order by k.state_since limit $3`,
    [age.delegatedDays, age.txtDays, age.limit],
  );
  return rows;
}
