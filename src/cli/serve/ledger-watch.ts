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

/** Counting is one pass over the rows; once a minute keeps it below a percent of one core with ten million of them. */
const EVERY_MS = 60_000;

export function makeLedgerWatch(pool: pg.Pool, clock: Clock, log: Log): LedgerWatch {
  let last: { difference: number; checkedAtMs: number } | null = null;
  return {
    last: () => last,
    chore: {
      name: 'ledger',
      everyMs: EVERY_MS,
      async run() {
        const { difference, injected } = await readLedger(pool, null);
        last = { difference, checkedAtMs: clock.nowMs() };
        if (difference !== 0) log.error({ event: 'ledger_does_not_balance', difference, injected });
      },
    },
  };
}
