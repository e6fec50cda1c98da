// This file stores sending domains with the DKIM key that was made for each.
import { createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { ComparedState } from '../tenancy/dns/compared.ts';
import type { Mistake } from '../tenancy/dns/mistakes.ts';
import type { Surroundings } from '../tenancy/expected-records.ts';
import type { DomainState } from '../tenancy/may-send.ts';
import { makeFilters } from './filters.ts';
import type { Keys } from './keys.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

/** What was found where a record should be, at the last look. */
export interface RecordSight {
  /** What was expected then; another expectation makes this sight worthless. */
  readonly type: string;
  readonly host: string;
  readonly value: string;
  readonly state: ComparedState;
  /** The last answer that was one: `unreachable` says nothing about the record. */
  readonly settled: Exclude<ComparedState, 'unreachable'> | null;
  readonly found: readonly string[];
  readonly mistake: Mistake | null;
  /** ISO 8601. */
  readonly ok_at: string | null;
}

export interface SendingDomainRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly tenant_number: number;
  readonly name: string;
  readonly authenticated: boolean;
  readonly state: DomainState;
  readonly created_at: Date;
  readonly vouched: boolean;
  readonly vouched_authenticated: boolean;
  readonly state_since: Date;
  readonly proven_at: Date | null;
  readonly breaks_at: Date | null;
  readonly checked_at: Date | null;
  readonly next_check_at: Date | null;
  readonly check_note: string | null;
  readonly check_from: Date;
  readonly unreachable_checks: number;
  readonly ownership_token: string;
  readonly return_path_host: string | null;
  readonly sights: Readonly<Record<string, RecordSight>>;
  readonly surroundings: Partial<Surroundings>;
  /** Public halves of the keys that mail is signed with. */
  readonly dkim: readonly { readonly selector: string; readonly algorithm: 'rsa-sha256' | 'ed25519-sha256'; readonly public_key: string }[];
}

export type SendingDomain = Plain<SendingDomainRow>;

/** RFC 8301 asks signers for at least 2048 bits. */
const RSA_BITS = 2048;
export const DOMAIN_COLUMNS = `d.id, d.tenant_id, t.number as tenant_number, d.name, d.authenticated, d.state, d.created_at, d.vouched,
  d.vouched_authenticated, d.state_since, d.proven_at, d.breaks_at, d.checked_at, d.next_check_at, d.check_note, d.check_from, d.unreachable_checks,
  d.ownership_token, d.return_path_host, d.sights, d.surroundings, coalesce((
    select jsonb_agg(jsonb_build_object('selector', k.selector, 'algorithm', k.algorithm, 'public_key', k.public_key) order by k.id) from dkim_keys k
    where k.domain_id = d.id and k.active and k.algorithm = 'rsa-sha256'
  ), '[]') as dkim`;

export interface NewDomain {
  readonly id: string;
  readonly keyId: string;
  readonly name: string;
  readonly authenticated: boolean;
  readonly state: DomainState;
  readonly key: DkimKey;
}

export interface DkimKey {
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  /** SubjectPublicKeyInfo as base64, as it stands in the DNS record. */
  readonly publicKey: string;
}

/** Makes an RSA key on the thread pool (some 100 ms of one core). */
export async function makeDkimKey(): Promise<DkimKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}

/**
 * Registers a domain and its key. The selector holds the tenant's number: two tenants may share a domain, and each publishes its own record.
 * Throws a unique violation when the tenant has this domain already.
 */
export async function createDomain(db: Queryable, tenantId: string, keys: Keys, domain: NewDomain): Promise<SendingDomain> {
  const { rowCount } = await db.query(
    `with made as (
       insert into sending_domains (tenant_id, id, name, authenticated, state, vouched, vouched_authenticated)
       values ($1, $2, $3, $4, $5, $5 <> 'pending', $4) returning id
     )
     insert into dkim_keys (tenant_id, id, domain_id, selector, algorithm, private_key, public_key)
     select $1, $6, made.id, 'pb' || t.number, 'rsa-sha256', $7, $8 from made join tenants t on t.id = $1`,
    [
      tenantId,
      domain.id,
      domain.name,
      domain.authenticated,
      domain.state,
      domain.keyId,
      keys.seal('dkim-key', domain.keyId, domain.key.privateKey),
      domain.key.publicKey,
    ],
  );
  const made = rowCount === 1 ? await findDomain(db, tenantId, domain.id) : null;
  if (!made) throw new Error('a domain was not stored');
  return made;
}

export async function findDomain(db: Queryable, tenantId: Scope, id: string): Promise<SendingDomain | null> {
  const filters = makeFilters().add('d.tenant_id = ?', tenantId).add('d.id = ?', id);
  const { rows } = await db.query<SendingDomainRow>(
    `select ${DOMAIN_COLUMNS} from sending_domains d join tenants t on t.id = d.tenant_id ${filters.where}`,
    filters.values,
  );
  return firstRow(rows);
}

/** In the order they were registered. */
export async function listDomains(
  db: Queryable,
  tenantId: Scope,
  page: { after: string | null; limit: number; name?: string | undefined; state?: DomainState | undefined },
): Promise<SendingDomain[]> {
  const filters = makeFilters()
    .add('d.tenant_id = ?', tenantId)
    .add('d.id > ?', page.after)
    .add(`d.name like '%' || ? || '%'`, page.name?.replace(/[\\%_]/g, '\\$&'))
    .add('d.state = ?', page.state);
  const { rows } = await db.query<SendingDomainRow>(
    `select ${DOMAIN_COLUMNS} from sending_domains d join tenants t on t.id = d.tenant_id ${filters.where}
     order by d.id limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/**
 * What an operator says of a domain. What they vouch for stays usable whatever the DNS says; `pending` takes everything back, and the domain has
 * to be proven again. It is looked at soon.
 */
export async function updateDomain(
  db: Queryable,
  tenantId: Scope,
  change: { id: string; authenticated?: boolean | undefined; state?: DomainState | undefined },
): Promise<SendingDomain | null> {
  const filters = makeFilters();
  const [authenticated, state] = [filters.param(change.authenticated ?? null), filters.param(change.state ?? null)];
  filters.add('tenant_id = ?', tenantId).add('id = ?', change.id);
  const { rows } = await db.query<{ id: string }>(
    `update sending_domains set authenticated = coalesce(${authenticated}, authenticated),
       vouched_authenticated = coalesce(${authenticated}, vouched_authenticated),
       vouched = case when ${state}::text is null then vouched or coalesce(${authenticated}, false) else ${state}::text <> 'pending' end,
       state = coalesce(${state}, state), state_since = case when coalesce(${state}, state) = state then state_since else now() end,
       proven_at = case when ${state}::text = 'pending' then null else proven_at end,
       breaks_at = case when ${state}::text is null then breaks_at end, check_from = now(), next_check_at = now(), check_note = null
     ${filters.where} returning id`,
    filters.values,
  );
  return rows[0] ? findDomain(db, tenantId, change.id) : null;
}

/** Removes a domain with its keys. Answers whose it was, or null. */
export async function deleteDomain(db: Queryable, tenantId: Scope, id: string): Promise<{ tenant_id: string; name: string } | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<{ tenant_id: string; name: string }>(
    `delete from sending_domains ${filters.where} returning tenant_id, name`,
    filters.values,
  );
  return rows[0] ?? null;
}

/** Keys to sign with, decrypted; the newest active one of the domain comes first. */
export async function readDkimKeys(
  db: Queryable,
  tenantId: string,
  keys: Keys,
  domainId: string,
): Promise<{ selector: string; algorithm: 'rsa-sha256' | 'ed25519-sha256'; privateKey: string }[]> {
  const { rows } = await db.query<{ id: string; selector: string; algorithm: 'rsa-sha256' | 'ed25519-sha256'; private_key: Buffer }>(
    'select id, selector, algorithm, private_key from dkim_keys where tenant_id = $1 and domain_id = $2 and active order by id desc',
    [tenantId, domainId],
  );
  return rows.map(({ id, selector, algorithm, private_key }) => ({
    selector,
    algorithm,
    privateKey: keys.open('dkim-key', id, private_key),
  }));
}
