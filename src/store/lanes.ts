// This file keeps the lanes: tenant × stream × mailbox provider × route. A lane is a row of its own, so that blocking a million waiting
// recipients is one update.
import type pg from 'pg';
import type { Stream } from '../delivery/states.ts';
import type { Queryable } from './scope.ts';

export interface LaneKey {
  readonly tenantId: string;
  readonly stream: Stream;
  readonly mailboxProvider: string;
  /** Null: no account could carry it when it was made. */
  readonly routeId: number | null;
}

export interface Lane extends LaneKey {
  readonly id: number;
  readonly blockedUntilMs: number | null;
}

const COLUMNS = `id, tenant_id as "tenantId", stream, mailbox_provider as "mailboxProvider", route_id as "routeId",
  extract(epoch from blocked_until)::float8 * 1000 as "blockedUntilMs"`;

/** Finds or makes the lane of a key. */
export async function ensureLane(pool: pg.Pool, key: LaneKey): Promise<Lane> {
  const { rows } = await pool.query<Lane>(
    `insert into lanes (tenant_id, stream, mailbox_provider, route_id) values ($1, $2, $3, $4)
     on conflict (tenant_id, stream, mailbox_provider, route_id) do update set tenant_id = excluded.tenant_id returning ${COLUMNS}`,
    [key.tenantId, key.stream, key.mailboxProvider, key.routeId],
  );
  const lane = rows[0];
  if (!lane) throw new Error('making a lane returned nothing');
  return lane;
}

/** Lanes by id, for those that another node or an earlier life of this one made. */
export async function lanesById(pool: pg.Pool, ids: readonly number[]): Promise<Lane[]> {
  if (ids.length === 0) return [];
  const { rows } = await pool.query<Lane>(`select ${COLUMNS} from lanes where id = any ($1::int[])`, [ids]);
  return rows;
}

/** Lanes that are blocked now or were changed lately by another node. */
export async function blockedLanes(pool: pg.Pool): Promise<Lane[]> {
  const { rows } = await pool.query<Lane>(`select ${COLUMNS} from lanes where blocked_until > now()`);
  return rows;
}

/** Keeps lanes shut until a time; a later end wins over an earlier one. `null` opens them. */
export async function blockLanes(pool: pg.Pool, ids: readonly number[], untilMs: number | null, reason: string | null): Promise<void> {
  await pool.query(
    `update lanes set blocked_until = case when $2::float8 is null then null else greatest(blocked_until, to_timestamp($2 / 1000)) end,
       blocked_reason = $3 where id = any ($1::int[])`,
    [ids, untilMs, reason],
  );
}

/** Shuts the lanes of a stream that take a route to a mailbox provider, for everybody, until a time; a later end stays. Returns how many there are. */
export async function blockRouteLanes(
  db: Queryable,
  where: { routeId: number; mailboxProvider: string; stream: Stream },
  { untilMs, reason }: { untilMs: number; reason: string },
): Promise<number> {
  const { rowCount } = await db.query(
    `update lanes set blocked_until = greatest(blocked_until, to_timestamp($4::float8 / 1000)), blocked_reason = $5
     where id in (select id from lanes where route_id = $1 and mailbox_provider = $2 and stream = $3 order by id for update)`,
    [where.routeId, where.mailboxProvider, where.stream, untilMs, reason],
  );
  return rowCount ?? 0;
}
