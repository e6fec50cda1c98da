// This file remembers which recipients this node holds open, by lease, and finds those that stand under our lease without being held: the
// answer to a claim or an intake got lost on the way. They were never on the wire, so they go back to their lanes.
import type pg from 'pg';
import { openUnderLeases } from '../store/nodes.ts';

/** The part of a node's lease that open work moves. */
export interface LeaseCounter {
  readonly epoch: number;
  current(): bigint;
  oldest(): bigint;
  opened(lease: bigint, count?: number): void;
  closed(lease: bigint, count?: number): void;
}

/** Ticks (5 s each) a row must be old before it can be an orphan: any commit in flight is long decided by then. */
const ORPHAN_TICKS = 6;
/** Rows of one look; a node holds some hundreds. When there are more, the next look begins at the same place. */
const ROWS_MAX = 10_000;

export interface OpenWork {
  opened(lease: bigint, ids: readonly string[]): void;
  closed(lease: bigint, ids: readonly string[]): void;
  count(): number;
  /** The oldest lease under which this node may have left a row: held, or not found yet by a look. A successor looks from there on. */
  oldest(): bigint;
  sweep(giveBack: (rows: { id: string; lease: bigint; laneId: number }[]) => Promise<void>): Promise<void>;
}

/** Makes an empty memory of open work. */
export function makeOpenWork(deps: {
  readonly pool: pg.Pool;
  readonly lease: LeaseCounter;
  readonly leaseOf: (epoch: number, tick: number) => bigint;
}): OpenWork {
  const held = new Set<string>();
  /** Below it nothing of ours is left but what is held. Without it each look would walk through all rows of this node's life. */
  let lookedTo = 0n;

  const least = (a: bigint, b: bigint) => (a < b ? a : b);
  /** Where looks go on; a new epoch begins anew, its predecessor's rows are settled as a dead node's. */
  function from(): bigint {
    const first = deps.leaseOf(deps.lease.epoch, 0);
    return lookedTo > first && lookedTo < deps.leaseOf(deps.lease.epoch + 1, 0) ? lookedTo : first;
  }

  return {
    opened(lease, ids) {
      for (const id of ids) held.add(id);
      deps.lease.opened(lease, ids.length);
    },
    closed(lease, ids) {
      const gone = ids.filter((id) => held.delete(id)).length;
      if (gone > 0) deps.lease.closed(lease, gone);
    },
    count: () => held.size,
    oldest: () => least(from(), deps.lease.oldest()),
    async sweep(giveBack) {
      const start = from();
      const below = deps.lease.current() - BigInt(ORPHAN_TICKS);
      if (below <= start) return;
      // Known before the look: what is taken meanwhile has a younger lease.
      const known = least(deps.lease.oldest(), below - BigInt(ORPHAN_TICKS));
      const rows = await openUnderLeases(deps.pool, { from: start, below, limit: ROWS_MAX });
      const orphans = rows.filter((row) => !held.has(row.id));
      if (orphans.length > 0) await giveBack(orphans);
      // Whether all were given back, the next look sees; each tick is looked at for another 30 s before it is left behind.
      else if (rows.length < ROWS_MAX && known > start) lookedTo = known;
    },
  };
}
