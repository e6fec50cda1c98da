// This file finds out how far the database's clock is from ours, as exactly as a network allows, and no more exactly than that: a clock that is
// corrected for nothing would let an attempt end before it began.
import type pg from 'pg';
import type { Clock } from '../clock.ts';

/** The quickest of so many answers tells most; the others waited for a processor. */
const LOOKS = 5;
/** Our clock tells whole milliseconds. */
const GRAIN_MS = 1;

export interface ClockLook {
  /** Milliseconds the database's clock is ahead of ours. */
  readonly offsetMs: number;
  /** It may be wrong by so much to either side: half of the time in which the question was on its way. */
  readonly errorMs: number;
}

/** Asks over one connection that stands: making one, or waiting for one, would count as time on the way there alone. */
export async function lookAtDatabaseClock(pool: pg.Pool, clock: Pick<Clock, 'nowMs'>): Promise<ClockLook> {
  const client = await pool.connect();
  try {
    let best = await lookOnce(client, clock);
    for (let look = 2; look <= LOOKS; look += 1) {
      const next = await lookOnce(client, clock);
      if (next.errorMs < best.errorMs) best = next;
    }
    return best;
  } finally {
    client.release();
  }
}

/** What to go by from now on: what we went by so far (at first: no difference), unless the look proves it wrong. Milliseconds. */
export function provenOffset(knownMs: number, { offsetMs, errorMs }: ClockLook): number {
  return Math.abs(offsetMs - knownMs) <= errorMs ? knownMs : Math.round(offsetMs);
}

async function lookOnce(client: pg.PoolClient, clock: Pick<Clock, 'nowMs'>): Promise<ClockLook> {
  const before = clock.nowMs();
  const { rows } = await client.query<{ ms: number }>('select extract(epoch from clock_timestamp())::float8 * 1000 as ms');
  const after = clock.nowMs();
  if (!rows[0]) throw new Error('the database does not know the time');
  return { offsetMs: rows[0].ms - (before + after) / 2, errorMs: (after - before) / 2 + GRAIN_MS };
}
