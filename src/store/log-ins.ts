// This file reads what the authenticator needs of credentials, across tenants: the one place where the tenant is the answer, not the question.
import type { CredentialState } from './credentials.ts';
import type { Queryable } from './scope.ts';
import type { TenantState } from './tenants.ts';

export interface LogInRow {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly tenant_state: TenantState | null;
  readonly secret_hash: Buffer | null;
  readonly previous_secret_hash: Buffer | null;
  readonly scopes: string[];
  readonly default_stream: 'transactional' | 'bulk';
  readonly networks: string[];
  readonly rate_per_minute: number | null;
  readonly state: CredentialState;
}

const SELECT = `select c.id, c.tenant_id, t.state as tenant_state, c.secret_hash, c.scopes, c.default_stream, c.networks::text[] as networks,
    c.rate_per_minute, c.state, case when c.previous_valid_until > now() then c.previous_secret_hash end as previous_secret_hash
  from credentials c left join tenants t on t.id = c.tenant_id`;

/** By the public half; one index probe. */
export async function findLogIn(db: Queryable, kind: 'api_key' | 'smtp', handle: string): Promise<LogInRow | null> {
  const { rows } = await db.query<LogInRow>({
    name: 'find-log-in',
    text: `${SELECT} where c.handle = $1 and c.kind = $2`,
    values: [handle, kind],
  });
  return rows[0] ?? null;
}

/** Trusted networks of active tenants; a desk has a handful, and this many are looked through per connection at most. */
export async function listNetworkLogIns(db: Queryable, limit: number): Promise<LogInRow[]> {
  const { rows } = await db.query<LogInRow>(
    `${SELECT} where c.kind = 'network' and c.state = 'active' and t.state = 'active' order by c.id limit $1`,
    [limit],
  );
  return rows;
}

/** Remembers when credentials were last used. Sorted, so two nodes never wait for each other in a circle. */
export async function touchCredentials(db: Queryable, uses: readonly { id: string; atMs: number }[]): Promise<void> {
  const sorted = [...uses].sort((a, b) => (a.id < b.id ? -1 : 1));
  await db.query(
    `update credentials c set last_used_at = u.at
     from (select id, to_timestamp(at / 1000) as at from unnest($1::uuid[], $2::float8[]) as u(id, at) order by id) u
     where c.id = u.id and (c.last_used_at is null or c.last_used_at < u.at)`,
    [sorted.map((use) => use.id), sorted.map((use) => use.atMs)],
  );
}
