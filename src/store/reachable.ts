// This file knows whether the database can be written to right now: asked for often (balancers, monitors), looked up at most once a second,
// and answered within a second even by a server that hangs. It has a connection of its own, so that a crowd at the pools does not look
// like an outage.
import pg from 'pg';
import type { Clock } from '../clock.ts';

export interface Reachable {
  /** True when the database answers and takes writes. The answer is at most a second old, and comes within one. */
  ask(): Promise<boolean>;
  /** Somebody met a database that is away: the next question is not answered from memory. */
  doubt(): void;
  close(): Promise<void>;
}

/** An answer is repeated for this long: a hundred monitors cost one look a second. */
const FRESH_MS = 1_000;
/** A server that says nothing for this long is away; a look at an idle one takes under a millisecond. */
const ANSWER_MS = 1_000;

/** Makes the look-out for the database at `url`. Nothing is connected before the first question. */
export function makeReachable(url: string, clock: Pick<Clock, 'monotonicMs'>): Reachable {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS });
  const doubt = () => {
    // Bad news is news already; asking again and again would not make it better.
    if (known?.writes) known = null;
  };
  // The server ended the connection: that is news, and the next look finds out what of it holds.
  pool.on('error', doubt);
  pool.on('connect', (client) => client.on('error', doubt));
  let known: { readonly writes: boolean; readonly atMs: number } | null = null;
  let looking: Promise<boolean> | null = null;

  async function look(): Promise<boolean> {
    let writes = false;
    try {
      // A standby answers too; it reads only.
      const { rows } = await pool.query<{ writes: boolean }>(`select current_setting('transaction_read_only') = 'off' as writes`);
      writes = rows[0]?.writes === true;
    } catch {
      // Whatever the reason, it is not to be written to; those who need the database say why in the log.
    }
    known = { writes, atMs: clock.monotonicMs() };
    looking = null;
    return writes;
  }

  return {
    async ask() {
      if (known && clock.monotonicMs() - known.atMs < FRESH_MS) return known.writes;
      looking ??= look();
      return looking;
    },
    doubt,
    close: () => pool.end(),
  };
}
