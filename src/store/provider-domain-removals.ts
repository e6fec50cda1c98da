// This file stores what a removed domain leaves at providers: each row is a domain to be taken away at one account, written in the transaction that
// removes the domain here, and kept until it is done and for a while after.
import type { ProviderKind } from '../delivery/provider.ts';
import { makeFilters } from './filters.ts';
import { type Plain, plainRow } from './rows.ts';
import type { Queryable, Scope } from './scope.ts';

export type RemovalState = 'due' | 'removed' | 'kept';

export interface RemovalRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly domain: string;
  readonly account_id: string;
  readonly account_name: string;
  readonly provider: ProviderKind;
  readonly state: RemovalState;
  readonly trouble: string | null;
  readonly needs_person: boolean;
  readonly created_at: Date;
  readonly tried_at: Date | null;
  readonly next_at: Date | null;
}

export type StoredRemoval = Plain<RemovalRow>;

/** A look at the domain that is on the wire now would make it known again: it gets this long to end, seconds. */
const LOOKS_END_S = 60;

/** Accounts that were asked to take a domain. */
export async function readAccountsOfDomain(db: Queryable, tenantId: Scope, domainId: string): Promise<string[]> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('domain_id = ?', domainId);
  const { rows } = await db.query<{ id: string }>(
    `select account_id as id from provider_domains ${filters.where} order by id`,
    filters.values,
  );
  return rows.map(({ id }) => id);
}

/** In the transaction that removes the domain here. */
export async function askRemovals(
  db: Queryable,
  tenantId: string,
  ask: { domain: string; rows: readonly { id: string; accountId: string }[] },
): Promise<void> {
  for (const { id, accountId } of ask.rows) {
    await db.query(
      `insert into provider_domain_removals (tenant_id, id, domain, account_id, due_at) values ($1, $2, $3, $4, now() + $5 * interval '1 second')`,
      [tenantId, id, ask.domain, accountId, LOOKS_END_S],
    );
  }
}

/** Newest first. Reads as the owner: the tenant's role sees no accounts. */
export async function listRemovals(
  db: Queryable,
  tenantId: Scope,
  page: { before: string | null; limit: number; id?: string; state?: RemovalState | undefined; domain?: string | undefined },
): Promise<StoredRemoval[]> {
  const filters = makeFilters()
    .add('r.tenant_id = ?', tenantId)
    .add('r.id < ?', page.before)
    .add('r.id = ?', page.id)
    .add('r.state = ?', page.state)
    .add('r.domain = ?', page.domain);
  const { rows } = await db.query<RemovalRow>(
    `select r.id, r.tenant_id, r.domain, r.account_id, a.name as account_name, a.provider, r.state, r.trouble, r.needs_person, r.created_at, r.tried_at,
       case when r.state = 'due' then r.due_at end as next_at
     from provider_domain_removals r join provider_accounts a on a.id = r.account_id
     ${filters.where} order by r.id desc limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

export interface DueRemoval {
  readonly id: string;
  readonly domain: string;
  readonly accountId: string;
  readonly failures: number;
  /** Somebody here has the domain at this account (again), so it stays. */
  readonly inUse: boolean;
}

const DUE_COLUMNS = `r.id, r.domain, r.account_id as "accountId", r.failures, exists (
    select from provider_domains p join sending_domains d on d.id = p.domain_id where p.account_id = r.account_id and d.name = r.domain) as "inUse"`;

/** Takes what is due, the longest waiting first; it is due again after `seconds`, should the runner die. */
export async function takeDueRemovals(db: Queryable, take: { limit: number; seconds: number }): Promise<DueRemoval[]> {
  const { rows } = await db.query<DueRemoval>(
    `update provider_domain_removals r set due_at = now() + $2 * interval '1 second' where r.id in (
       select id from provider_domain_removals where state = 'due' and due_at <= now() order by due_at limit $1 for update skip locked)
     returning ${DUE_COLUMNS}`,
    [take.limit, take.seconds],
  );
  return rows;
}

/** One to try now, whatever is due; null when there is none, or nothing is left to do. */
export async function readDueRemoval(db: Queryable, tenantId: Scope, id: string): Promise<DueRemoval | null> {
  const filters = makeFilters().add('r.tenant_id = ?', tenantId).add('r.id = ?', id).add('r.state = ?', 'due');
  const { rows } = await db.query<DueRemoval>(`select ${DUE_COLUMNS} from provider_domain_removals r ${filters.where}`, filters.values);
  return rows[0] ?? null;
}

export async function endRemoval(db: Queryable, id: string, state: 'removed' | 'kept'): Promise<void> {
  await db.query(
    `update provider_domain_removals set state = $2, trouble = null, needs_person = false, tried_at = now() where id = $1 and state = 'due'`,
    [id, state],
  );
}

export async function noteRemovalFailure(
  db: Queryable,
  id: string,
  failure: { trouble: string; needsPerson: boolean; dueMs: number },
): Promise<void> {
  await db.query(
    `update provider_domain_removals set trouble = $2, needs_person = $3, failures = failures + 1, tried_at = now(), due_at = to_timestamp($4::float8 / 1000)
     where id = $1 and state = 'due'`,
    [id, failure.trouble, failure.needsPerson, failure.dueMs],
  );
}

/** Takes one off the list, whatever became of it at the provider. Answers whose it was, or null. */
export async function forgetRemoval(db: Queryable, tenantId: Scope, id: string): Promise<{ tenant_id: string; domain: string } | null> {
  const filters = makeFilters().add('tenant_id = ?', tenantId).add('id = ?', id);
  const { rows } = await db.query<{ tenant_id: string; domain: string }>(
    `delete from provider_domain_removals ${filters.where} returning tenant_id, domain`,
    filters.values,
  );
  return rows[0] ?? null;
}

/** Forgets what was done long ago. */
export async function forgetEndedRemovals(db: Queryable, days: number): Promise<void> {
  await db.query(`delete from provider_domain_removals where state <> 'due' and tried_at < now() - $1 * interval '1 day'`, [days]);
}
