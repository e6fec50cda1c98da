// This file stores where sending domains stand at providers: a row is written before the provider is asked, so that a process that dies in
// between leaves a question that the next one asks again.
import type { ProviderKind } from '../delivery/provider.ts';
import type { ProviderDomain, ProviderRecord } from '../delivery/provider-domain.ts';
import { makeFilters } from './filters.ts';
import { jsonText } from './json-text.ts';
import { type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

export type StoredDomainState = 'asked' | ProviderDomain['state'];

export interface ProviderDomainRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly domain_id: string;
  readonly account_id: string;
  readonly account_name: string;
  readonly provider: ProviderKind;
  readonly state: StoredDomainState;
  readonly state_since: Date;
  readonly signing: boolean;
  readonly records: readonly ProviderRecord[];
  readonly spf_include: string | null;
  readonly trouble: string | null;
  readonly needs_person: boolean;
  readonly checked_at: Date | null;
}

export type StoredProviderDomain = Plain<ProviderDomainRow>;

const COLUMNS = `p.id, p.tenant_id, p.domain_id, p.account_id, a.name as account_name, a.provider, p.state, p.state_since, p.signing, p.records,
  p.spf_include, p.trouble, p.needs_person, p.checked_at`;
/** A domain stands at a handful of accounts. */
const ROWS_MAX = 100;

/** For operators, who may see the names of accounts; `describeForTenant` of the door leaves them out. Reads as the owner: the tenant's role sees no accounts. */
export async function listProviderDomains(db: Queryable, tenantId: Scope, domainId: string): Promise<StoredProviderDomain[]> {
  const filters = makeFilters().add('p.tenant_id = ?', tenantId).add('p.domain_id = ?', domainId);
  const { rows } = await db.query<ProviderDomainRow>(
    `select ${COLUMNS} from provider_domains p join provider_accounts a on a.id = p.account_id
     ${filters.where} order by p.id limit ${filters.param(ROWS_MAX)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** Writes down that a domain is to be made known to accounts; those that know it are looked at again. */
export async function askProviderDomains(
  db: Queryable,
  tenantId: string,
  ask: { domainId: string; rows: readonly { id: string; accountId: string }[] },
): Promise<void> {
  for (const { id, accountId } of ask.rows) {
    await db.query(
      `insert into provider_domains (tenant_id, id, domain_id, account_id) values ($1, $2, $3, $4)
       on conflict (domain_id, account_id) do update set due_at = now(), failures = 0`,
      [tenantId, id, ask.domainId, accountId],
    );
  }
}

export interface DueProviderDomain {
  readonly id: string;
  readonly domain: string;
  readonly accountId: string;
  readonly state: StoredDomainState;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
  readonly failures: number;
}

const DUE_COLUMNS = `p.id, d.name as domain, p.account_id as "accountId", p.state, extract(epoch from p.state_since)::float8 * 1000 as "sinceMs", p.failures`;

/** Takes what is due, the longest waiting first; it is due again after `seconds`, should the runner die. */
export async function takeDueProviderDomains(db: Queryable, take: { limit: number; seconds: number }): Promise<DueProviderDomain[]> {
  const { rows } = await db.query<DueProviderDomain>(
    `update provider_domains p set due_at = now() + $2 * interval '1 second' from sending_domains d
     where d.id = p.domain_id and p.id in (
       select x.id from provider_domains x join provider_accounts a on a.id = x.account_id
       where x.due_at <= now() and x.state <> 'blocked' and a.state = 'active' order by x.due_at limit $1 for update of x skip locked)
     returning ${DUE_COLUMNS}`,
    [take.limit, take.seconds],
  );
  return rows;
}

/** One to look at now, by its own id or its account's, whatever is due. */
export async function readProviderDomain(
  db: Queryable,
  tenantId: Scope,
  of: { domainId: string; id: string },
): Promise<DueProviderDomain | null> {
  const filters = makeFilters().add('p.tenant_id = ?', tenantId).add('p.domain_id = ?', of.domainId);
  const id = filters.param(of.id);
  const { rows } = await db.query<DueProviderDomain>(
    `select ${DUE_COLUMNS} from provider_domains p join sending_domains d on d.id = p.domain_id
     ${filters.where} and (p.id::text = ${id} or p.account_id::text = ${id})`,
    filters.values,
  );
  return rows[0] ?? null;
}

/** Writes what the provider said. Answers whether the state changed, which is what routing asks about. */
export async function noteProviderDomain(db: Queryable, id: string, said: ProviderDomain & { readonly dueMs: number }): Promise<boolean> {
  const { rows } = await db.query<{ changed: boolean }>(
    `with before as (select state from provider_domains where id = $1 for update)
     update provider_domains p set state = $2, state_since = case when p.state = $2 then p.state_since else now() end, signing = $3, records = $4,
       spf_include = $5, trouble = $6, needs_person = $2 = 'blocked', failures = 0, checked_at = now(), due_at = to_timestamp($7::float8 / 1000),
       changed_at = case when p.state = $2 then p.changed_at else now() end
     from before where p.id = $1 returning before.state <> $2 as changed`,
    [id, said.state, said.signing, jsonText(said.records), said.spfInclude, said.trouble, said.dueMs],
  );
  return rows[0]?.changed ?? false;
}

/** Writes that a call did not work; what is known of the domain stays. */
export async function noteProviderDomainFailure(
  db: Queryable,
  id: string,
  failure: { trouble: string; needsPerson: boolean; dueMs: number },
): Promise<void> {
  await db.query(
    `update provider_domains set trouble = $2, needs_person = $3, failures = failures + 1, checked_at = now(), due_at = to_timestamp($4::float8 / 1000)
     where id = $1`,
    [id, failure.trouble, failure.needsPerson, failure.dueMs],
  );
}

/** A value that changes whenever any state does. */
export async function providerDomainsVersion(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ version: string }>(`select concat(count(*), ' ', max(changed_at)) as version from provider_domains`);
  return rows[0]?.version ?? '';
}

/** Which domains stand how at which accounts, of everybody: what routing decides by. */
export async function readProviderDomainStates(
  db: Queryable,
  limit: number,
): Promise<{ tenantId: string; domain: string; accountId: string; verified: boolean }[]> {
  const { rows } = await db.query<{ tenantId: string; domain: string; accountId: string; verified: boolean }>(
    `select p.tenant_id as "tenantId", d.name as domain, p.account_id as "accountId", p.state = 'verified' as verified
     from provider_domains p join sending_domains d on d.id = p.domain_id where p.state <> 'asked' order by p.id limit $1`,
    [limit],
  );
  return rows;
}
