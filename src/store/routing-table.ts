// This file reads what routing keeps in memory, and writes account health and route decisions.
import type pg from 'pg';
import type { Dent } from '../delivery/dent.ts';
import type { ProviderKind } from '../delivery/provider.ts';
import type { Health, RouteDecision, Treatment } from '../delivery/route.ts';
import type { Stream } from '../delivery/states.ts';

export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly provider: ProviderKind;
  readonly settings: Record<string, unknown>;
  readonly secret: Buffer;
  readonly state: 'active' | 'paused' | 'removed';
  readonly simulated: boolean;
  readonly health: Health;
  readonly healthReason: string | null;
  readonly healthUntilMs: number | null;
}

export interface RouteRow {
  readonly id: number;
  readonly accountId: string;
  readonly pool: string;
  readonly treatment: Treatment;
}

export interface RoutingRow {
  readonly tenantId: string | null;
  readonly stream: Stream | null;
  readonly accounts: readonly string[];
}

export interface LimitRow {
  /** Null: for every account, each on its own. */
  readonly accountId: string | null;
  readonly mailboxProvider: string;
  readonly connections: number | null;
  readonly perMinute: number | null;
}

/** Everything routing decides by, in one snapshot small enough to hold in memory. Removed accounts stay, so that their traces can be named. */
export async function readRouting(pool: pg.Pool): Promise<{
  accounts: AccountRow[];
  routes: RouteRow[];
  routing: RoutingRow[];
  limits: LimitRow[];
  dents: Dent[];
}> {
  const accounts = await pool.query<AccountRow>(
    `select id, name, provider, settings, secret, state, simulated, health, health_reason as "healthReason",
       extract(epoch from health_until)::float8 * 1000 as "healthUntilMs"
     from provider_accounts order by id`,
  );
  const routes = await pool.query<RouteRow>(
    `select r.id, r.account_id as "accountId", p.name as pool, r.treatment from routes r join pools p on p.id = r.pool_id order by r.id`,
  );
  const routing = await pool.query<RoutingRow>('select tenant_id as "tenantId", stream, accounts from routing');
  const limits = await pool.query<LimitRow>(
    `select account_id as "accountId", mailbox_provider as "mailboxProvider", connections, per_minute as "perMinute" from destination_limits
     order by account_id nulls last`,
  );
  const dents = await pool.query<Dent>(
    `select r.id as "routeId", i.mailbox_provider as "mailboxProvider", i.id as "incidentId", extract(epoch from i.opened_at)::float8 * 1000 as "openedAtMs",
       i.reopened, extract(epoch from i.last_seen_at)::float8 * 1000 as "lastSeenAtMs"
     from incidents i join routes r on r.account_id = i.account_id and (i.pool_id is null or r.pool_id = i.pool_id)
     where i.current and i.state = 'open' and i.kind = 'ip-blocked' order by r.id, i.id`,
  );
  return { accounts: accounts.rows, routes: routes.rows, routing: routing.rows, limits: limits.rows, dents: dents.rows };
}

/**
 * True when mail was meant for one of these accounts: the router judged one for a message (it may wait until today), mail went out by it, as the figures
 * remember, or was offered there and could not (the account is unwell since).
 */
export async function haveHadMail(pool: pg.Pool, accountIds: readonly string[]): Promise<boolean> {
  const { rows } = await pool.query<{ had_mail: boolean }>(
    `select exists (select 1 from rollups where account_id = any ($1::uuid[]))
       or exists (select 1 from provider_accounts where id = any ($1::uuid[]) and (health <> 'well' or health_failures > 0))
       or exists (
         select 1 from routes r
         join route_decisions d on d.body @> jsonb_build_object('judgements', jsonb_build_array(jsonb_build_object('routeId', r.id)))
         where r.account_id = any ($1::uuid[])
       ) as had_mail`,
    [accountIds],
  );
  return rows[0]?.had_mail === true;
}

/** Gives every pool of these accounts a route on which From is written anew. */
export async function addRewrittenRoutes(pool: pg.Pool, accountIds: readonly string[]): Promise<void> {
  await pool.query(
    `insert into routes (account_id, pool_id, treatment) select account_id, pool_id, 'rewritten' from routes
     where account_id = any ($1::uuid[]) and treatment = 'as-is' order by id on conflict do nothing`,
    [accountIds],
  );
}

/** Writes an account's health. A rest that ends later than the new one stays, so that nodes do not shorten each other's. */
export async function setHealth(
  pool: pg.Pool,
  accountId: string,
  health: { health: Health; reason: string | null; untilMs: number | null; failures: number },
): Promise<void> {
  await pool.query(
    `update provider_accounts set health = $2, health_reason = $3, health_failures = $5,
       health_until = case when $4::float8 is null then null else greatest(health_until, to_timestamp($4 / 1000)) end
     where id = $1`,
    [accountId, health.health, health.reason, health.untilMs, health.failures],
  );
}

/** Stores a decision under the hash of its content; storing it again changes nothing. */
export async function storeDecision(pool: pg.Pool, id: string, decision: RouteDecision): Promise<void> {
  await pool.query('insert into route_decisions (id, body) values ($1, $2) on conflict (id) do nothing', [id, JSON.stringify(decision)]);
}
