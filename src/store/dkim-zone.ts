// This file reads the delegated DKIM zone out of the database: one name for the door that answers for it, and all of it, domain by domain, for
// those who let another server answer. It knows every tenant, because the world asks for every one.
import type { KeyOwner } from '../tenancy/dkim-keys.ts';
import type { RecordedKey, ZoneDomain } from '../tenancy/dkim-records.ts';
import type { Queryable } from './scope.ts';

const KEYS = `coalesce((select jsonb_agg(jsonb_build_object('selector', k.selector, 'algorithm', k.algorithm, 'state', k.state, 'target', k.target,
    'public_key', k.public_key) order by k.id) from dkim_keys k where k.domain_id = d.id and k.state <> 'revoked' and k.target is not null), '[]')`;

/** The keys of the domain with these numbers; null when there is no such domain. Two index probes. */
export async function readZoneDomain(db: Queryable, owner: KeyOwner): Promise<ZoneDomain | null> {
  const { rows } = await db.query<{ keys: RecordedKey[] }>({
    name: 'dkim-zone-name',
    text: `select ${KEYS} as keys from sending_domains d join tenants t on t.id = d.tenant_id where d.number = $1 and t.number = $2`,
    values: [owner.domainNumber, owner.tenantNumber],
  });
  return rows[0] ? { ...owner, keys: rows[0].keys } : null;
}

/** Domains in the order they were registered. */
export async function listZoneKeys(db: Queryable, page: { after: string | null; limit: number }): Promise<(ZoneDomain & { id: string })[]> {
  const { rows } = await db.query<ZoneDomain & { id: string }>(
    `select d.id, d.number as "domainNumber", t.number as "tenantNumber", ${KEYS} as keys
     from sending_domains d join tenants t on t.id = d.tenant_id
     where $1::uuid is null or d.id > $1 order by d.id limit $2`,
    [page.after, page.limit],
  );
  return rows;
}
