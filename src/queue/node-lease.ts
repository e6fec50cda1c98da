// This file is a node's lease on its rows. The node renews every 5 s; unrenewed for 10 s by its own monotonic clock it stops writing to
// the wire; after 20 s of database time others take its rows. Every renewal starts a new tick, and the number of the oldest tick with open
// work goes into the node's row, so that a successor knows where to look.
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

export const RENEW_MS = 5_000;
export const FENCE_MS = 10_000;
/** Ticks a single epoch can count before it has to be replaced: 2.6 years. */
const TICKS_MAX = 2 ** 24 - 1;

export interface NodeLeaseDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** A new epoch from the database. */
  readonly register: () => Promise<number>;
  /** False when the node was declared dead meanwhile. */
  readonly renew: (epoch: number, oldestLease: bigint) => Promise<boolean>;
  readonly leaseOf: (epoch: number, tick: number) => bigint;
  /** The node was declared dead: what it holds under its old leases is no longer its own. */
  readonly onLost: () => void;
  /** Whether the node may write to the wire. */
  readonly onAllowed: (allowed: boolean) => void;
}

export interface NodeLease {
  start(): Promise<void>;
  stop(): void;
  /** The lease for work that begins now. */
  current(): bigint;
  /** Counts work that began and ended under a lease. */
  opened(lease: bigint, count?: number): void;
  closed(lease: bigint, count?: number): void;
  readonly epoch: number;
  /** The oldest lease with open work, or the current one. */
  oldest(): bigint;
  /** By the clock of this moment; `onAllowed` follows within half a second. */
  readonly allowed: boolean;
}

/** Makes a lease that is not held yet; `start` registers the node. */
export function makeNodeLease(deps: NodeLeaseDeps): NodeLease {
  let epoch = 0;
  let tick = 0;
  let lease = 0n;
  let renewedAtMs = 0;
  let allowed = false;
  let renewing = false;
  let timer: NodeJS.Timeout | null = null;
  const open = new Map<bigint, number>();

  function setAllowed(next: boolean): void {
    if (allowed === next) return;
    allowed = next;
    deps.onAllowed(next);
  }

  async function begin(): Promise<void> {
    // Before it is asked for: the database counts from its own write, which may be long over when its answer is here.
    const startedAtMs = deps.clock.monotonicMs();
    epoch = await deps.register();
    tick = 0;
    lease = deps.leaseOf(epoch, tick);
    renewedAtMs = startedAtMs;
    setAllowed(true);
  }

  function oldest(): bigint {
    let least = lease;
    for (const key of open.keys()) if (key < least && key >= deps.leaseOf(epoch, 0)) least = key;
    return least;
  }

  async function renew(): Promise<void> {
    if (renewing) return;
    renewing = true;
    const startedAtMs = deps.clock.monotonicMs();
    try {
      if ((await deps.renew(epoch, oldest())) && tick < TICKS_MAX) {
        renewedAtMs = startedAtMs;
        tick += 1;
        lease = deps.leaseOf(epoch, tick);
        setAllowed(true);
      } else {
        deps.log.error({ event: 'node_lease_lost', epoch });
        setAllowed(false);
        deps.onLost();
        await begin();
      }
    } catch (error) {
      deps.log.warn({ event: 'node_renewal_failed', epoch, reason: error instanceof Error ? error.message : String(error) });
    } finally {
      renewing = false;
    }
  }

  function watch(): void {
    const unrenewedMs = deps.clock.monotonicMs() - renewedAtMs;
    if (unrenewedMs >= FENCE_MS) setAllowed(false);
    if (unrenewedMs >= RENEW_MS) void renew();
  }

  return {
    async start() {
      await begin();
      timer = setInterval(watch, RENEW_MS / 10);
    },
    stop() {
      if (timer) clearInterval(timer);
      setAllowed(false);
    },
    current: () => lease,
    opened(key, count = 1) {
      open.set(key, (open.get(key) ?? 0) + count);
    },
    closed(key, count = 1) {
      const left = (open.get(key) ?? 0) - count;
      if (left > 0) open.set(key, left);
      else open.delete(key);
    },
    get epoch() {
      return epoch;
    },
    oldest,
    get allowed() {
      return allowed && deps.clock.monotonicMs() - renewedAtMs < FENCE_MS;
    },
  };
}
