// This file is what the dispatcher asks of its composition and what it offers: jobs, lanes' traits, claims, gates.
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { RingJob } from './ring.ts';

export interface Job extends RingJob {
  readonly laneId: number;
}

export interface LaneTraits {
  readonly urgent: boolean;
  readonly blockedUntilMs: number | null;
}

export interface DispatcherDeps<J extends Job> {
  readonly clock: Clock;
  readonly log: Log;
  /** Takes up to `limit` ready rows of a lane for `gate`; `found` below the limit means that the lane is empty for now. */
  readonly claim: (laneId: number, limit: number, gate: number) => Promise<{ jobs: readonly J[]; found: number }>;
  /** Carries one job over the wire; resolves when its place is free again. Never rejects. */
  readonly perform: (job: J, gate: number) => Promise<void>;
  /** Gives claimed jobs back unperformed. */
  readonly giveBack: (jobs: readonly J[]) => Promise<void>;
  /** The way a lane's jobs go now; null while every way is shut. */
  readonly gateOf: (laneId: number) => number | null;
  /** What the database knows about lanes with ready or coming rows. */
  readonly rescan: () => Promise<readonly { laneId: number; dueAtMs: number }[]>;
  /** False while what waits in memory fills it: lanes are claimed from only where a gate has nothing at all, and hot places have to wait. */
  readonly hasRoom: () => boolean;
  /** Asked before each job goes on the wire and each claim: a process that stood still does so before any timer told it how long it was away. */
  readonly mayWrite: () => boolean;
  /** Reads lanes this memory has not met. */
  readonly traits: (laneIds: readonly number[]) => Promise<ReadonlyMap<number, LaneTraits>>;
}

export interface Dispatcher<J extends Job> {
  /**
   * Asks for a hot place; true obliges the caller to `launch` or `cancelReservation`. When the wire is busy but nothing is queued up yet, it
   * waits a moment for one: slowing the door a little is cheaper for everybody than a detour through the queue.
   */
  reserve(laneId: number): boolean | Promise<boolean>;
  launch(job: J): void;
  cancelReservation(laneId: number): void;
  /** Makes a lane known, so that `reserve` can answer at once. */
  meet(laneId: number, traits: LaneTraits): void;
  /** Rows of the lane are ready now, or will be at `dueAtMs`. */
  poke(laneId: number, dueAtMs?: number): void;
  block(laneId: number, untilMs: number): void;
  /** Sets a gate's places and, where it has one, its rate; 0 places shut it (its waiting jobs are given back). */
  setGate(gate: number, places: number, perMinute?: number | null): void;
  start(): void;
  /** Stops taking work, gives waiting jobs back and waits for the wire, at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
  /** Gives back everything that waits in memory: the node's leases are no longer its own. */
  flush(): void;
  /** False while the node must not write to the wire (its lease ran out). */
  setAllowed(allowed: boolean): void;
  readonly stats: { busy: number; waiting: number; lanes: number; hungry: number };
}
