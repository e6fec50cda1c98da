// This file makes weekly partitions ahead of time, raises the alarm when rows fell into a default partition, and drops old weeks: only when
// no row in them is live, and only after their closing counters are written in the same transaction, so that the ledger keeps balancing.
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { idFloor } from '../ids.ts';
import { isLockTimeout } from './db.ts';

const WEEK_MS = 7 * 24 * 3600 * 1000;
/** Monday 1970-01-05: weeks start on Mondays, UTC. */
const FIRST_MONDAY_MS = 4 * 24 * 3600 * 1000;
/** send_at reaches 30 days ahead, ids are minted now; a month ahead survives a month without this job. */
const WEEKS_AHEAD = 5;

/**
 * A partition comes and goes under a lock on its table for which every reader has to have ended, a backup of hours among them, and behind whoever waits
 * for it all mail waits. So nobody waits longer than this, and weeks are made long before they are needed.
 */
const LOCK_WAIT_MS = 250;
/** Tries for one new partition, and the pause between them, in which mail goes on. */
const LOCK_TRIES = 4;
const LOCK_PAUSE_MS = 500;

/** Tables in the order in which a week is dropped: children of a message first. */
const PARTITIONED = [
  'reported_refusals',
  'provider_messages',
  'attempts',
  'events',
  'recipients',
  'messages',
  'bodies',
  'webhook_requests',
  'inbound_readings',
  'inbound_mails',
] as const;
/** Queues of answers that wait to be read, by the ids of what they are about. */
const QUEUES = ['webhook_queue', 'inbound_queue', 'report_queue'] as const;
/** Room on each page lets a recipient's next version stay on it (heap-only update). */
const STORAGE: Readonly<Record<string, string>> = {
  recipients: 'with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)',
  // 4 KB rows stay whole; the default would try to compress and move everything above 2 KB.
  bodies: 'with (toast_tuple_target = 8160)',
};

interface Week {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

function weekOf(ms: number): Week {
  const start = Math.floor((ms - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;
  const name = `w${new Date(start).toISOString().slice(0, 10).replaceAll('-', '')}`;
  return { name, from: idFloor(start), to: idFloor(start + WEEK_MS) };
}

export interface MadePartitions {
  readonly made: readonly string[];
  /** Somebody reads for long: the rest has to be made another time. */
  readonly waits: boolean;
}

/** Makes the partitions from last week to five weeks ahead. */
export async function ensurePartitions(pool: pg.Pool, nowMs: number): Promise<MadePartitions> {
  const made: string[] = [];
  const client = await pool.connect();
  try {
    // Several nodes start at once; one makes them, the others wait and find them.
    await client.query("select pg_advisory_lock(hashtext('packetboat partitions'))");
    for (let week = -1; week <= WEEKS_AHEAD; week += 1) {
      const { name, from, to } = weekOf(nowMs + week * WEEK_MS);
      for (const table of PARTITIONED) {
        const child = `${table}_${name}`;
        const { rowCount } = await client.query(
          'select from pg_class where relname = $1 and relnamespace = current_schema()::regnamespace',
          [child],
        );
        if (rowCount) continue;
        const create = `create table ${child} partition of ${table} for values from ('${from}') to ('${to}') ${STORAGE[table] ?? ''}`;
        if (!(await withPatience(client, create))) return { made, waits: true };
        made.push(child);
      }
    }
    return { made, waits: false };
  } finally {
    await client.query("select pg_advisory_unlock(hashtext('packetboat partitions'))").catch(() => undefined);
    client.release();
  }
}

/** Runs a statement that needs a lock on a table in use. False: the lock was not to be had. */
async function withPatience(client: pg.PoolClient, statement: string): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      // Several statements in one string are one transaction.
      await client.query(`set local lock_timeout = ${LOCK_WAIT_MS}; ${statement}`);
      return true;
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      if (tries === LOCK_TRIES) return false;
      await delay(LOCK_PAUSE_MS);
    }
  }
}

/** Tables whose default partition holds rows: partitions were missing when they came. Empty is well. */
export async function strayRows(pool: pg.Pool): Promise<string[]> {
  const stray: string[] = [];
  for (const table of PARTITIONED) {
    const { rowCount } = await pool.query(`select from ${table}_default limit 1`);
    if (rowCount) stray.push(table);
  }
  return stray;
}

/** Live: something may still happen to it by our own doing. */
const LIVE = "('scheduled', 'queued', 'submitting', 'uncertain', 'deferred', 'held')";

/**
 * Drops weeks that ended before `cutoffMs`, oldest first, and returns their names. A week with a live recipient stays whole, and one that somebody
 * reads for long goes another time; later weeks may still go. Bodies go with the week of their own id, so a body shared by later messages outlives nothing it should not.
 */
export async function dropOldWeeks(pool: pg.Pool, cutoffMs: number): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select substring(relname from 'recipients_(w[0-9]{8})$') as name from pg_class
     where relname ~ '^recipients_w[0-9]{8}$' and relnamespace = current_schema()::regnamespace order by 1`,
  );
  const dropped: string[] = [];
  for (const { name } of rows) {
    const start = Date.UTC(Number(name.slice(1, 5)), Number(name.slice(5, 7)) - 1, Number(name.slice(7, 9)));
    if (start + WEEK_MS > cutoffMs) continue;
    if (await dropWeek(pool, name, start)) dropped.push(name);
  }
  return dropped;
}

async function dropWeek(pool: pg.Pool, name: string, startMs: number): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = ${LOCK_WAIT_MS}`);
    // Nobody writes to it from here on. Readers, and all mail behind them, are shut out for the last step only: counting a week takes seconds.
    await client.query(`lock table recipients_${name} in share mode`);
    const live = await client.query(`select from recipients_${name} where state in ${LIVE} limit 1`);
    if (live.rowCount) {
      await client.query('rollback');
      return false;
    }
    await client.query(
      `insert into closing_counters (tenant_id, stream, hour, state, recipients)
       select tenant_id, stream, date_trunc('hour', to_timestamp(('x' || translate(substring(id::text from 1 for 13), '-', ''))::bit(48)::int8 / 1000.0), 'UTC'),
         state, count(*) from recipients_${name} group by 1, 2, 3, 4
       on conflict (tenant_id, stream, hour, state) do update set recipients = closing_counters.recipients + excluded.recipients`,
    );
    // What was parked for a person goes with the answer itself: nobody could read it any more, and it would be counted as waiting for ever.
    const { from, to } = weekOf(startMs);
    for (const queue of QUEUES) await client.query(`delete from ${queue} where id >= $1 and id < $2`, [from, to]);
    for (const table of PARTITIONED) await client.query(`drop table if exists ${table}_${name}`);
    await client.query('commit');
    return true;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    if (isLockTimeout(error)) return false;
    throw error;
  } finally {
    client.release();
  }
}
