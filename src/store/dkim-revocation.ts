// This file is the store's half of revoking a DKIM key at once: its private half is gone, what is seen already takes over, and what is missing is
// found again by whoever comes next. Every statement may run twice.
import type { KeyAlgorithm, KeyState } from '../tenancy/dkim-keys.ts';
import { raiseKeyFence } from './key-fence.ts';
import type { Queryable } from './scope.ts';

export interface WipedKey {
  readonly selector: string;
  readonly algorithm: KeyAlgorithm;
  /** What it was before. */
  readonly was: KeyState;
  /** Somebody had revoked it before; nothing was changed. */
  readonly before: boolean;
  /** The name of ours behind its record; null: the customer publishes it. */
  readonly target: string | null;
}

/** Ends a key whatever it was, in a transaction that holds the domain; null when the domain has no such key. */
export async function wipeDkimKey(db: Queryable, tenantId: string, of: { domainId: string; keyId: string }): Promise<WipedKey | null> {
  const { rows } = await db.query<WipedKey>(
    `with key as (select id, state, compromised from dkim_keys where tenant_id = $1 and domain_id = $2 and id = $3 for update)
     update dkim_keys k set state = 'revoked', state_since = case when key.compromised then k.state_since else now() end, private_key = null,
       compromised = true, trouble = null
     from key where k.id = key.id returning k.selector, k.algorithm, key.state as was, key.compromised as before, k.target`,
    [tenantId, of.domainId, of.keyId],
  );
  const [wiped] = rows;
  if (wiped && !wiped.before) await raiseKeyFence(db);
  return wiped ?? null;
}

/** Lets a key sign that is seen in DNS already, where none does; a key that is not seen yet is looked for now. Answers the selector that signs. */
export async function promoteSeenKey(
  db: Queryable,
  tenantId: string,
  of: { domainId: string; algorithm: KeyAlgorithm },
): Promise<string | null> {
  const values = [tenantId, of.domainId, of.algorithm];
  const { rows } = await db.query<{ selector: string }>(
    `update dkim_keys k set state = 'active', state_since = now(), trouble = null
     where k.tenant_id = $1 and k.domain_id = $2 and k.algorithm = $3 and k.state = 'published'
       and not exists (select from dkim_keys a where a.domain_id = k.domain_id and a.algorithm = k.algorithm and a.state = 'active')
     returning selector`,
    values,
  );
  await db.query(
    `update dkim_keys set due_at = now() where tenant_id = $1 and domain_id = $2 and algorithm = $3 and state = 'new'`,
    values,
  );
  const active = await db.query<{ selector: string }>(
    `select selector from dkim_keys where tenant_id = $1 and domain_id = $2 and algorithm = $3 and state = 'active'`,
    values,
  );
  return rows[0]?.selector ?? active.rows[0]?.selector ?? null;
}

/** Receivers can no longer prove the domain, whoever vouched for its old key; its records are looked at soon. */
export async function unproveDomain(db: Queryable, tenantId: string, domainId: string): Promise<void> {
  await db.query(
    `update sending_domains set authenticated = false, vouched_authenticated = false, check_from = now(), next_check_at = now(), check_note = null
     where tenant_id = $1 and id = $2`,
    [tenantId, domainId],
  );
}

/** Domains that lost a key to a revocation and have none of its kind that signs or is on its way; `domainId`: only that one. */
export async function readKeylessDomains(
  db: Queryable,
  of: { domainId: string | null; limit: number },
): Promise<{ tenantId: string; domainId: string; algorithm: KeyAlgorithm }[]> {
  const { rows } = await db.query<{ tenantId: string; domainId: string; algorithm: KeyAlgorithm }>(
    `select distinct k.tenant_id as "tenantId", k.domain_id as "domainId", k.algorithm from dkim_keys k join sending_domains d on d.id = k.domain_id
     where k.compromised and ($1::uuid is null or k.domain_id = $1) and (k.algorithm = 'rsa-sha256' or d.ed25519)
       and not exists (select from dkim_keys o where o.domain_id = k.domain_id and o.algorithm = k.algorithm and o.state in ('new', 'published', 'active'))
     limit $2`,
    [of.domainId, of.limit],
  );
  return rows;
}

/** The selector that was revoked last; the next key must not stand where receivers still remember it. */
export async function lastRevokedSelector(
  db: Queryable,
  tenantId: string,
  of: { domainId: string; algorithm: KeyAlgorithm },
): Promise<string | null> {
  const { rows } = await db.query<{ selector: string }>(
    `select selector from dkim_keys where tenant_id = $1 and domain_id = $2 and algorithm = $3 and compromised order by state_since desc limit 1`,
    [tenantId, of.domainId, of.algorithm],
  );
  return rows[0]?.selector ?? null;
}

/** Frees the place of a key that signs no more; in a transaction that holds the domain. */
export async function endRetiringKey(db: Queryable, tenantId: string, of: { domainId: string; algorithm: KeyAlgorithm }): Promise<void> {
  await db.query(
    `update dkim_keys set state = 'revoked', state_since = now(), private_key = null, trouble = null
     where tenant_id = $1 and domain_id = $2 and algorithm = $3 and state = 'retiring'`,
    [tenantId, of.domainId, of.algorithm],
  );
}
