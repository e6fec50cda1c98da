// This file stores provider accounts with their encrypted secrets, and makes the default pool and route of each.
import { randomBytes } from 'node:crypto';
import type { ProviderAccount, ProviderKind } from '../delivery/provider.ts';
import { Secret } from '../log.ts';
import { makeFilters } from './filters.ts';
import type { Keys } from './keys.ts';
import { firstRow, type Plain, plainRow } from './rows.ts';
import type { Queryable } from './scope.ts';

export type AccountState = 'active' | 'paused' | 'removed';

export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly provider: ProviderKind;
  readonly settings: Record<string, unknown>;
  readonly state: AccountState;
  readonly simulated: boolean;
  readonly health: string;
  readonly health_reason: string | null;
  readonly health_until: Date | null;
  readonly created_at: Date;
}

export type Account = Plain<AccountRow>;

const COLUMNS = 'id, name, provider, settings, state, simulated, health, health_reason, health_until, created_at';
/** Secret half of the webhook address: nobody guesses 192 bits. */
const TOKEN_BYTES = 24;
/** The user name that goes with the webhook password; providers ask for one. */
export const WEBHOOK_USERNAME = 'packetboat';

export interface NewAccount {
  readonly id: string;
  readonly poolId: string;
  readonly name: string;
  readonly provider: ProviderKind;
  /** Both as the adapter's `parseAccount` gave them back. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secret: Readonly<Record<string, string>>;
  readonly simulated?: boolean;
}

/** The webhook address and password of an account, shown again whenever a provider has to be set up. */
export interface WebhookAccess {
  readonly token: string;
  readonly username: string;
  readonly password: string;
}

/** Makes an account with its default pool and route, in one statement. Throws a unique violation when the name is taken. */
export async function createProviderAccount(db: Queryable, keys: Keys, account: NewAccount): Promise<Account> {
  const { rows } = await db.query<AccountRow>(
    `with account as (
       insert into provider_accounts (id, name, provider, settings, secret, webhook_token, webhook_password, simulated)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}
     ), pool as (
       insert into pools (id, account_id) select $9, id from account returning id, account_id
     ), route as (
       insert into routes (account_id, pool_id) select account_id, id from pool
     )
     select ${COLUMNS} from account`,
    [
      account.id,
      account.name,
      account.provider,
      JSON.stringify(account.settings),
      keys.seal('provider-secret', account.id, JSON.stringify(account.secret)),
      randomBytes(TOKEN_BYTES).toString('base64url'),
      keys.seal('provider-webhook-password', account.id, randomBytes(TOKEN_BYTES).toString('base64url')),
      account.simulated ?? false,
      account.poolId,
    ],
  );
  const made = firstRow(rows);
  if (!made) throw new Error('an insert answered no row');
  return made;
}

export async function findProviderAccount(db: Queryable, id: string): Promise<Account | null> {
  const { rows } = await db.query<AccountRow>(`select ${COLUMNS} from provider_accounts where id = $1 and state <> 'removed'`, [id]);
  return firstRow(rows);
}

/** In the order they were made; removed ones are left out. */
export async function listProviderAccounts(db: Queryable, page: { after: string | null; limit: number }): Promise<Account[]> {
  const filters = makeFilters().add('state <> ?', 'removed').add('id > ?', page.after);
  const { rows } = await db.query<AccountRow>(
    `select ${COLUMNS} from provider_accounts ${filters.where} order by id limit ${filters.param(page.limit)}`,
    filters.values,
  );
  return rows.map(plainRow);
}

/** The simulator's accounts, by provider. */
export async function listSimulated(db: Queryable): Promise<{ id: string; provider: ProviderKind }[]> {
  const { rows } = await db.query<{ id: string; provider: ProviderKind }>(
    "select id, provider from provider_accounts where simulated and state <> 'removed' order by id",
  );
  return rows;
}

/** Accounts in use that only a person can mend. */
export async function accountsInNeed(
  db: Queryable,
  limit: number,
): Promise<{ name: string; health: string; health_reason: string | null }[]> {
  const { rows } = await db.query<{ name: string; health: string; health_reason: string | null }>(
    `select name, health, health_reason from provider_accounts where state = 'active' and health in ('misconfigured', 'suspended') order by id limit $1`,
    [limit],
  );
  return rows;
}

/** Settings of the accounts that are not the simulator's own. */
export async function listRealSettings(db: Queryable): Promise<Record<string, unknown>[]> {
  const { rows } = await db.query<{ settings: Record<string, unknown> }>(
    "select settings from provider_accounts where not simulated and state <> 'removed'",
  );
  return rows.map((row) => row.settings);
}

/** Webhook address and password of an account that is not removed. */
export async function readWebhookAccess(db: Queryable, keys: Keys, id: string): Promise<WebhookAccess | null> {
  const { rows } = await db.query<{ webhook_token: string; webhook_password: Buffer }>(
    `select webhook_token, webhook_password from provider_accounts where id = $1 and state <> 'removed'`,
    [id],
  );
  const [row] = rows;
  return row
    ? {
        token: row.webhook_token,
        username: WEBHOOK_USERNAME,
        password: keys.open('provider-webhook-password', id, row.webhook_password),
      }
    : null;
}

/** An account as the adapter takes it, decrypted; null when there is none. */
export async function openProviderAccount(db: Queryable, keys: Keys, id: string): Promise<ProviderAccount | null> {
  const { rows } = await db.query<AccountRow & { secret: Buffer }>(
    `select ${COLUMNS}, secret from provider_accounts where id = $1 and state <> 'removed'`,
    [id],
  );
  return rows[0] ? opened(keys, rows[0]) : null;
}

/** The account a webhook address belongs to, decrypted, with the password that was given out for it. */
export async function openAccountByWebhookToken(
  db: Queryable,
  keys: Keys,
  token: string,
): Promise<{ account: ProviderAccount; password: string; simulated: boolean } | null> {
  const { rows } = await db.query<AccountRow & { secret: Buffer; webhook_password: Buffer }>(
    `select ${COLUMNS}, secret, webhook_password from provider_accounts where webhook_token = $1 and state <> 'removed'`,
    [token],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    account: opened(keys, row),
    password: keys.open('provider-webhook-password', row.id, row.webhook_password),
    simulated: row.simulated,
  };
}

/**
 * Changes what is given. New settings or a new secret also close the breaker: what the account said about itself was about the old ones.
 */
export async function updateProviderAccount(
  db: Queryable,
  keys: Keys,
  change: {
    id: string;
    name?: string | undefined;
    state?: 'active' | 'paused' | undefined;
    settings?: Readonly<Record<string, unknown>> | undefined;
    secret?: Readonly<Record<string, string>> | undefined;
  },
): Promise<Account | null> {
  const secret = change.secret && keys.seal('provider-secret', change.id, JSON.stringify(change.secret));
  const { rows } = await db.query<AccountRow>(
    `update provider_accounts set name = coalesce($2, name), state = coalesce($3, state), settings = coalesce($4, settings),
       secret = coalesce($5, secret), health = case when $6 then 'well' else health end, health_reason = case when $6 then null else health_reason end,
       health_until = case when $6 then null else health_until end, health_failures = case when $6 then 0 else health_failures end
     where id = $1 and state <> 'removed' returning ${COLUMNS}`,
    [
      change.id,
      change.name ?? null,
      change.state ?? null,
      change.settings ? JSON.stringify(change.settings) : null,
      secret ?? null,
      // New settings, or a person's word that it may be used: the next message finds out, not the end of a rest that was meant for the old ones.
      change.settings !== undefined || change.secret !== undefined || change.state === 'active',
    ],
  );
  return firstRow(rows);
}

/**
 * Takes an account out of use. Its row stays, because attempts and decisions name it; its name becomes free, its webhook address falls silent,
 * and it leaves every routing list.
 */
export async function removeProviderAccount(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `with gone as (
       update provider_accounts set state = 'removed', name = left(name, 150) || ' (removed ' || id || ')', webhook_token = 'removed ' || id
       where id = $1 and state <> 'removed' returning id
     ), forgotten as (
       delete from access_tokens t using gone where t.owner_id = gone.id
     ), emptied as (
       delete from routing r using gone where r.accounts = array[gone.id]
     ), shortened as (
       update routing r set accounts = array_remove(r.accounts, gone.id), updated_at = now() from gone
       where gone.id = any(r.accounts) and cardinality(r.accounts) > 1
     )
     select from gone`,
    [id],
  );
  return rowCount === 1;
}

function opened(keys: Keys, row: AccountRow & { secret: Buffer }): ProviderAccount {
  return {
    id: row.id,
    name: row.name,
    provider: row.provider,
    settings: row.settings,
    // What was sealed here is the object `parseAccount` gave back.
    secret: new Secret(JSON.parse(keys.open('provider-secret', row.id, row.secret)) as Record<string, string>),
  };
}
