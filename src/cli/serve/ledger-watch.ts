// This file looks at the ledger all the time and raises the alarm when it does not balance.
import type pg from 'pg';
import type { Clock } from '../../clock.ts';
import type { Chore } from '../../flows/housekeeping.ts';
import type { Log } from '../../log.ts';
import { readLedger } from '../../store/ledger.ts';

export interface LedgerWatch {
  readonly chore: Chore;
  /** The last look: difference, and when; null before the first. */
  last(): { readonly difference: number; readonly checkedAtMs: number } | null;
}

/** How often it looks while the desk is small. */
const EVERY_MS = 60_000;
/** Counting is one pass over the rows: a look that takes seconds rests fifty times as long, so that it stays at two percent of one core … */
const REST_FACTOR = 50;
/** … but an hour never passes unseen. */
const REST_MAX_MS = 30 * 60_000;

export function makeLedgerWatch(pool: pg.Pool, clock: Clock, log: Log): LedgerWatch {
  let last: { difference: number; checkedAtMs: number } | null = null;
  let restUntilMs = 0;
  return {
    last: () => last,
    chore: {
      name: 'ledger',
      everyMs: EVERY_MS,
      async run() {
        const beganMs = clock.monotonicMs();
        if (beganMs < restUntilMs) return;
        const { difference, injected } = await readLedger(pool, null);
        last = { difference, checkedAtMs: clock.nowMs() };
        const endedMs = clock.monotonicMs();
        restUntilMs = endedMs + Math.min(REST_MAX_MS, REST_FACTOR * (endedMs - beganMs));
        if (difference !== 0) log.error({ event: 'ledger_does_not_balance', difference, injected });
      },
    },
  };
}
