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

export interface OpenWork {
  opened(lease: bigint, ids: readonly string[]): void;
  closed(lease: bigint, ids: readonly string[]): void;
  count(): number;
  sweep(giveBack: (rows: { id: string; lease: bigint; laneId: number }[]) => Promise<void>): Promise<void>;
}

/** Makes an empty memory of open work. */
export function makeOpenWork(deps: {
  readonly pool: pg.Pool;
  readonly lease: LeaseCounter;
  readonly leaseOf: (epoch: number, tick: number) => bigint;
}): OpenWork {
  const held = new Set<string>();
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
    async sweep(giveBack) {
      const first = deps.leaseOf(deps.lease.epoch, 0);
      const below = deps.lease.current() - BigInt(ORPHAN_TICKS);
      if (below <= first) return;
      const rows = await openUnderLeases(deps.pool, first, below);
      const orphans = rows.filter((row) => !held.has(row.id));
      if (orphans.length > 0) await giveBack(orphans);
    },
  };
}
