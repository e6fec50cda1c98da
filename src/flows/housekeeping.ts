// This file lists what the desk does by itself on a schedule, each with its interval. queue/schedule.ts runs them; a run that fails is logged
// and tried again at its next turn.
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { RETRY_LADDERS, type RetryLadder } from '../delivery/retry.ts';
import type { Stream } from '../delivery/states.ts';
import { type IdMint, idFloor } from '../ids.ts';
import type { Log } from '../log.ts';
import { compactRollups, dropOldRollups } from '../store/compact-rollups.ts';
import { expireIdempotencyKeys, expireWaiting, purgeEndedHolds } from '../store/expiry.ts';
import { compactCounters } from '../store/ledger.ts';
import { settleDeadNodes } from '../store/nodes.ts';
import { dropOldWeeks, ensurePartitions, strayRows } from '../store/partitions.ts';
import { sumDays, sumMonths } from '../store/sum-rollups.ts';

export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<void>;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Statistics are kept by the hour for this long, then by the day. */
const HOURLY_DAYS = 14;
/** Three years of days: long enough to compare with the year before last. */
const DAILY_DAYS = 3 * 366;

/** A hold that ended can be looked up for a quarter of a year. */
const ENDED_HOLDS_DAYS = 90;
/** A hold that ended a year ago no longer makes the next one longer (feedback/decide-hold.ts). */
const GROWTH_DAYS = 366;
/** Holds of one run; the rest goes the next day. */
const ENDED_HOLDS_ROWS = 50_000;

/** The chores that need only the store. */
export function storeChores(deps: {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly ids: IdMint;
  readonly log: Log;
  readonly retentionDays: number;
  /** Replaces the agreed lifetimes, as it does for the dispatcher. */
  readonly ladders?: Readonly<Record<Stream, RetryLadder>>;
  /** Dead nodes' rows became uncertain. */
  readonly onSettled: () => void;
}): Chore[] {
  const { pool, clock, log } = deps;
  return [
    {
      name: 'settle-dead-nodes',
      everyMs: 2 * SECOND_MS,
      async run() {
        const settled = await settleDeadNodes(pool, (count) => Array.from({ length: count }, () => deps.ids.next()));
        if (settled === 0) return;
        log.warn({ event: 'dead_node_settled', recipients: settled });
        deps.onSettled();
      },
    },
    {
      name: 'partitions',
      everyMs: HOUR_MS,
      async run() {
        const { made, waits } = await ensurePartitions(pool, clock.nowMs());
        if (waits)
          log.warn({ event: 'partitions_wait', reason: 'the tables are being read for long, by a backup perhaps; another try in an hour' });
        if (made.length > 0) log.info({ event: 'partitions_made', partitions: made.length });
        const stray = await strayRows(pool);
        if (stray.length > 0) log.error({ event: 'default_partition_used', tables: stray });
      },
    },
    {
      name: 'retention',
      everyMs: HOUR_MS,
      async run() {
        const dropped = await dropOldWeeks(pool, clock.nowMs() - deps.retentionDays * DAY_MS);
        if (dropped.length > 0) log.info({ event: 'weeks_dropped', weeks: dropped });
      },
    },
    {
      name: 'compact-counters',
      everyMs: 10 * MINUTE_MS,
      async run() {
        await compactCounters(pool);
      },
    },
    {
      name: 'compact-rollups',
      everyMs: 6 * HOUR_MS,
      async run() {
        const now = clock.nowMs();
        const hourlyFromMs = Math.floor((now - HOURLY_DAYS * DAY_MS) / DAY_MS) * DAY_MS;
        const days = await compactRollups(pool, hourlyFromMs);
        const dropped = await dropOldRollups(pool, now - DAILY_DAYS * DAY_MS);
        await sumDays(pool, hourlyFromMs);
        await sumMonths(pool, hourlyFromMs);
        if (days + dropped > 0) log.info({ event: 'rollups_compacted', days, dropped });
      },
    },
    {
      name: 'expire-waiting',
      everyMs: 5 * MINUTE_MS,
      async run() {
        for (const stream of ['transactional', 'bulk'] as const) {
          const oldestMs = clock.nowMs() - (deps.ladders ?? RETRY_LADDERS)[stream].lifetimeMs;
          const ended = await expireWaiting(pool, {
            stream,
            oldestMs,
            oldestId: idFloor(oldestMs),
            eventIds: (n) => Array.from({ length: n }, () => deps.ids.next()),
          });
          if (ended > 0) log.info({ event: 'waiting_expired', stream, recipients: ended });
        }
      },
    },
    {
      name: 'purge-ended-holds',
      everyMs: DAY_MS,
      async run() {
        const gone = await purgeEndedHolds(pool, { days: ENDED_HOLDS_DAYS, rememberDays: GROWTH_DAYS, limit: ENDED_HOLDS_ROWS });
        if (gone > 0) log.info({ event: 'ended_holds_purged', holds: gone });
      },
    },
    {
      name: 'expire-keys',
      everyMs: 10 * MINUTE_MS,
      async run() {
        await expireIdempotencyKeys(pool);
      },
    },
  ];
}
