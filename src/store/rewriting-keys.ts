// This file stores the DKIM keys of the rewriting domain. One key signs for every organisation: its names lie below the domain, and DMARC aligns them by
// default. The keys live through the states of other DKIM keys (dkim-keys.ts); every move names the state it starts from.
import type { KeyState } from '../tenancy/dkim-keys.ts';
import { raiseKeyFence } from './key-fence.ts';
import type { Keys } from './keys.ts';
import { type Plain, plainRow } from './rows.ts';
import type { Queryable } from './scope.ts';

export interface RewritingKeyRow {
  readonly id: string;
  readonly selector: string;
  readonly state: KeyState;
  readonly state_since: Date;
  /** SubjectPublicKeyInfo as base64. */
  readonly public_key: string;
  /** Somebody revoked it because others may have its private half. */
  readonly compromised: boolean;
  readonly checked_at: Date | null;
  readonly trouble: string | null;
  /** When the desk looks, switches or ends it by itself; null where nothing is to come. */
  readonly next_at: Date | null;
  readonly created_at: Date;
}

export type StoredRewritingKey = Plain<RewritingKeyRow>;

/** Its record was seen in DNS, so receivers can prove what it signs; the very first key signs before that. */
const SEEN = '(checked_at is not null and trouble is null)';
/** They change a few times a year. */
const KEYS_MAX = 100;
const COLUMNS = `id, selector, state, state_since, public_key, compromised, checked_at, trouble, created_at,
  case when state in ('new', 'published', 'retiring') or (state = 'active' and not ${SEEN}) then due_at end as next_at`;

/** Newest first. */
export async function listRewritingKeys(db: Queryable, domain: string): Promise<StoredRewritingKey[]> {
  const { rows } = await db.query<RewritingKeyRow>(
    `select ${COLUMNS} from rewriting_keys where domain = $1 order by id desc limit ${KEYS_MAX}`,
    [domain],
  );
  return rows.map(plainRow);
}

/** The key that signs, decrypted; null: none does now. */
export async function readRewritingKey(
  db: Queryable,
  keys: Keys,
  domain: string,
): Promise<{ id: string; selector: string; privateKey: string; seen: boolean } | null> {
  const { rows } = await db.query<{ id: string; selector: string; private_key: Buffer; seen: boolean }>(
    `select id, selector, private_key, ${SEEN} as seen from rewriting_keys where domain = $1 and state = 'active' and private_key is not null`,
    [domain],
  );
  const [row] = rows;
  return row ? { id: row.id, selector: row.selector, seen: row.seen, privateKey: keys.open('dkim-key', row.id, row.private_key) } : null;
}

/** How many keys the domain ever had, and how many of them sign or are on their way. */
export async function countRewritingKeys(db: Queryable, domain: string): Promise<{ made: number; living: number; coming: number }> {
  const { rows } = await db.query<{ made: number; living: number; coming: number }>(
    `select count(*)::int as made, count(*) filter (where state in ('new', 'published', 'active'))::int as living,
       count(*) filter (where state in ('new', 'published'))::int as coming from rewriting_keys where domain = $1`,
    [domain],
  );
  return rows[0] ?? { made: 0, living: 0, coming: 0 };
}

/** Holds the keys until the transaction ends: they change one at a time. */
export async function lockRewritingKeys(db: Queryable): Promise<void> {
  await db.query(`select pg_advisory_xact_lock(hashtext('packetboat rewriting key'))`);
}

export async function createRewritingKey(
  db: Queryable,
  keys: Keys,
  domain: string,
  key: { id: string; selector: string; privateKey: string; publicKey: string; state: 'new' | 'active' },
): Promise<void> {
  await db.query('insert into rewriting_keys (id, domain, selector, private_key, public_key, state) values ($1, $2, $3, $4, $5, $6)', [
    key.id,
    domain,
    key.selector,
    keys.seal('dkim-key', key.id, key.privateKey),
    key.publicKey,
    key.state,
  ]);
}

export interface MovingRewritingKey {
  readonly id: string;
  readonly selector: string;
  readonly state: KeyState;
  readonly public_key: string;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  readonly ttlS: number | null;
  /** Another key signs now. */
  readonly replaces: boolean;
}

/** Keys that may move, and the one that signs while its record was never seen; `due`: only those whose time has come. */
export async function readMovingRewritingKeys(db: Queryable, of: { domain: string; due: boolean }): Promise<MovingRewritingKey[]> {
  const { rows } = await db.query<MovingRewritingKey>(
    `select k.id, k.selector, k.state, k.public_key, extract(epoch from k.state_since)::float8 * 1000 as "sinceMs", k.seen_ttl_s as "ttlS",
       exists (select from rewriting_keys a where a.domain = k.domain and a.state = 'active') as replaces
     from rewriting_keys k where k.domain = $1 and (k.state in ('new', 'published', 'retiring') or (k.state = 'active' and not ${SEEN})) and (not $2::boolean or k.due_at <= now()) order by k.id`,
    [of.domain, of.due],
  );
  return rows;
}

/** Writes what a look found, and where the key stands now. False: somebody else moved it meanwhile. */
export async function noteRewritingKey(
  db: Queryable,
  key: { id: string; state: KeyState },
  step: { to: 'new' | 'published' | null; dueMs: number; looked: boolean; ttlS: number | null; trouble: string | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update rewriting_keys set state = coalesce($3, state), state_since = case when $3 is null then state_since else now() end,
       due_at = to_timestamp($4::float8 / 1000), checked_at = case when $5 then now() else checked_at end, seen_ttl_s = coalesce($6, seen_ttl_s),
       trouble = case when $5 then $7 else trouble end
     where id = $1 and state = $2`,
    [key.id, key.state, step.to, step.dueMs, step.looked, step.ttlS, step.trouble],
  );
  return rowCount === 1;
}

/** Lets a key sign in place of the one that does; in a transaction that holds the keys. */
export async function switchRewritingKey(db: Queryable, of: { domain: string; id: string; retireMs: number }): Promise<boolean> {
  await db.query(
    `update rewriting_keys set state = 'retiring', state_since = now(), due_at = now() + $3 * interval '1 millisecond'
     where domain = $1 and state = 'active' and exists (select from rewriting_keys where id = $2 and state in ('new', 'published'))`,
    [of.domain, of.id, of.retireMs],
  );
  const { rowCount } = await db.query(
    `update rewriting_keys set state = 'active', state_since = now(), checked_at = now(), trouble = null where id = $1 and state in ('new', 'published')`,
    [of.id],
  );
  return rowCount === 1;
}

/** Ends a key that signs no more. */
export async function endRewritingKey(db: Queryable, id: string): Promise<void> {
  await db.query(
    `update rewriting_keys set state = 'revoked', state_since = now(), private_key = null, trouble = null where id = $1 and state = 'retiring'`,
    [id],
  );
}

/**
 * Ends a key at once, whatever it was; a key that is seen already signs in its place. In a transaction that holds the keys. Null: there is no such
 * key; `before`: somebody had revoked it, and nothing was changed.
 */
export async function wipeRewritingKey(
  db: Queryable,
  of: { domain: string; id: string },
): Promise<{ selector: string; before: boolean } | null> {
  const { rows } = await db.query<{ selector: string; before: boolean }>(
    `with key as (select id, compromised from rewriting_keys where domain = $1 and id = $2 for update)
     update rewriting_keys k set state = 'revoked', state_since = case when key.compromised then k.state_since else now() end, private_key = null,
       compromised = true, trouble = null
     from key where k.id = key.id returning k.selector, key.compromised as before`,
    [of.domain, of.id],
  );
  const [wiped] = rows;
  if (!wiped || wiped.before) return wiped ?? null;
  await db.query(
    `update rewriting_keys k set state = 'active', state_since = now(), trouble = null where k.domain = $1 and k.state = 'published'
       and not exists (select from rewriting_keys a where a.domain = k.domain and a.state = 'active')`,
    [of.domain],
  );
  await db.query(`update rewriting_keys set due_at = now() where domain = $1 and state = 'new'`, [of.domain]);
  await raiseKeyFence(db);
  return wiped;
}
