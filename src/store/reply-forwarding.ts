// This file stores where an organisation wants answers of people, and counts what went on lately.
import type { Queryable } from './scope.ts';

export interface ReplyForwarding {
  readonly enabled: boolean;
  /** For answers to messages whose own Reply-To and From cannot be used; null: none. */
  readonly address: string | null;
}

export async function readReplyForwarding(db: Queryable, tenantId: string): Promise<ReplyForwarding> {
  const { rows } = await db.query<ReplyForwarding>('select enabled, address from reply_forwarding where tenant_id = $1', [tenantId]);
  return rows[0] ?? { enabled: true, address: null };
}

export async function writeReplyForwarding(db: Queryable, tenantId: string, setting: ReplyForwarding): Promise<ReplyForwarding> {
  await db.query(
    `insert into reply_forwarding (tenant_id, enabled, address) values ($1, $2, $3)
     on conflict (tenant_id) do update set enabled = excluded.enabled, address = excluded.address`,
    [tenantId, setting.enabled, setting.address],
  );
  return setting;
}

/** How many mails went on since then for a tenant, and how many of them from one author. `sinceId`: the edge of the ids of that moment. */
export async function forwardedSince(
  db: Queryable,
  tenantId: string,
  since: { sinceId: string; from: string },
): Promise<{ all: number; fromAuthor: number }> {
  const { rows } = await db.query<{ all: number; fromAuthor: number }>(
    `select count(*)::int as "all", count(*) filter (where from_address = $3)::int as "fromAuthor" from inbound_readings
     where tenant_id = $1 and id >= $2 and outcome = 'forwarded'`,
    [tenantId, since.sinceId, since.from],
  );
  return rows[0] ?? { all: 0, fromAuthor: 0 };
}

/** The name of a tenant that is active; null else. */
export async function activeTenantName(db: Queryable, tenantId: string): Promise<string | null> {
  const { rows } = await db.query<{ name: string }>(`select name from tenants where id = $1 and state = 'active'`, [tenantId]);
  return rows[0]?.name ?? null;
}
