// This file stores the names (reverse DNS) of addresses that reports name: looked up apart from requests, kept for weeks.
import type pg from 'pg';
import { plainArray, textArray } from './arrays.ts';

export interface LookedUpName {
  readonly ip: string;
  /** Null: it has none, or one that does not lead back. */
  readonly name: string | null;
  /** False: DNS did not answer; it is asked again soon. */
  readonly answered: boolean;
}

/** A reader that dies gives its addresses back after this. Seconds. */
const TAKEN_S = 300;
/** Names change rarely. */
const KEPT_DAYS = 30;
/** An address whose servers never answer is asked seldom. */
const RETRY_S = 600;
const RETRY_MAX_S = 604_800;

export async function takeUnnamed(pool: pg.Pool, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ ip: string }>(
    `update ip_names set due_at = now() + ${TAKEN_S} * interval '1 second'
     where ip in (select ip from ip_names where due_at <= now() order by due_at limit $1 for update skip locked) returning host(ip) as ip`,
    [limit],
  );
  return rows.map(({ ip }) => ip);
}

export async function writeNames(pool: pg.Pool, names: readonly LookedUpName[]): Promise<void> {
  if (names.length === 0) return;
  await pool.query(
    `update ip_names n set name = case when g.answered then g.name else n.name end, looked_at = case when g.answered then now() else n.looked_at end,
       tries = case when g.answered then 0 else n.tries + 1 end,
       due_at = now() + case when g.answered then ${KEPT_DAYS} * interval '1 day'
         else least(${RETRY_MAX_S}, ${RETRY_S} * 2 ^ least(n.tries, 10)) * interval '1 second' end
     from unnest($1::inet[], $2::text[], $3::bool[]) as g(ip, name, answered) where n.ip = g.ip`,
    [
      plainArray(names.map(({ ip }) => ip)),
      textArray(names.map(({ name }) => name)),
      plainArray(names.map(({ answered }) => String(answered))),
    ],
  );
}
