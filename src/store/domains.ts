// This file stores sending domains with the first DKIM key of each.
import { createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { ProviderRecord } from '../delivery/provider-domain.ts';
import { type KeyAlgorithm, nextPlace } from '../tenancy/dkim-keys.ts';
import type { RecordedKey } from '../tenancy/dkim-records.ts';
import type { ComparedState } from '../tenancy/dns/compared.ts';
import type { Mistake } from '../tenancy/dns/mistakes.ts';
import type { Surroundings } from '../tenancy/expected-records.ts';
import type { DomainState } from '../tenancy/may-send.ts';
import { insertDkimKey, vouchForKey } from './dkim-keys.ts';
import { makeFilters } from './filters.ts';
import type { Keys } from './keys.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';
import { TOTAL_MAX } from './total.ts';

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
  /** Stands in the names of delegated keys. */
  readonly number: number;
  readonly name: string;
  readonly authenticated: boolean;
  readonly state: DomainState;
  /** Mail is signed a second time with Ed25519, once that key was seen. */
  readonly ed25519: boolean;
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
  /** Public halves of its keys; of those that are over only the revoked ones whose record has to be emptied by its owner. */
  readonly dkim: readonly RecordedKey[];
  /** What providers ask to publish, one entry for each account. */
  readonly providers: readonly { readonly id: string; readonly records: readonly ProviderRecord[]; readonly spf_include: string | null }[];
  /** Messages that are held until it is verified, counted up to a limit. */
  readonly held_messages: number;
}

export type SendingDomain = Plain<SendingDomainRow>;

/** RFC 8301 asks signers for at least 2048 bits. */
const RSA_BITS = 2048;
const ED25519_BYTES = 32;
export const DOMAIN_COLUMNS = `d.id, d.tenant_id, t.number as tenant_number, d.name, d.authenticated, d.state, d.ed25519, d.number, d.created_at, d.vouched,
  d.vouched_authenticated, d.state_since, d.proven_at, d.breaks_at, d.checked_at, d.next_check_at, d.check_note, d.check_from, d.unreachable_checks,
  d.ownership_token, d.return_path_host, d.sights, d.surroundings, coalesce((
    select jsonb_agg(jsonb_build_object('selector', k.selector, 'algorithm', k.algorithm, 'state', k.state, 'target', k.target,
      'public_key', k.public_key) order by k.id) from dkim_keys k where k.domain_id = d.id
      and (k.state <> 'revoked' or (k.compromised and k.target is null))
  ), '[]') as dkim, coalesce((
    select jsonb_agg(jsonb_build_object('id', p.id, 'records', p.records, 'spf_include', p.spf_include) order by p.id) from provider_domains p
    where p.domain_id = d.id and p.state <> 'blocked'
  ), '[]') as providers, (
    select count(*)::int from (
      select from held_messages h where h.tenant_id = d.tenant_id and h.code in ('domain-not-authenticated', 'key-revoked', 'sender-not-allowed')
        and (h.from_domain = d.name or right(h.from_domain, length(d.name) + 1) = '.' || d.name) limit ${TOTAL_MAX}
    ) held
  ) as held_messages`;

export interface NewDomain {
  readonly id: string;
  readonly keyId: string;
  readonly name: string;
  readonly authenticated: boolean;
  readonly state: DomainState;
  readonly key: DkimKey;
  /** Where the desk answers for keys by itself (PACKETBOAT_DKIM_ZONE); null: the customer publishes them. */
  readonly dkimZone?: string | null;
}

export interface DkimKey {
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  /** As it stands in the DNS record: base64 of the SubjectPublicKeyInfo for RSA, of the bare key for Ed25519. */
  readonly publicKey: string;
}

/** Makes a key on the thread pool (RSA: some 100 ms of one core). */
export async function makeDkimKey(algorithm: KeyAlgorithm = 'rsa-sha256'): Promise<DkimKey> {
  const make = promisify(generateKeyPair);
  const { privateKey } = algorithm === 'rsa-sha256' ? await make('rsa', { modulusLength: RSA_BITS }) : await make('ed25519', {});
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    // RFC 8463 §4: of Ed25519 the record holds the bare 32 bytes.
    publicKey: (algorithm === 'rsa-sha256' ? der : der.subarray(-ED25519_BYTES)).toString('base64'),
  };
}

/**
 * Registers a domain and its key, in a transaction of the caller. The key's place holds the number of tenant or domain: two tenants may share a
 * domain, and each publishes its own record. Throws a unique violation when the tenant has this domain already.
 */
export async function createDomain(db: Queryable, tenantId: string, keys: Keys, domain: NewDomain): Promise<SendingDomain> {
  const { rows } = await db.query<{ domainNumber: number; tenantNumber: number }>(
    `with made as (
       insert into sending_domains (tenant_id, id, name, authenticated, state, vouched, vouched_authenticated)
       values ($1, $2, $3, $4, $5, $5 <> 'pending', $4) returning number
     )
     select made.number as "domainNumber", t.number as "tenantNumber" from made join tenants t on t.id = $1`,
    [tenantId, domain.id, domain.name, domain.authenticated, domain.state],
  );
  const place = rows[0] && nextPlace('rsa-sha256', rows[0], { zone: domain.dkimZone ?? null, kept: [], made: 0 });
  if (!place) throw new Error('a domain was not stored');
  const key = { id: domain.keyId, domainId: domain.id, algorithm: 'rsa-sha256', ...place, ...domain.key } as const;
  await insertDkimKey(db, tenantId, keys, { ...key, state: domain.authenticated ? 'active' : 'new' });
  const made = await findDomain(db, tenantId, domain.id);
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
 * Changes how a domain is signed, and what an operator says of it. What they vouch for stays usable whatever the DNS says; `pending` takes everything back, and the domain has
 * to be proven again. It is looked at soon.
 */
export async function updateDomain(
  db: Queryable,
  tenantId: Scope,
  change: { id: string; authenticated?: boolean | undefined; state?: DomainState | undefined; ed25519?: boolean | undefined },
): Promise<SendingDomain | null> {
  const filters = makeFilters();
  const [authenticated, state] = [filters.param(change.authenticated ?? null), filters.param(change.state ?? null)];
  const ed25519 = filters.param(change.ed25519 ?? null);
  filters.add('tenant_id = ?', tenantId).add('id = ?', change.id);
  const { rows } = await db.query<{ id: string }>(
    `update sending_domains set ed25519 = coalesce(${ed25519}, ed25519), authenticated = coalesce(${authenticated}, authenticated),
       vouched_authenticated = coalesce(${authenticated}, vouched_authenticated),
       vouched = case when ${state}::text is null then vouched or coalesce(${authenticated}, false) else ${state}::text <> 'pending' end,
       state = coalesce(${state}, state), state_since = case when coalesce(${state}, state) = state then state_since else now() end,
       proven_at = case when ${state}::text = 'pending' then null else proven_at end,
       breaks_at = case when ${state}::text is null then breaks_at end, check_from = now(), next_check_at = now(), check_note = null
     ${filters.where} returning id`,
    filters.values,
  );
  if (!rows[0]) return null;
  if (change.authenticated) await vouchForKey(db, tenantId, change.id);
  return findDomain(db, tenantId, change.id);
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
