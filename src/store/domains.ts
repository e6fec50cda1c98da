// This file stores sending domains with the DKIM key that was made for each, and says which DNS records prove them.
import { createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { DomainState } from '../tenancy/may-send.ts';
import { makeFilters } from './filters.ts';
import type { Keys } from './keys.ts';
import { plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

export interface DnsRecord {
  readonly type: 'TXT';
  /** Full name of the record. */
  readonly host: string;
  readonly value: string;
}

export interface SendingDomain {
  readonly id: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly authenticated: boolean;
  readonly state: DomainState;
  readonly created_at: string;
  readonly records: DnsRecord[];
}

interface DomainRow extends Omit<SendingDomain, 'created_at' | 'records'> {
  readonly created_at: Date;
  readonly dkim: { selector: string; public_key: string }[];
}

/** RFC 8301 asks signers for at least 2048 bits. */
const RSA_BITS = 2048;
const COLUMNS = `d.id, d.tenant_id, d.name, d.authenticated, d.state, d.created_at, coalesce((
    select jsonb_agg(jsonb_build_object('selector', k.selector, 'public_key', k.public_key) order by k.id) from dkim_keys k
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
       insert into sending_domains (tenant_id, id, name, authenticated, state) values ($1, $2, $3, $4, $5) returning id
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
  const { rows } = await db.query<DomainRow>(`select ${COLUMNS} from sending_domains d ${filters.where}`, filters.values);
  return rows[0] ? shown(rows[0]) : null;
}

/** In the order they were registered. */
export async function listDomains(
  db: Queryable,
  tenantId: Scope,
  page: { after: string | null; limit: number; name?: string | undefined },
): Promise<SendingDomain[]> {
  const filters = makeFilters().add('d.tenant_id = ?', tenantId).add('d.id > ?', page.after).add('d.name = ?', page.name);
  const { rows } = await db.query<DomainRow>(
    `select ${COLUMNS} from sending_domains d ${filters.where} order by d.id limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(shown);
}

export async function updateDomain(
  db: Queryable,
  tenantId: Scope,
  change: { id: string; authenticated?: boolean | undefined; state?: DomainState | undefined },
): Promise<SendingDomain | null> {
  const filters = makeFilters();
  const [authenticated, state] = [filters.param(change.authenticated ?? null), filters.param(change.state ?? null)];
  filters.add('tenant_id = ?', tenantId).add('id = ?', change.id);
  const { rows } = await db.query<{ id: string }>(
    `update sending_domains set authenticated = coalesce(${authenticated}, authenticated), state = coalesce(${state}, state) ${filters.where} returning id`,
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

/** The records that make the domain provable: our DKIM key, and a DMARC policy to start from (RFC 9989) where there is none yet. */
function recordsOf(row: DomainRow): DnsRecord[] {
  return [
    ...row.dkim.map(({ selector, public_key }) => ({
      type: 'TXT' as const,
      host: `${selector}._domainkey.${row.name}`,
      value: `v=DKIM1; k=rsa; p=${public_key}`,
    })),
    { type: 'TXT' as const, host: `_dmarc.${row.name}`, value: 'v=DMARC1; p=none' },
  ];
}

function shown(row: DomainRow): SendingDomain {
  const { dkim: _, ...rest } = row;
  return { ...plainRow(rest), records: recordsOf(row) };
}
