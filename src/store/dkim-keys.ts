// This file stores DKIM keys and moves them through their states. Every move names the state it starts from, so a move that comes twice, or after
// a crash, changes nothing the second time; unique indexes hold "one key signs, one is on its way".
import type { KeyAlgorithm, KeyOwner, KeyPlace, KeyState } from '../tenancy/dkim-keys.ts';
import { makeFilters } from './filters.ts';
import type { Keys } from './keys.ts';
import { type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

export interface DkimKeyRow {
  readonly id: string;
  readonly selector: string;
  readonly algorithm: KeyAlgorithm;
  readonly state: KeyState;
  readonly state_since: Date;
  /** The name of ours it is delegated to; null: the customer publishes the key itself. */
  readonly target: string | null;
  readonly public_key: string;
  /** Somebody revoked it because others may have its private half. */
  readonly compromised: boolean;
  readonly checked_at: Date | null;
  /** What the last look found wrong, as it was stored: `keyTroubleText` says it. */
  readonly trouble: string | null;
  /** When the desk looks, switches or revokes by itself; null where nothing is to come. */
  readonly next_at: Date | null;
}

export type StoredDkimKey = Plain<DkimKeyRow>;

/** A domain while its keys change. */
export interface KeyedDomain extends KeyOwner {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly ed25519: boolean;
}

/** Keys of one domain that are shown at most; a domain gathers two a year. */
const KEYS_MAX = 100;
const COLUMNS = `id, selector, algorithm, state, state_since, target, public_key, compromised, checked_at, trouble,
  case when state in ('new', 'published', 'retiring') then due_at end as next_at`;

/** Newest first. */
export async function listDkimKeys(db: Queryable, tenantId: Scope, domainId: string): Promise<StoredDkimKey[]> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('domain_id = ?', domainId);
  const { rows } = await db.query<DkimKeyRow>(
    `select ${COLUMNS} from dkim_keys ${filters.where} order by id desc limit ${filters.param(KEYS_MAX)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** Holds the domain until the transaction ends: its keys change one at a time. */
export async function lockKeyedDomain(db: Queryable, tenantId: Scope, domainId: string): Promise<KeyedDomain | null> {
  const filters = makeFilters().add('d.tenant_id = ?', tenantId).add('d.id = ?', domainId);
  const { rows } = await db.query<KeyedDomain>(
    `select d.id, d.tenant_id as "tenantId", d.name, d.ed25519, d.number as "domainNumber", t.number as "tenantNumber"
     from sending_domains d join tenants t on t.id = d.tenant_id ${filters.where} for update of d`,
    filters.values,
  );
  return rows[0] ?? null;
}

/** What the place of a domain's next key depends on. */
export async function readKeyPlaces(
  db: Queryable,
  tenantId: string,
  domainId: string,
): Promise<{ kept: { selector: string; algorithm: KeyAlgorithm; state: KeyState }[]; made: number }> {
  const { rows } = await db.query<{ selector: string; algorithm: KeyAlgorithm; state: KeyState; made: string }>(
    `select selector, algorithm, state, count(*) over () as made from dkim_keys where tenant_id = $1 and domain_id = $2`,
    [tenantId, domainId],
  );
  return { kept: rows.filter((row) => row.state !== 'revoked'), made: Number(rows[0]?.made ?? 0) };
}

export interface NewDkimKey extends KeyPlace {
  readonly id: string;
  readonly domainId: string;
  readonly algorithm: KeyAlgorithm;
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  /** As it stands in the record. */
  readonly publicKey: string;
  /** `active`: an operator vouches for the record. */
  readonly state: 'new' | 'active';
}

/** Stores a key. Throws a unique violation when another one of the algorithm is on its way already. */
export async function insertDkimKey(db: Queryable, tenantId: string, keys: Keys, key: NewDkimKey): Promise<void> {
  await db.query(
    `insert into dkim_keys (tenant_id, id, domain_id, selector, target, algorithm, private_key, public_key, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tenantId,
      key.id,
      key.domainId,
      key.selector,
      key.target,
      key.algorithm,
      keys.seal('dkim-key', key.id, key.privateKey),
      key.publicKey,
      key.state,
    ],
  );
}

/** Keys to sign with, decrypted: at most one of each algorithm, RSA first. */
export async function readSigningKeys(
  db: Queryable,
  tenantId: string,
  keys: Keys,
  domainId: string,
): Promise<{ id: string; selector: string; algorithm: KeyAlgorithm; privateKey: string }[]> {
  const { rows } = await db.query<{ id: string; selector: string; algorithm: KeyAlgorithm; private_key: Buffer }>(
    `select id, selector, algorithm, private_key from dkim_keys
     where tenant_id = $1 and domain_id = $2 and state = 'active' and private_key is not null order by algorithm desc`,
    [tenantId, domainId],
  );
  return rows.map(({ id, selector, algorithm, private_key }) => ({
    id,
    selector,
    algorithm,
    privateKey: keys.open('dkim-key', id, private_key),
  }));
}

/** An operator says that the domain is proven: the RSA key that waits to be seen signs from now on, where none does yet. */
export async function vouchForKey(db: Queryable, tenantId: Scope, domainId: string): Promise<void> {
  const filters = makeFilters().add('k.tenant_id = ?', tenantId).add('k.domain_id = ?', domainId);
  await db.query(
    `update dkim_keys k set state = 'active', state_since = now(), trouble = null
     ${filters.where} and k.state in ('new', 'published') and k.algorithm = 'rsa-sha256'
       and not exists (select from dkim_keys other where other.domain_id = k.domain_id and other.algorithm = k.algorithm and other.state = 'active')`,
    filters.values,
  );
}
