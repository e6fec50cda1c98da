// This file keeps the nodes: who is alive in the database's time, and what a dead one left open. A lease number is
// node epoch × 2^24 + tick; a node starts a new tick with every renewal, so "open since" is one number.
import type pg from 'pg';

/** Without renewal for this long others may take a node's rows; the node itself stopped writing to the wire 10 s earlier. */
export const NODE_LIFETIME_S = 20;
const TICK_BITS = 24n;
/** Rows settled in one statement when a node has died. */
const SETTLE_BATCH = 1_000;

/** The lease number of a node's tick. */
export function leaseOf(epoch: number, tick: number): bigint {
  return (BigInt(epoch) << TICK_BITS) + BigInt(tick);
}

export interface NodeIdentity {
  /** Host and data folder: the same name after a restart, so that a successor can bury its predecessor at once. */
  readonly name: string;
  readonly pid: number;
  readonly roles: readonly string[];
}

/** Registers a node and gives it an epoch no node had before. */
export async function registerNode(pool: pg.Pool, node: NodeIdentity): Promise<number> {
  const { rows } = await pool.query<{ epoch: number }>(
    `insert into nodes (epoch, name, pid, roles, alive_until)
     values (nextval('node_epochs'), $1, $2, $3, now() + $4 * interval '1 second') returning epoch`,
    [node.name, node.pid, node.roles, NODE_LIFETIME_S],
  );
  const epoch = rows[0]?.epoch;
  if (epoch === undefined) throw new Error('registering a node returned no epoch');
  return epoch;
}

/** Renews a node's life. False: it was declared dead meanwhile and has to register anew. */
export async function renewNode(pool: pg.Pool, epoch: number, oldestLease: bigint): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update nodes set alive_until = now() + $2 * interval '1 second', oldest_lease = $3 where epoch = $1 and alive_until > now()`,
    [epoch, NODE_LIFETIME_S, String(oldestLease)],
  );
  return rowCount === 1;
}

/** Other nodes registered under this name, with their process ids: a restart asks whether they still run. */
export async function namesakes(pool: pg.Pool, name: string, epoch: number): Promise<{ epoch: number; pid: number }[]> {
  const { rows } = await pool.query<{ epoch: number; pid: number }>('select epoch, pid from nodes where name = $1 and epoch <> $2', [
    name,
    epoch,
  ]);
  return rows;
}

/** Ends a node's life now: it said goodbye, or its process is known to be gone. */
export async function endNode(pool: pg.Pool, epoch: number): Promise<void> {
  // Who is dead already stays so since then.
  await pool.query('update nodes set alive_until = now() where epoch = $1 and alive_until > now()', [epoch]);
}

/** How many nodes with the dispatch role are alive; budgets are shared among them. */
export async function aliveDispatchers(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    "select count(*)::int as n from nodes where alive_until > now() and 'dispatch' = any (roles)",
  );
  return rows[0]?.n ?? 1;
}

/**
 * A dead node's rows are looked for until this long after its end: a statement of its last moments may still be on its way to the disk, or wait for a
 * lock. No statement runs for longer than 30 s. Seconds.
 */
const GRAVE_S = 120;

/**
 * Settles what dead nodes left on the wire: every open recipient becomes `uncertain`, because the dead cannot tell whether the last byte went
 * out. A row that somebody has locked is left to the next call, and so is its node. Returns how many. Safe to run on several nodes at once.
 */
export async function settleDeadNodes(pool: pg.Pool, eventIds: (count: number) => string[]): Promise<number> {
  let settled = 0;
  for (let after: number | null = 0; after !== null; ) {
    const step = await settleDeadNode(pool, after, eventIds);
    settled += step.settled;
    after = step.after;
  }
  return settled;
}

/** Some rows of the first dead node behind `after`. The answer says where to go on: at the same node while it has more; null: there is no other. */
async function settleDeadNode(
  pool: pg.Pool,
  after: number,
  eventIds: (count: number) => string[],
): Promise<{ settled: number; after: number | null }> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const dead = await client.query<{ epoch: number; oldest_lease: string }>(
      'select epoch, oldest_lease from nodes where alive_until < now() and epoch > $1 order by epoch limit 1 for update skip locked',
      [after],
    );
    const node = dead.rows[0];
    if (!node) {
      await client.query('commit');
      return { settled: 0, after: null };
    }
    const range = [node.oldest_lease, String(leaseOf(node.epoch, 0)), String(leaseOf(node.epoch + 1, 0))];
    const settled = (await client.query(SETTLE, [...range, SETTLE_BATCH, eventIds(SETTLE_BATCH)])).rowCount ?? 0;
    if (settled < SETTLE_BATCH) await client.query(BURY, [...range, node.epoch, GRAVE_S]);
    await client.query('commit');
    return { settled, after: settled < SETTLE_BATCH ? node.epoch : after };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** Forgets a node that is dead for long enough and has left nothing, locked or not: without it nobody would look for its rows. */
const BURY = `delete from nodes where epoch = $4 and alive_until < now() - $5 * interval '1 second' and not exists (
    select from recipients where lease >= greatest($1::int8, $2::int8) and lease < $3::int8 and state = 'submitting'
  )`;

const SETTLE = `with open as materialized (
    select id from recipients where lease >= greatest($1::int8, $2::int8) and lease < $3::int8 and state = 'submitting' limit $4 for update skip locked
  ), moved as (
    update recipients r set state = 'uncertain', reason = 'node-died', state_at = now() from open where r.id = open.id
    returning r.tenant_id, r.id, r.message_id, r.route_id
  ), uncertain_row as (
    insert into uncertain_recipients (tenant_id, recipient_id, message_id, route_id, settle_at)
    select tenant_id, id, message_id, route_id, now() from moved on conflict (recipient_id) do nothing
  ), event_row as (
    insert into events (tenant_id, id, recipient_id, message_id, type, data, at)
    select tenant_id, ($5::uuid[])[row_number() over ()], id, message_id, 'uncertain', '{"reason": "node-died"}', now() from moved
  )
  select id from moved`;

/**
 * Finds rows that stand `submitting` under our own older leases: a claim or an intake whose commit answer was lost may have left some that
 * no memory knows. The caller compares with what it holds and returns the rest to their lanes; they were never on the wire.
 */
export async function openUnderLeases(
  pool: pg.Pool,
  leases: { from: bigint; below: bigint; limit: number },
): Promise<{ id: string; lease: bigint; laneId: number }[]> {
  const { rows } = await pool.query<{ id: string; lease: string; lane_id: number }>(
    "select id, lease, lane_id from recipients where lease >= $1 and lease < $2 and state = 'submitting' limit $3",
    [String(leases.from), String(leases.below), leases.limit],
  );
  return rows.map((row) => ({ id: row.id, lease: BigInt(row.lease), laneId: row.lane_id }));
}
